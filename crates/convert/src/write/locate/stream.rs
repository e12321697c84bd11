use super::letters::push_letters;
use super::passage::Passage;

/// Sign between passages that no quotation goes over.
const BARRIER: char = '\0';

/// Passages, with the letters of all of them.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) passages: Vec<Passage>,
    pub(super) letters: String,
    /// Offset in `letters` at which each passage begins.
    pub(super) starts: Vec<usize>,
}

impl Stream {
    /// Appends a passage, behind a sign that no quotation goes over if it stands apart.
    pub(super) fn push(&mut self, passage: Passage, is_apart: bool) {
        self.letters.extend(is_apart.then_some(BARRIER));
        self.starts.push(self.letters.len());
        passage
            .text
            .chars()
            .for_each(|c| push_letters(c, &mut self.letters));
        self.passages.push(passage);
    }
}
