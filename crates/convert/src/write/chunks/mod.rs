//! Chunks: a document in pieces of Markdown for a search index, one JSON object a line.
//!
//! ```text
//!   Page ──> unit ──> join ──────> Chunker ──┬─> open ──> chunk   whole blocks below one heading, while they fit
//!            │        │                      └─> split            what does not fit: sentences, items, rows, lines
//!            │        blocks that go on over a page end
//!            blocks with their Markdown
//! ```
//!
//! Pages are let go of when the next one is known, so that memory does not grow with the document.

mod chunk;
mod count;
mod join;
mod open;
mod pairs;
mod section;
mod split;
#[cfg(test)]
mod tests;
mod tokenizer_file;
mod unit;

use std::collections::HashMap;

use self::count::Counter;
use self::open::Open;
use self::section::Sections;
pub use self::tokenizer_file::TokenizerFile;
use self::unit::Unit;
use super::writer::{DocumentHead, DocumentTail, DocumentWriter};
use crate::ConvertError;
use crate::ir::{BlockId, Page};
use crate::options::{ChunkContext, WriteOptions};

/// Blocks of a page that are the rest of one of the page before, at most.
const MOST_JOINED: u32 = 8;

/// Writer of chunks, which takes a document page by page.
pub struct Chunker<'o> {
    options: &'o WriteOptions,
    counter: Counter,
    /// Tokens of a chunk, at most.
    limit: u32,
    /// Blocks that may go on on the next page, and those behind them.
    held: Vec<Unit>,
    sections: Sections,
    open: Open,
    /// End of the chunk before, for the next one to repeat.
    repeated: String,
    /// Number of chunks that are written.
    written: u64,
}

impl<'o> Chunker<'o> {
    /// Creates a writer of the chunks that `options` ask for, measured by `installed` where they name a tokenizer of the
    /// installation.
    #[must_use]
    pub fn new(options: &'o WriteOptions, installed: Option<TokenizerFile>) -> Self {
        Self {
            options,
            counter: Counter::new(&options.chunks.tokenizer, installed),
            limit: options.chunks.limit(),
            held: Vec::new(),
            sections: Sections::default(),
            open: Open::default(),
            repeated: String::new(),
            written: 0,
        }
    }

    fn take_page(&mut self, page: Page, out: &mut String) {
        let mut units = unit::units_of(page, self.options);
        let first_kept = self.join(&mut units);
        let kept = self.held.split_off(first_kept);
        for unit in std::mem::replace(&mut self.held, kept) {
            self.take(unit, out);
        }
        self.held.append(&mut units);
    }

    /// Gives units that are the rest of one before to that, and returns the place of the first of those before that may
    /// still go on.
    fn join(&mut self, units: &mut Vec<Unit>) -> usize {
        let places: HashMap<BlockId, usize> = self
            .held
            .iter()
            .enumerate()
            .filter_map(|(place, unit)| Some((unit.last_id()?, place)))
            .collect();
        let (mut joined, mut first_joined) = (0, self.held.len());
        let mut rest = Vec::with_capacity(units.len());
        for unit in std::mem::take(units) {
            let place = unit.continues().and_then(|id| places.get(&id).copied());
            let target = place.and_then(|place| Some((place, self.held.get_mut(place)?)));
            match target {
                Some((place, target)) if joined < MOST_JOINED && join::fits(target, &unit) => {
                    join::join(target, unit, self.options);
                    joined += 1;
                    first_joined = first_joined.min(place);
                }
                _ => rest.push(unit),
            }
        }
        let goes_on = rest.iter().all(Unit::is_footnote);
        *units = rest;
        if goes_on { first_joined } else { self.held.len() }
    }

    /// Takes the next unit.
    fn take(&mut self, unit: Unit, out: &mut String) {
        if let Some(level) = unit.heading {
            if self.sections.end_at(level) {
                self.close(out);
                self.repeated.clear();
            }
            self.sections.enter(level, &unit);
        }
        match self.counter.within(&unit.text, self.limit) {
            Some(tokens) => self.add(unit, tokens, out),
            None => self.split(&unit, out),
        }
    }

    /// Adds a unit that fits to the open chunk, or to a new one.
    fn add(&mut self, unit: Unit, tokens: u32, out: &mut String) {
        if self.open.is_empty() {
            return self.begin(unit, tokens);
        }
        if self.has_room(&unit, tokens) {
            return self.open.push(unit, tokens);
        }
        let headings = self.open.take_headings();
        self.close(out);
        for (heading, tokens) in headings {
            self.append(heading, tokens);
        }
        if self.open.is_empty() {
            self.begin(unit, tokens);
        } else if self.has_room(&unit, tokens) {
            self.open.push(unit, tokens);
        } else {
            self.close(out);
            self.begin(unit, tokens);
        }
    }

    fn append(&mut self, unit: Unit, tokens: u32) {
        if self.open.is_empty() {
            self.begin(unit, tokens);
        } else {
            self.open.push(unit, tokens);
        }
    }

    /// Begins a chunk: behind the end of the one before and, if they are to be in front, the headings above.
    fn begin(&mut self, unit: Unit, tokens: u32) {
        let above = self.sections.above(&unit);
        let context = self.sections.titles(above).map(str::to_owned).collect();
        self.open.begin(context);
        let repeated = std::mem::take(&mut self.repeated);
        let room = self.limit.saturating_sub(tokens);
        if !repeated.is_empty()
            && unit.heading.is_none()
            && let Some(cost) = self.counter.within(&repeated, room.saturating_sub(2))
        {
            self.open.repeat(repeated, cost + 2);
        }
        if self.options.chunks.context == ChunkContext::Prepend {
            let room = self.limit.saturating_sub(self.open.tokens() + tokens);
            self.open.prepend(&self.sections, room, &self.counter);
        }
        self.open.push(unit, tokens);
    }

    /// Returns true if the open chunk has room for a unit.
    fn has_room(&mut self, unit: &Unit, tokens: u32) -> bool {
        if self.open.holds_part_of(unit) {
            return false;
        }
        let more = tokens + self.counter.count(unit.lead());
        if self.open.tokens() + more <= self.limit {
            return true;
        }
        // The sum is an upper bound: tokens may reach over the end of a block.
        if self.open.tokens() + more <= self.limit + self.open.slack() {
            self.open.recount(&self.counter);
        }
        self.open.tokens() + more <= self.limit
    }

    /// Writes the open chunk, if there is one.
    fn close(&mut self, out: &mut String) {
        while !self.open.is_empty() {
            let rest = self.open.cut_to(self.limit, &self.counter);
            self.repeated = self.open.end(self.overlap(), &self.counter);
            chunk::write(&self.open, self.written, &self.counter, out);
            self.written += 1;
            self.open = Open::default();
            for (unit, tokens) in rest {
                self.append(unit, tokens);
            }
        }
    }

    fn overlap(&self) -> u32 {
        self.options.chunks.overlap.min(self.limit / 2)
    }
}

impl DocumentWriter for Chunker<'_> {
    fn start(&mut self, _head: &DocumentHead, _out: &mut String) {}

    fn page(&mut self, page: Page, out: &mut String) -> Result<(), ConvertError> {
        self.take_page(page, out);
        Ok(())
    }

    fn finish(&mut self, _tail: &DocumentTail, out: &mut String) -> Result<(), ConvertError> {
        for unit in std::mem::take(&mut self.held) {
            self.take(unit, out);
        }
        self.close(out);
        Ok(())
    }
}
