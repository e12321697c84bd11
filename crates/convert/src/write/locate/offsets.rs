use std::ops::Range;

use super::letters::push_letters;

/// Letters between two places that are remembered.
const STEP: usize = 256;

/// Places of the letters of a text in its bytes: every so many letters one is remembered, so that it is not read from
/// its beginning for each.
#[derive(Debug)]
pub(super) struct Offsets<'t> {
    text: &'t str,
    /// Letters before a place, and the place.
    known: Vec<(usize, usize)>,
}

impl<'t> Offsets<'t> {
    /// Reads the text once.
    pub(super) fn of(text: &'t str) -> Self {
        let (mut known, mut count, mut piece) = (vec![(0, 0)], 0, String::new());
        for (at, c) in text.char_indices() {
            if known.last().is_none_or(|(before, _)| count >= before + STEP) {
                known.push((count, at));
            }
            piece.clear();
            push_letters(c, &mut piece);
            count += piece.len();
        }
        Self { text, known }
    }

    /// Range in bytes of the letters from `start` to `end`; `None` if there are none.
    pub(super) fn bytes(&self, start: usize, end: usize) -> Option<Range<usize>> {
        let first = self
            .known
            .partition_point(|(before, _)| *before <= start)
            .checked_sub(1)?;
        let (mut count, from) = *self.known.get(first)?;
        let mut piece = String::new();
        let mut range: Option<Range<usize>> = None;
        for (at, c) in self.text.get(from..)?.char_indices() {
            if count >= end {
                break;
            }
            piece.clear();
            push_letters(c, &mut piece);
            count += piece.len();
            if !piece.is_empty() && count > start {
                let at = from + at;
                range.get_or_insert(at..at).end = at + c.len_utf8();
            }
        }
        range
    }
}
