//! Words: the smallest pieces of text that the layout moves.

use std::rc::Rc;

use super::extent::{Extent, LetterHeights};
use super::line::{LEFT_TO_RIGHT, Line, Raise, Run, RunLink};

/// Gap between two words, in multiples of the text size, from which on white space stands between them although none
/// was painted.
pub(crate) const SPACE_EM: f32 = 0.16;

/// Size of raised and lowered text, at most, in multiples of that of its line.
const MAX_RAISED_RATIO: f32 = 0.85;
/// Distance of its baseline from that of the line, at least, in multiples of the size of the line.
const MIN_RAISE_EM: f32 = 0.18;
const MIN_LOWER_EM: f32 = 0.08;

/// Word: text without white space on one baseline in one style, as it stands on the page. Text in a script without
/// spaces is one word as long as nothing is left between its letters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// Edges of its advance in points.
    pub(crate) left: f32,
    pub(crate) right: f32,
    /// Height of the baseline above the bottom of the page in points.
    pub(crate) baseline: f32,
    /// Font size in points.
    pub(crate) size: f32,
    /// Heights of the letters of its font.
    pub(crate) heights: LetterHeights,
    pub(crate) style: WordStyle,
    /// Set where white space was painted before it.
    pub(crate) spaced: bool,
    pub(crate) link: Option<Rc<str>>,
    /// Position in the order of painting.
    pub(crate) order: u32,
    /// Number of the form field on its page whose value it is a part of.
    pub(crate) field: Option<u32>,
}

/// Style of a word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WordStyle {
    pub(crate) font: Rc<str>,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) monospace: bool,
    /// Struck through.
    pub(crate) struck: bool,
}

impl Word {
    /// Box of the word, from the ascent to the descent of its font.
    pub(crate) fn letters(&self) -> Extent {
        Extent {
            left: self.left,
            bottom: self.baseline - self.heights.descent * self.size,
            right: self.right,
            top: self.baseline + self.heights.ascent * self.size,
        }
    }

    /// Box of the word that does not depend on its font, so that words of a line have equal ones.
    pub(crate) fn extent(&self) -> Extent {
        Extent::of_text(self.left, self.right, self.baseline, self.size)
    }

    /// Middle of the word across the page in points.
    pub(crate) fn middle(&self) -> f32 {
        (self.left + self.right) / 2.0
    }

    /// Returns true if white space stands between this word and the next one of its line.
    pub(crate) fn is_apart_from(&self, next: &Self) -> bool {
        next.spaced || next.left - self.right > SPACE_EM * self.size.max(next.size)
    }

    fn run(&self, text: String, raise: Raise) -> Run {
        let links = self.link.iter().map(|uri| RunLink {
            range: 0..text.len(),
            uri: uri.to_string(),
        });
        Run {
            links: links.collect(),
            raise,
            text,
            left: self.left,
            ink_right: self.right,
            size: self.size,
            font_name: self.style.font.to_string(),
            bold: self.style.bold,
            italic: self.style.italic,
            struck: self.style.struck,
            monospace: self.style.monospace,
            rotated: false,
            direction: LEFT_TO_RIGHT,
            field: self.field,
        }
    }

    fn continues(&self, before: &Self) -> bool {
        let gap = self.left - before.right;
        self.style == before.style
            && self.link == before.link
            && self.field == before.field
            && (self.size - before.size).abs() < 0.05
            && gap < 0.8 * self.size
    }
}

impl Line {
    /// Makes a line of words in reading order; `None` when there are none.
    pub(crate) fn of_words(words: &[Word]) -> Option<Self> {
        let mut runs: Vec<Run> = Vec::new();
        let mut text = String::with_capacity(words.iter().map(|word| word.text.len() + 1).sum());
        let mut before: Option<&Word> = None;
        let main = Main::of(words)?;
        for word in words {
            let raise = main.raise(word);
            let apart = before.is_some_and(|before| before.is_apart_from(word));
            text.push_str(if apart { " " } else { "" });
            text.push_str(&word.text);
            match (runs.last_mut(), before) {
                (Some(run), Some(before)) if word.continues(before) && run.raise == raise => {
                    run.text.push_str(if apart { " " } else { "" });
                    run.text.push_str(&word.text);
                    run.ink_right = run.ink_right.max(word.right);
                    let end = run.text.len();
                    run.links.iter_mut().for_each(|link| link.range.end = end);
                }
                _ => runs.push(word.run(word.text.clone(), raise)),
            }
            before = Some(word);
        }
        Self::new(text, runs, main.baseline, 0)
    }
}

/// Baseline and size of most of the letters of a line.
struct Main {
    baseline: f32,
    size: f32,
}

impl Main {
    fn of(words: &[Word]) -> Option<Self> {
        // Most lines have one size and one baseline.
        let first = words.first()?;
        let alike =
            |a: &Word, b: &Word| (a.baseline - b.baseline).abs() < 0.5 && (a.size - b.size).abs() < 0.5;
        let most = if words.iter().all(|word| alike(word, first)) {
            first
        } else {
            words.iter().max_by_key(|word| {
                let same = words.iter().filter(|other| alike(other, word));
                same.map(|word| word.text.len()).sum::<usize>()
            })?
        };
        Some(Self {
            baseline: most.baseline,
            size: most.size,
        })
    }

    fn raise(&self, word: &Word) -> Raise {
        let up = word.baseline - self.baseline;
        if word.size > MAX_RAISED_RATIO * self.size {
            return Raise::None;
        }
        if up > MIN_RAISE_EM * self.size {
            Raise::Superscript
        } else if up < -MIN_LOWER_EM * self.size {
            Raise::Subscript
        } else {
            Raise::None
        }
    }
}
