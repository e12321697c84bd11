//! Statistics of the text of a document: the sizes and fonts that it is set in, which tell its body from what stands out.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::word::Word;

/// Points by which a heading in bold or capitals is larger than the text.
pub(super) const STRONG_STEP_POINTS: f32 = 1.2;
/// Sizes that differ by less, in points, are one level.
pub(super) const SAME_LEVEL_POINTS: f32 = 1.0;
/// Share of the letters in a size, at least, for it to count as one of text.
const MIN_LEVEL_LETTERS: usize = 3;
/// Letters of a text, at least, most of which are in the size of its body.
const SHORT_LETTERS: usize = 600;
/// Part of the letters of the most frequent size, at least, that the body of a shorter text has: one in so many.
const TEXT_SHARE: usize = 2;
/// Fonts that are counted, at most: a document may have one for each of its pages.
const MAX_FONTS: usize = 4_096;
/// Signs of programs in a thousand characters, at most, of a text that is prose.
const MAX_CODE_SIGNS_PER_MILLE: usize = 15;

/// Sizes and fonts that the text of a document is set in, with the letters in each.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextStyles {
    /// By size in tenths of a point.
    sizes: BTreeMap<i32, usize>,
    fonts: HashMap<Rc<str>, usize>,
    all: usize,
    monospaced: usize,
    code_signs: usize,
}

impl TextStyles {
    /// Adds letters of a size in points.
    pub(crate) fn add(&mut self, size: f32, letters: usize) {
        *self.sizes.entry(tenths(size)).or_default() += letters;
    }

    /// Adds a word.
    pub(crate) fn add_word(&mut self, word: &Word) {
        let letters = word.text.chars().count();
        self.add(word.size, letters);
        self.all += letters;
        if word.style.monospace {
            self.monospaced += letters;
            let signs = word.text.chars().filter(|c| "{}=;<>|\\".contains(*c));
            self.code_signs += signs.count();
        }
        let has_room = self.fonts.len() < MAX_FONTS;
        match self.fonts.get_mut(&word.style.font) {
            Some(count) => *count += letters,
            None if has_room => {
                self.fonts.insert(Rc::clone(&word.style.font), letters);
            }
            None => {}
        }
    }

    /// Size of the body text in points.
    pub(crate) fn body(&self) -> f32 {
        // Sizes that differ by rounding alone are one.
        let weight = |size: i32| -> usize {
            self.sizes
                .range(size - 2..=size + 2)
                .map(|(_, count)| count)
                .sum()
        };
        let sizes = || self.sizes.keys().copied();
        let mut body = sizes().max_by_key(|size| (weight(*size), self.sizes.get(size)));
        // A title page has more of its title than of anything else.
        if self.sizes.values().sum::<usize>() < SHORT_LETTERS {
            let most = body.map_or(0, weight);
            body = sizes().find(|size| TEXT_SHARE * weight(*size) >= most);
        }
        #[expect(clippy::cast_precision_loss, reason = "tenths of points")]
        body.map_or(10.0, |size| size as f32 / 10.0)
    }

    /// Font of the body text, if the fonts are known.
    pub(super) fn body_font(&self) -> Option<&str> {
        let most = self
            .fonts
            .iter()
            .max_by_key(|(name, letters)| (**letters, std::cmp::Reverse(*name)));
        most.map(|(name, _)| &**name)
    }

    /// Returns true if the text as a whole is set in a fixed pitch, as with a typewriter, and is no program.
    pub(crate) fn is_typewritten(&self) -> bool {
        5 * self.monospaced > 4 * self.all && 1_000 * self.code_signs <= MAX_CODE_SIGNS_PER_MILLE * self.all
    }

    /// Levels of headings: sizes in points from the largest down.
    pub(super) fn levels(&self, body: f32) -> Vec<f32> {
        let mut levels: Vec<f32> = Vec::new();
        for (size, letters) in self.sizes.iter().rev() {
            #[expect(clippy::cast_precision_loss, reason = "tenths of points")]
            let size = *size as f32 / 10.0;
            let new = levels.last().is_none_or(|last| last - size >= SAME_LEVEL_POINTS);
            if size >= body + STRONG_STEP_POINTS && *letters >= MIN_LEVEL_LETTERS && new {
                levels.push(size);
            }
        }
        levels
    }
}

#[expect(clippy::cast_possible_truncation, reason = "sizes are small")]
fn tenths(size: f32) -> i32 {
    (size.clamp(0.0, 10_000.0) * 10.0).round() as i32
}
