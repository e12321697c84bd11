use super::passage::Passage;
use super::span::Match;
use super::{MAX_PLACES, exact, fuzzy};

/// Sign between passages that no quotation goes over.
pub(super) const BARRIER: char = '\0';

/// Texts of a document: those that follow each other, and those beside them.
#[derive(Debug, Default)]
pub(super) struct Text {
    flow: Stream,
    beside: Stream,
}

/// Passages, with the letters of all of them.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) passages: Vec<Passage>,
    pub(super) letters: String,
    /// Offset in `letters` at which each passage begins.
    pub(super) starts: Vec<usize>,
}

impl Text {
    pub(super) fn push(&mut self, passage: Passage, aside: bool) {
        let (stream, barrier) = match aside {
            true => (&mut self.beside, Some(BARRIER)),
            false => (&mut self.flow, None),
        };
        stream.letters.extend(barrier);
        stream.starts.push(stream.letters.len());
        for c in passage.text.chars() {
            super::letters::push_letters(c, &mut stream.letters);
        }
        stream.passages.push(passage);
    }

    /// Stream of the text of the pages, or of what stands beside it.
    pub(super) fn stream(&self, aside: bool) -> &Stream {
        match aside {
            true => &self.beside,
            false => &self.flow,
        }
    }

    /// Finds a quotation: the places that have its letters; where there is none, those that are like it, the best one
    /// first. One more than can be answered, at most.
    pub(super) fn find(&self, quote: &str) -> Vec<Match> {
        let ways: [fn(&Stream, &str, usize) -> Vec<Match>; 2] = [exact::find, fuzzy::find];
        for way in ways {
            let mut matches = way(&self.flow, quote, MAX_PLACES + 1);
            let beside = way(&self.beside, quote, MAX_PLACES + 1);
            matches.extend(beside.into_iter().map(|found| Match { aside: true, ..found }));
            // The sort is stable: equal ones stay in the order of the document.
            matches.sort_by(|a, b| b.score.total_cmp(&a.score));
            if !matches.is_empty() {
                return matches;
            }
        }
        Vec::new()
    }
}
