use super::rows::OnBaseline;
use super::word::Word;

/// Piece of a row between two gaps.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) words: Vec<Word>,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) baseline: f32,
    pub(super) size: f32,
    /// Characters that are no white space.
    pub(super) characters: usize,
}

impl OnBaseline for Segment {
    fn baseline(&self) -> f32 {
        self.baseline
    }

    fn size(&self) -> f32 {
        self.size
    }

    fn left(&self) -> f32 {
        self.left
    }
}

impl Segment {
    pub(super) fn of(words: Vec<Word>) -> Option<Self> {
        let first = words.first()?;
        let largest = words.iter().max_by(|a, b| {
            let weight = |word: &Word| {
                word.size * f32::from(u8::try_from(word.text.len().min(200)).unwrap_or(u8::MAX))
            };
            weight(a).total_cmp(&weight(b))
        })?;
        Some(Self {
            left: first.left,
            right: words.iter().map(|word| word.right).fold(first.right, f32::max),
            baseline: largest.baseline,
            size: largest.size,
            characters: words.iter().map(|word| word.text.chars().count()).sum(),
            words,
        })
    }
}
