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

use super::escape::comment_text as safe_comment;
use super::inlines::unbold;
use super::list::{ListKind, begins_with_text, entry_inlines, kind_of, next_entry, opening};
use super::notes;
use super::pieces::{Content, Context, Look, Piece, folded, safe_tex};
use super::table::{cell_inlines, fits};
use super::texts::{attachment_text, bold, comment_text, field_text, numbered, text_inlines};
use crate::ir::{
    Block, BlockId, BlockKind, Cell, ContentsEntry, Figure, Footnote, HeaderKind, Inline, Item, Link, List,
    ListStyle, Marks, Run, Style, Table, inlines_text,
};
use crate::options::{Comments, Furniture, Images, Tables, WriteOptions};

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

    fn list(&self, list: &List, out: &mut Vec<Block>) {
        let numbers = kind_of(list) == ListKind::Numbers;
        let items = list.items.iter().map(|item| self.item(item));
        let items: Vec<Item> = items
            .filter(|item| !item.blocks.is_empty() || item.checked.is_some())
            .collect();
        if !items.is_empty() {
            let list = List {
                ordered: numbers,
                style: ListStyle::Decimal,
                start: if numbers { list.start.min(999_999_999) } else { 1 },
                items,
            };
            add(BlockKind::List(list), out);
        }
    }

    fn item(&self, item: &Item) -> Item {
        let shown = Item {
            blocks: item.shown_blocks().into_owned(),
            ..item.clone()
        };
        let item = &shown;
        let (first, lead) = opening(item, "");
        let mut blocks = Vec::new();
        let mut rest = item.blocks.as_slice();
        if let Some(lead) = lead {
            let mut inlines = vec![Inline::plain(format!("{lead} "))];
            if begins_with_text(item)
                && let [text, others @ ..] = rest
            {
                inlines.extend_from_slice(text.kind.inlines().unwrap_or_default());
                rest = others;
            }
            self.paragraph(&inlines, &mut blocks);
        }
        self.blocks(rest, &mut blocks);
        Item {
            id: NO_ID,
            marker: None,
            checked: item.checked.filter(|_| !first.is_empty()),
            blocks,
        }
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

    fn table(&self, table: &Table, out: &mut Vec<Block>) {
        match self.context.options.tables {
            Tables::Auto if !fits(table) => self.html_table(table, out),
            Tables::Html => self.html_table(table, out),
            Tables::Auto | Tables::Markdown | Tables::Csv => self.grid(table, out),
        }
    }

    fn html_table(&self, table: &Table, out: &mut Vec<Block>) {
        // Tables in a cell are HTML as well.
        let options = WriteOptions {
            tables: Tables::Html,
            ..self.context.options.clone()
        };
        let inner = Normal {
            context: Context {
                options: &options,
                labels: self.context.labels,
            },
        };
        let cells = table.cells.iter().map(|cell| {
            let content = match cell.blocks.as_slice() {
                []
                | [
                    Block {
                        kind: BlockKind::Paragraph(_),
                        ..
                    },
                ] => self.cell(cell.row, cell.column, Some(cell)),
                blocks => Cell {
                    blocks: inner.inside(blocks),
                    ..Cell::plain(cell.row, cell.column, cell.text.clone())
                },
            };
            Cell {
                row_span: cell.row_span,
                column_span: cell.column_span,
                header: cell.header,
                ..content
            }
        });
        let table = Table {
            cells: cells.collect(),
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
            ..table.clone()
        };
        add(BlockKind::Table(table), out);
    }

    fn grid(&self, table: &Table, out: &mut Vec<Block>) {
        let mut cells: Vec<Cell> = Vec::new();
        let mut found = table.cells.iter().peekable();
        for row in 0..table.rows {
            for column in 0..table.columns {
                let cell = found.next_if(|cell| (cell.row, cell.column) == (row, column));
                cells.push(self.cell(row, column, cell));
            }
        }
        // A header without text is what a table without header has.
        let header = cells.iter().any(|cell| cell.row == 0 && !cell.text.is_empty());
        if !header {
            cells.retain(|cell| cell.row > 0);
        }
        for cell in &mut cells {
            match cell.row {
                0 => cell.header = Some(HeaderKind::Column),
                _ if !header => cell.row -= 1,
                _ => {}
            }
        }
        if cells.is_empty() {
            return;
        }
        let mut align = table.align.clone();
        let columns = usize::try_from(table.columns).unwrap_or(usize::MAX);
        if align.iter().take(columns).any(Option::is_some) {
            align.resize(columns, None);
        } else {
            align.clear();
        }
        let table = Table {
            rows: table.rows - u32::from(!header),
            columns: table.columns,
            align,
            cells,
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
        };
        add(BlockKind::Table(table), out);
    }

    fn cell(&self, row: u32, column: u32, cell: Option<&Cell>) -> Cell {
        let inlines = cell.map(cell_inlines).unwrap_or_default();
        let inlines: Vec<Inline> = self.context.pieces(&inlines).into_iter().map(inline).collect();
        let plain = Run::default();
        let is_plain = inlines.iter().all(|inline| match inline {
            Inline::Run(run) => run.looks_like(&plain),
            Inline::Break => true,
        });
        let text = inlines_text(&inlines);
        let mut blocks = Vec::new();
        if !is_plain {
            add_paragraph(inlines, &mut blocks);
        }
        Cell {
            blocks,
            ..Cell::plain(row, column, text)
        }
    }

    /// The list that the entries are written as: each holds the deeper ones behind it.
    fn contents(&self, entries: &[ContentsEntry], out: &mut Vec<Block>) {
        let mut rest = entries;
        let mut items = Vec::new();
        while let Some((entry, inside, others)) = next_entry(rest) {
            let mut blocks = Vec::new();
            self.paragraph(&entry_inlines(entry), &mut blocks);
            self.contents(inside, &mut blocks);
            if !blocks.is_empty() {
                items.push(Item {
                    id: NO_ID,
                    marker: None,
                    checked: None,
                    blocks,
                });
            }
            rest = others;
        }
        if !items.is_empty() {
            let list = List {
                ordered: false,
                style: ListStyle::Decimal,
                start: 1,
                items,
            };
            add(BlockKind::List(list), out);
        }
    }
}

