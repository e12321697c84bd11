//! Mapping of the library's model into ours: each of its blocks once, whatever the format that it comes from.

mod blocks;
mod formula;
mod list;
mod runs;
mod table;
mod units;

use std::collections::HashMap;

use anydoc::model::{Asset, Note};

use crate::ConvertError;
use crate::ir::{BlockKind, Builder, Footnote, Inline};
use crate::options::Hidden;
use crate::readers::ledger::Ledger;
use crate::readers::office::signs::Signed;

pub(super) use units::units;

/// Mapper of a document's blocks into those of a builder.
pub(super) struct Mapper<'m, 'b> {
    pub(super) builder: &'m mut Builder<'b>,
    pub(super) ledger: &'m mut Ledger,
    /// Numbers of the notes by their ids in the document.
    notes: HashMap<&'m str, usize>,
    /// Names of places before the next block.
    pending: Vec<String>,
    keys: u64,
    /// Comments that were added.
    pub(super) comments: u64,
    /// Pieces of text that are there as deleted.
    pub(super) deletions: u64,
    /// Pieces of text that the document hides, on the page that is made.
    pub(super) hidden: u64,
    /// Hidden text stands in the text.
    shows_hidden: bool,
    /// Files that the document holds.
    assets: &'m [Asset],
}

/// Line of text: its runs, and what stands in it without being text.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) inlines: Vec<Inline>,
    /// Pictures in it.
    pictures: Vec<Picture>,
    /// Names by which links lead to it.
    anchors: Vec<String>,
    /// Properties that the signs before have said of what follows.
    signed: Signed,
}

/// Picture in a line.
#[derive(Debug)]
struct Picture {
    /// Name among the pictures of the document, if it was taken out.
    name: Option<String>,
    alt: Option<String>,
}

impl<'m, 'b> Mapper<'m, 'b> {
    pub(super) fn new(builder: &'m mut Builder<'b>, ledger: &'m mut Ledger, notes: &'m [Note]) -> Self {
        let mut numbers = HashMap::new();
        for (index, note) in notes.iter().enumerate() {
            numbers.entry(note.id.as_str()).or_insert(index + 1);
        }
        Self {
            builder,
            ledger,
            notes: numbers,
            pending: Vec::new(),
            keys: 0,
            comments: 0,
            deletions: 0,
            hidden: 0,
            shows_hidden: false,
            assets: &[],
        }
    }

    /// Sets the files that the document holds.
    pub(super) fn with_assets(self, assets: &'m [Asset]) -> Self {
        Self { assets, ..self }
    }

    /// Says what becomes of hidden text: a run of the model cannot say that it is hidden, so it is in the text only if it
    /// is to be kept.
    pub(super) fn with_hidden(self, hidden: Hidden) -> Self {
        Self {
            shows_hidden: hidden == Hidden::Keep,
            ..self
        }
    }

    /// Accounts for pieces of hidden text that are no units of what the library returns.
    pub(super) fn hide(&mut self, pieces: u64) {
        self.hidden += pieces;
        if self.shows_hidden {
            self.ledger.note("hidden text", pieces);
        } else {
            self.ledger.found(pieces);
            self.ledger.left_out("hidden text left out", pieces);
        }
    }

    /// A key for references to a block, which no other block has.
    pub(super) fn key(&mut self) -> String {
        self.keys += 1;
        format!("block {}", self.keys)
    }

    /// Adds the footnotes and endnotes that stand here. Of several with one id, references lead to the first.
    pub(super) fn notes(
        &mut self,
        notes: &[Note],
        stands_here: impl Fn(&Note) -> bool,
    ) -> Result<(), ConvertError> {
        let here = notes.iter().enumerate().filter(|(_, note)| stands_here(note));
        for (index, note) in here {
            self.ledger.found(units(&note.blocks));
            let label = (index + 1).to_string();
            let depth = self.builder.depth();
            let id = self.builder.open(BlockKind::Footnote(Footnote {
                label,
                blocks: Vec::new(),
            }))?;
            if self.notes.get(note.id.as_str()) == Some(&(index + 1)) {
                self.builder.define(&note_key(&note.id), id);
            }
            self.blocks(&note.blocks)?;
            self.builder.close_to(depth)?;
        }
        Ok(())
    }
}

fn note_key(id: &str) -> String {
    format!("note {id}")
}

fn anchor_key(id: &str) -> String {
    format!("anchor {id}")
}
