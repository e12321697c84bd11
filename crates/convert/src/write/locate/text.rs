use super::passage::Passage;
use super::span::Match;
use super::stream::Stream;
use super::{MAX_PLACES, exact, fuzzy};

/// Search of a stream for a quotation, for so many places at most.
type Search = fn(&Stream, &str, usize) -> Vec<Match>;

/// Texts of a document: those that follow each other, and those beside them.
#[derive(Debug, Default)]
pub(super) struct Text {
    flow: Stream,
    beside: Stream,
}

impl Text {
    pub(super) fn push(&mut self, passage: Passage, aside: bool) {
        match aside {
            true => self.beside.push(passage, true),
            false => self.flow.push(passage, false),
        }
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
        for way in [exact::find as Search, fuzzy::find] {
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