/// Adds a paragraph; one that is a picture alone is a figure.
fn add_paragraph(inlines: Vec<Inline>, out: &mut Vec<Block>) {
    match inlines.as_slice() {
        [] => {}
        [Inline::Run(run)] if run.link.is_none() && run.image().is_some() => {
            let figure = picture(run.image().unwrap_or_default(), &run.text);
            add(BlockKind::Figure(figure), out);
        }
        _ => add(BlockKind::Paragraph(inlines), out),
    }
}

fn trimmed_start(mut inlines: Vec<Inline>) -> Vec<Inline> {
    while let Some(first) = inlines.first_mut() {
        match first {
            Inline::Run(run) if run.image().is_none() => {
                run.text = run.text.trim_start().to_owned();
                if !run.text.is_empty() {
                    break;
                }
            }
            Inline::Run(_) => break,
            Inline::Break => {}
        }
        inlines.remove(0);
    }
    inlines
}

fn quote(blocks: Vec<Block>, out: &mut Vec<Block>) {
    if !blocks.is_empty() {
        add(BlockKind::Quote(blocks), out);
    }
}

fn code(language: Option<&str>, text: &str, out: &mut Vec<Block>) {
    let language = super::blocks::known_language(language.unwrap_or_default());
    let kind = BlockKind::Code {
        language: Some(language).filter(|language| !language.is_empty()),
        text: text.trim_end_matches(['\n', '\r']).to_owned(),
    };
    add(kind, out);
}

fn picture(name: &str, alt: &str) -> Figure {
    Figure {
        image: Some(name.to_owned()),
        alt: Some(alt.to_owned()).filter(|alt| !alt.is_empty()),
        ..Figure::default()
    }
}

fn placeholder(alt: &str) -> Figure {
    Figure {
        alt: Some(safe_comment(alt)),
        ..Figure::default()
    }
}

/// The inline that is read from a piece.
fn inline(piece: Piece) -> Inline {
    let marks = |marks: Marks| Some(Box::new(marks));
    let (text, marks) = match piece.content {
        Content::Break => return Inline::Break,
        Content::Text(text) => (text, None),
        Content::Tex(tex) => (format!("${tex}$"), None),
        Content::Note(label, note) => {
            let note = Some(note);
            (
                label,
                marks(Marks {
                    note,
                    ..Marks::default()
                }),
            )
        }
        Content::Image(name, alt) => {
            let image = Some(name);
            (
                alt,
                marks(Marks {
                    image,
                    ..Marks::default()
                }),
            )
        }
        Content::Placeholder(alt) => {
            let image = Some(String::new());
            (
                safe_comment(&alt),
                marks(Marks {
                    image,
                    ..Marks::default()
                }),
            )
        }
    };
    Inline::Run(Run {
        text,
        style: style(&piece.look),
        link: piece.look.link.as_deref().and_then(Link::of_page),
        marks,
    })
}

fn style(look: &Look) -> Style {
    let [bold, italic, strike, superscript, subscript] = look.marks;
    Style {
        bold,
        italic,
        strike,
        superscript,
        subscript,
        code: look.code,
        ..Style::default()
    }
}
