//! Footnotes of a page, and the references to them.

use std::collections::HashMap;

use super::block::{Block, BlockKind};
use super::line::{Line, Raise, Run};
use crate::ConvertError;
use crate::ir::{self, Builder, Footnote, Inline, Origin};

/// Digits of the number of a note, at most.
const MAX_DIGITS: usize = 3;

/// Notes among the blocks of a page: paragraphs that begin with a raised number which stands in the text before.
pub(super) struct Notes {
    /// Labels of the notes in the document, by their numbers on the page.
    labels: HashMap<String, String>,
    /// Numbers of the notes, by the places of their blocks.
    blocks: HashMap<usize, String>,
}

impl Notes {
    pub(super) fn find(blocks: &[Block], builder: &mut Builder<'_>) -> Self {
        let mut notes = Self {
            labels: HashMap::new(),
            blocks: HashMap::new(),
        };
        let mut referred: HashMap<&str, f32> = HashMap::new();
        for (index, block) in blocks.iter().enumerate() {
            let number = leading_number(block);
            if let Some((number, size)) = number
                && referred.get(number).is_some_and(|text| size <= *text)
                && !notes.labels.contains_key(number)
            {
                notes.blocks.insert(index, number.to_owned());
                notes
                    .labels
                    .insert(number.to_owned(), builder.label_of_note(number));
            }
            for line in &block.lines {
                for number in references(line) {
                    referred.entry(number).or_insert(line.size);
                }
            }
        }
        notes
    }

    /// Number of the note that the block at `index` is.
    pub(super) fn number(&self, index: usize) -> Option<&str> {
        self.blocks.get(&index).map(String::as_str)
    }

    /// Adds a note, given its text without its number.
    ///
    /// # Errors
    /// `LimitExceeded`.
    pub(super) fn add(
        &self,
        number: &str,
        inlines: Vec<Inline>,
        origin: Origin,
        builder: &mut Builder<'_>,
    ) -> Result<(), ConvertError> {
        let label = self.labels.get(number).cloned().unwrap_or_default();
        let key = key(&label);
        let note = ir::BlockKind::Footnote(Footnote {
            label,
            blocks: Vec::new(),
        });
        let id = builder.open_from(note, origin.clone())?;
        builder.define(&key, id);
        builder.add_from(ir::BlockKind::Paragraph(inlines), origin)?;
        builder.close()
    }

    /// Makes references of the raised numbers of notes.
    pub(super) fn link(&self, inlines: &mut [Inline], builder: &mut Builder<'_>) {
        if self.labels.is_empty() {
            return;
        }
        let mut before = String::new();
        for inline in inlines {
            let Inline::Run(run) = inline else { continue };
            let behind = std::mem::replace(&mut before, run.text.clone());
            let label = self
                .labels
                .get(run.text.trim())
                .filter(|_| run.style.superscript && run.link.is_none() && may_refer(&behind));
            if let Some(label) = label {
                run.style.superscript = false;
                run.marks.get_or_insert_default().note = Some(builder.forward(&key(label)));
            }
        }
    }
}

fn key(label: &str) -> String {
    format!("note {label}")
}

/// Raised number that a paragraph begins with, and the size of its text.
fn leading_number(block: &Block) -> Option<(&str, f32)> {
    let line = block
        .lines
        .first()
        .filter(|_| matches!(block.kind, BlockKind::Paragraph))?;
    let first = line.runs.iter().find(|run| !run.text.trim().is_empty())?;
    let is_alone = line.runs.iter().filter(|run| !run.text.trim().is_empty()).count() == 1;
    number(first)
        .filter(|_| !is_alone)
        .map(|number| (number, line.size))
}

/// Raised numbers behind text.
fn references(line: &Line) -> impl Iterator<Item = &str> {
    line.runs.windows(2).filter_map(|pair| match pair {
        [before, run] if may_refer(&before.text) => number(run),
        _ => None,
    })
}

/// Returns true if a raised number behind this text may be a reference: behind one or two letters it is an exponent.
fn may_refer(before: &str) -> bool {
    let letters = before.chars().rev().take_while(|c| c.is_alphabetic()).count();
    !before.trim().is_empty() && !(1..=2).contains(&letters)
}

fn number(run: &Run) -> Option<&str> {
    let text = run.text.trim();
    let is_number =
        !text.is_empty() && text.len() <= MAX_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    (run.raise == Raise::Superscript && is_number).then_some(text)
}
