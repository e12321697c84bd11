//! Blocks that are larger than a chunk, in parts.

mod cut;
mod pack;
mod pieces;
mod sentences;
mod table;

pub(super) use cut::last_words;
pub(super) use table::pairs;

use self::pack::pack;
use self::pieces::pieces;
use super::Chunker;
use super::unit::Unit;
use crate::ir::BlockKind;
use crate::options::{ChunkContext, TableChunks, WriteOptions};

/// Text of a table as pairs, if that is how tables are written.
pub(super) fn table_text(kind: &BlockKind, options: &WriteOptions) -> Option<String> {
    match kind {
        BlockKind::Table(table) if options.chunks.tables == TableChunks::Pairs => Some(pairs(table, options)),
        _ => None,
    }
}

impl Chunker<'_> {
    /// Adds a unit that is larger than a chunk in parts, each a chunk of its own. The headings right before it stay with
    /// the first part, and what follows it may stand behind the last one.
    pub(super) fn split(&mut self, unit: &Unit, out: &mut String) {
        let headings = self.open.take_headings();
        if !headings.is_empty() {
            self.close(out);
            for (heading, tokens) in headings {
                self.append(heading, tokens);
            }
        } else if self.open.units.iter().any(|(unit, _)| unit.heading.is_none()) {
            self.close(out);
        }
        let whole = self.limit - self.reserved(unit);
        let mut first = whole.saturating_sub(self.open.tokens() + 2);
        if self.open.is_empty() || first < self.limit / 2 {
            self.close(out);
            first = whole;
        }
        let pieces = pieces(unit, self.options);
        let in_head = pieces.in_head;
        for part in pack(pieces, &self.counter, first, whole) {
            let pieces = part.pieces.start + in_head..part.pieces.end + in_head;
            self.add(unit.part(part.text, pieces), part.tokens, out);
        }
    }

    /// Tokens that parts leave to the headings in front of them and to the end of the part before.
    fn reserved(&self, unit: &Unit) -> u32 {
        let mut reserved = match self.overlap() {
            0 => 0,
            overlap => overlap + 2,
        };
        if self.options.chunks.context == ChunkContext::Prepend {
            for markdown in self.sections.markdown(self.sections.above(unit)) {
                let Some(tokens) = self.counter.within(markdown, self.limit) else {
                    break;
                };
                if reserved + tokens + 2 > self.limit / 2 {
                    break;
                }
                reserved += tokens + 2;
            }
        }
        reserved.min(self.limit / 2)
    }
}
