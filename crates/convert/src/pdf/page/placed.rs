//! Text that a page shows without content for it: values of fields and texts of annotations without an appearance, and the
//! states of check boxes, whose appearances are drawings.

use super::content::{Flags, Glyph};
use super::walker::{MAX_GLYPHS, Walker};
use crate::layout::Extent;
use crate::pdf::fields::{Widget, WidgetKind};

/// Size of text where none is said, at most, in points.
const USUAL_SIZE_POINTS: f32 = 12.0;
/// Share of the height of a field that its text takes.
const TEXT_SHARE: f32 = 0.7;
/// Advance of a letter, in multiples of the text size.
const LETTER_EM: f32 = 0.5;
/// Distance of two baselines, in multiples of the text size.
const LINE_EM: f32 = 1.2;
/// Depth of letters below the baseline, in multiples of the text size.
const DESCENT_EM: f32 = 0.25;
/// Number of the font of such text, which none has.
const NO_FONT: u32 = u32::MAX;

impl Walker<'_, '_> {
    /// Puts what a widget shows at its place. Returns false if its appearance shows it, if it has one.
    pub(super) fn put_widget(&mut self, widget: &Widget) -> bool {
        if let Some(mark) = widget.mark() {
            self.put_mark(mark, widget.extent);
            return true;
        }
        let is_shown = widget.has_appearance && !self.form.needs_appearances;
        match (&widget.value, widget.kind) {
            (Some(value), WidgetKind::Text | WidgetKind::Choice) if !is_shown => {
                self.put_text(value, widget.extent, widget.text_size);
                true
            }
            _ => false,
        }
    }

    /// Puts the sign of a state into its box.
    fn put_mark(&mut self, mark: char, place: Extent) {
        let size = (place.top - place.bottom).clamp(1.0, USUAL_SIZE_POINTS);
        let middle = (place.top + place.bottom) / 2.0;
        let order = self.next_order();
        self.put_piece(
            &mark.to_string(),
            [place.left, middle - 0.3 * size],
            (place.right - place.left).clamp(1.0, size),
            size,
            order,
        );
    }

    /// Puts text into a box: its lines from the top, a single one in the middle. Words that do not fit into the width of
    /// a high box begin a new line.
    pub(super) fn put_text(&mut self, text: &str, place: Extent, size: Option<f32>) {
        let (width, height) = (place.right - place.left, place.top - place.bottom);
        let size = size.unwrap_or_else(|| (TEXT_SHARE * height).clamp(1.0, USUAL_SIZE_POINTS));
        let wraps = height > 2.0 * LINE_EM * size;
        let order = self.next_order();
        let is_single = !wraps && !text.contains('\n');
        #[expect(clippy::cast_precision_loss, reason = "longer text has no place anyway")]
        let longest = text
            .lines()
            .map(|line| line.chars().count())
            .max()
            .unwrap_or(1)
            .max(1) as f32;
        let letter = match wraps {
            true => LETTER_EM * size,
            false => (LETTER_EM * size).min(width / longest).max(0.05),
        };
        let mut baseline = match is_single {
            true => (place.top + place.bottom) / 2.0 - 0.5 * size + DESCENT_EM * size,
            false => place.top - size,
        };
        for line in text.lines() {
            let mut left = place.left;
            for word in line.split_whitespace() {
                #[expect(clippy::cast_precision_loss, reason = "words are short")]
                let advance = word.chars().count() as f32 * letter;
                if wraps && left > place.left && left + advance > place.right {
                    left = place.left;
                    baseline -= LINE_EM * size;
                }
                self.put_piece(word, [left, baseline], advance, size, order);
                self.put_piece(" ", [left + advance, baseline], letter, size, order);
                left += advance + letter;
            }
            baseline -= LINE_EM * size;
        }
    }

    fn put_piece(&mut self, text: &str, origin: [f32; 2], advance: f32, size: f32, order: u32) {
        if self.page.glyphs.len() >= MAX_GLYPHS {
            self.page.facts.cut_off = true;
            return;
        }
        self.page.facts.glyphs += u32::from(text != " ");
        let text = self.fonts.number_of(text);
        self.page.glyphs.push(Glyph {
            origin,
            direction: [1.0, 0.0],
            advance,
            spacing: 0.0,
            size,
            ink: None,
            text,
            font: NO_FONT,
            order,
            flags: Flags::default().with(Flags::ANNOTATION, true),
        });
    }
}
