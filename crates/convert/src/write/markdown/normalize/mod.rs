//! Losses of Markdown, as a list. Reading written Markdown gives the blocks that [`normalize`] makes of those that were
//! written, with these differences:
//!
//! - ids are counted anew; places, languages, directions and confidences go;
//! - titles are headings of level 1, and the number of a heading is part of its text, which is one line and not bold;
//! - line blocks, asides, captions, references and, if they are kept, running headers and footers are paragraphs;
//! - furniture and comments go unless they are kept, a comment that is kept is a quotation;
//! - runs of one look are one; white space at the edge of a style stands outside of it, that of ASCII is one space, and
//!   none stands at the end of a line; line breaks stand between lines;
//! - underline, small capitals and highlighting go, as do language, comments and insertions; subscript goes where
//!   superscript is; text that was deleted goes, or is struck; a reading is text in parentheses;
//! - links lead to addresses and paths only; parentheses and the like in them are percent-encoded;
//! - a reference to a footnote is its label; labels are letters, digits and hyphens, and differ; the
//!   same reference twice is one;
//! - the text inside of figures goes, and their data is a table; a paragraph of a picture alone is a figure;
//! - items are numbered by decimals or have bullets; other markers are text; an item without content goes, and a check
//!   box without text beside it is text;
//! - the items of definition lists are bold paragraphs and the blocks behind them; groups are their title in bold and
//!   their blocks;
//! - tables have all their cells, a header in the first row, and neither values, hidden nor merged cells; blocks in a
//!   cell are lines of text; those that are written as HTML keep merged cells, headers and blocks;
//! - fields, stamps and attachments are paragraphs, tables of contents are lists, formulas are text, TeX between dollar signs;
//! - code ends with its last line that is not blank.

mod leaves;
mod lists;
mod tables;

use self::leaves::{add_paragraph, code, inline, picture, placeholder, quote, trimmed_start};
use super::inlines::unbold;
use super::notes;
use super::pieces::{Content, Context, folded, safe_tex};
use super::texts::{attachment_text, bold, comment_text, field_text, numbered, text_inlines};
use crate::ir::{Block, BlockId, BlockKind, Figure, Footnote, Inline};
use crate::options::{Comments, Furniture, Images, WriteOptions};

/// The blocks that are read from the Markdown of `blocks`, as written with `options`.
#[must_use]
pub fn normalize(blocks: &[Block], options: &WriteOptions) -> Vec<Block> {
    let labels = notes::labels(blocks);
    let normal = Normal {
        context: Context {
            options,
            labels: &labels,
        },
    };
    let mut out = Vec::new();
    normal.blocks(blocks, &mut out);
    out
}

struct Normal<'a> {
    context: Context<'a>,
}

const NO_ID: BlockId = BlockId { page: 0, place: 0 };

fn add(kind: BlockKind, out: &mut Vec<Block>) {
    out.push(Block::new(NO_ID, kind));
}

impl Normal<'_> {
    fn blocks(&self, blocks: &[Block], out: &mut Vec<Block>) {
        for block in blocks {
            self.block(block, out);
        }
    }

    fn inside(&self, blocks: &[Block]) -> Vec<Block> {
        let mut out = Vec::new();
        self.blocks(blocks, &mut out);
        out
    }

    fn block(&self, block: &Block, out: &mut Vec<Block>) {
        let options = self.context.options;
        match &block.kind {
            kind if kind.is_furniture() && options.furniture == Furniture::Drop => {}
            BlockKind::Comment(_) if options.comments == Comments::Drop => {}
            BlockKind::Title(inlines) => self.heading(1, None, inlines, out),
            BlockKind::Heading {
                level,
                number,
                inlines,
            } => self.heading(*level, number.as_deref(), inlines, out),
            BlockKind::List(list) => self.list(list, out),
            BlockKind::DefinitionList(items) => {
                for item in items {
                    self.paragraph(&bold(&item.term), out);
                    self.blocks(&item.blocks, out);
                }
            }
            BlockKind::Table(table) => self.table(table, out),
            BlockKind::Figure(figure) => self.figure(figure, out),
            BlockKind::Code { language, text } => code(language.as_deref(), text, out),
            BlockKind::Quote(blocks) => quote(self.inside(blocks), out),
            BlockKind::Formula(formula) => match &formula.tex {
                Some(tex) => self.text(&format!("$${}$$", safe_tex(tex)), out),
                None => self.text(&formula.text, out),
            },
            BlockKind::Footnote(note) => {
                let label = self.context.labels.get(&block.id).cloned().unwrap_or_default();
                self.footnote(block.id, label, note, out);
            }
            BlockKind::Toc(entries) => self.contents(entries, out),
            BlockKind::Field(field) => self.text(&field_text(field), out),
            BlockKind::Group(group) => {
                let title = group.title.as_deref().unwrap_or_default();
                self.paragraph(&bold(&text_inlines(title)), out);
                self.blocks(&group.blocks, out);
            }
            BlockKind::Comment(note) => {
                let mut blocks = Vec::new();
                self.text(&comment_text(note), &mut blocks);
                quote(blocks, out);
            }
            BlockKind::Attachment {
                name,
                mime_type,
                size,
            } => {
                self.text(&attachment_text(name, mime_type.as_deref(), *size), out);
            }
            BlockKind::Stamp(note) => self.text(&note.text, out),
            BlockKind::Rule => add(BlockKind::Rule, out),
            kind => self.paragraph(kind.inlines().unwrap_or_default(), out),
        }
    }

    fn heading(&self, level: u8, number: Option<&str>, inlines: &[Inline], out: &mut Vec<Block>) {
        let pieces = unbold(self.context.pieces(&numbered(number, inlines)));
        let inlines: Vec<Inline> = pieces.into_iter().map(inline).collect();
        if !inlines.is_empty() {
            let kind = BlockKind::Heading {
                level: level.clamp(1, 6),
                number: None,
                inlines,
            };
            add(kind, out);
        }
    }

    fn text(&self, text: &str, out: &mut Vec<Block>) {
        self.paragraph(&text_inlines(text), out);
    }

    fn paragraph(&self, inlines: &[Inline], out: &mut Vec<Block>) {
        let pieces = self.context.pieces(inlines);
        let mut pieces = pieces.into_iter().peekable();
        // At the start of a line, these are comments of their own.
        while let Some(piece) = pieces.next_if(|piece| matches!(piece.content, Content::Placeholder(_))) {
            if let Content::Placeholder(alt) = piece.content {
                add(BlockKind::Figure(placeholder(&alt)), out);
            }
        }
        let inlines = trimmed_start(pieces.map(inline).collect());
        add_paragraph(inlines, out);
    }

    fn footnote(&self, id: BlockId, label: String, note: &Footnote, out: &mut Vec<Block>) {
        let blocks = self.inside(&note.blocks);
        if !blocks.is_empty() {
            out.push(Block::new(id, BlockKind::Footnote(Footnote { label, blocks })));
        }
    }

    fn figure(&self, figure: &Figure, out: &mut Vec<Block>) {
        let alt = folded(figure.alt.as_deref().unwrap_or_default().trim());
        match (self.context.options.images, &figure.image) {
            (Images::None, _) => {}
            (Images::Extract, Some(name)) => add(BlockKind::Figure(picture(name, &alt)), out),
            _ => add(BlockKind::Figure(placeholder(&alt)), out),
        }
        if let Some(data) = &figure.data {
            self.table(data, out);
        }
    }
}
