//! Plain text writer: blocks with a blank line between, items on lines of their own, rows of tables as lines whose cells
//! are separated by tabs.

mod block;
#[cfg(test)]
mod tests;

use crate::WriteOptions;
use crate::ir::{Block, Inline, Run};
use crate::options::{Images, Revisions};

/// Writes blocks as plain text, with one newline at the end.
#[must_use]
pub fn text_blocks(blocks: &[Block], options: &WriteOptions) -> String {
    let mut writer = TextWriter::new(options);
    writer.blocks(blocks);
    writer.finish()
}

/// Writer of plain text, block after block.
pub(crate) struct TextWriter<'o> {
    out: String,
    options: &'o WriteOptions,
    /// Lists around what is written.
    depth: usize,
    /// A mark was written: the next block stands behind it.
    after_mark: bool,
}

impl<'o> TextWriter<'o> {
    pub(crate) fn new(options: &'o WriteOptions) -> Self {
        Self {
            out: String::new(),
            options,
            depth: 0,
            after_mark: false,
        }
    }

    /// The text; nothing if there is none.
    pub(crate) fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }

    fn push(&mut self, text: &str) {
        self.after_mark = false;
        self.out.push_str(text);
    }

    /// Ends the line, if something is on it.
    fn line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Begins a block: behind a mark, or with a blank line before it.
    fn paragraph(&mut self) {
        if std::mem::take(&mut self.after_mark) {
            return;
        }
        self.line();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Break => self.push("\n"),
                Inline::Run(run) if self.is_shown(run) => {
                    let note = run.marks.as_ref().is_some_and(|marks| marks.note.is_some());
                    if note {
                        self.push("[");
                        self.push(&run.text);
                        self.push("]");
                    } else {
                        self.push(&run.text);
                    }
                }
                Inline::Run(_) => {}
            }
        }
    }

    fn is_shown(&self, run: &Run) -> bool {
        let deleted = run.marks.as_ref().is_some_and(|marks| marks.deleted.is_some());
        !(deleted && self.options.revisions == Revisions::Final
            || run.image().is_some() && self.options.images == Images::None)
    }
}
