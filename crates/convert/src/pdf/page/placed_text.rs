//! Text that a page shows by other means than its content: values of form fields, and annotations without an appearance.

use super::frame::Direction;
use super::words::{PageWords, WordGroup};
use crate::layout::Extent;
use crate::layout::word::{Word, WordStyle};

/// Size of text in points where nothing says it.
const USUAL_SIZE: f32 = 10.0;
/// Room around the text of a field in points.
const PADDING: f32 = 2.0;
/// Width of a letter in multiples of the text size.
const LETTER_EM: f32 = 0.5;
/// Distance of two lines in multiples of the text size.
const PITCH_EM: f32 = 1.2;
/// Height of letters above the baseline in multiples of the text size.
const ASCENT_EM: f32 = 0.75;

/// Text at a place of the page.
pub(super) struct PlacedText<'t> {
    pub(super) text: &'t str,
    pub(super) extent: Extent,
    /// Size in points, where it is known.
    pub(super) size: Option<f32>,
}

/// Adds text to the words of a page of this size.
pub(super) fn add(words: &mut PageWords, page: (f32, f32), text: &PlacedText<'_>) {
    let own = words_of(text);
    let upright = words
        .groups
        .iter_mut()
        .find(|group| group.frame.direction == Direction::Right);
    match upright {
        Some(group) => group.words.extend(own),
        None => words.groups.push(WordGroup {
            frame: Direction::Right.frame(page.0, page.1),
            words: own,
        }),
    }
}

fn words_of(placed: &PlacedText<'_>) -> Vec<Word> {
    let Extent {
        left,
        bottom,
        right,
        top,
    } = placed.extent;
    let lines = placed.text.lines().count().max(1);
    let (width, height) = ((right - left).max(1.0), (top - bottom).max(1.0));
    let one_line = lines == 1 && height < 2.5 * USUAL_SIZE;
    let size = placed.size.unwrap_or(USUAL_SIZE).clamp(1.0, height.max(4.0));
    // Text in one line is set in the middle of its field, longer text from the top.
    let mut baseline = match one_line {
        true => bottom + (height - ASCENT_EM * size) / 2.0,
        false => top - PADDING - ASCENT_EM * size,
    };
    let style = WordStyle {
        font: "".into(),
        bold: false,
        italic: false,
        monospace: false,
        struck: false,
    };
    let mut words = Vec::new();
    for line in placed.text.lines() {
        let mut at = left + PADDING;
        for text in line.split_whitespace() {
            #[expect(clippy::cast_precision_loss, reason = "words are short")]
            let length = text.chars().count() as f32 * LETTER_EM * size;
            if at + length > left + width && at > left + PADDING && !one_line {
                at = left + PADDING;
                baseline -= PITCH_EM * size;
            }
            words.push(Word {
                text: text.to_owned(),
                left: at,
                right: at + length,
                baseline,
                size,
                style: style.clone(),
                spaced: true,
                link: None,
                order: u32::MAX,
            });
            at += length + LETTER_EM * size;
        }
        baseline -= PITCH_EM * size;
    }
    words
}
