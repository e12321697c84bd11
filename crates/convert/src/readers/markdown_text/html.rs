use super::comment::image_alt;
use super::html_inline::{inline_end, inline_start};
use super::html_table;
use super::inlines::Inlines;
use crate::ConvertError;
use crate::ir::{BlockKind, Builder, Caption, ItemStart};
use crate::markup::{Tag, Token, Tokens, decode};
use crate::readers::html::{Cell, HasAttributes, Rows, code_language, heading, is_block, list};
use crate::readers::{MAX_DEPTH, leaf};

/// Reads an HTML block of Markdown: its text in paragraphs, and what the model knows of its structure.
pub(super) fn block(html: &str, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    let mut reader = Reader {
        html,
        builder,
        inlines: Inlines::default(),
        open: Vec::new(),
        code: None,
        heading: None,
        rows: None,
    };
    for (range, token) in Tokens::of(html) {
        match token {
            Token::Text(text) => reader.text(&decode(text)),
            Token::Start(tag) => reader.start(&tag, range.end)?,
            Token::End(name) => reader.end(&name.to_ascii_lowercase())?,
            Token::Hidden => reader.comment(html.get(range).unwrap_or_default())?,
            Token::RawText => {}
        }
    }
    reader.flush()?;
    reader.close_to(0)
}

/// Element that is open and holds blocks.
pub(super) enum Open {
    Table(Rows),
    Row,
    Cell(Box<Cell>),
    List,
    Item,
    Quote,
    Definitions,
    /// Term that waits for its definition.
    Term,
    Definition,
}

/// Preformatted text.
#[derive(Default)]
struct Code {
    language: Option<String>,
    text: String,
    /// It has an element of its own, so that its line ends are its own as well.
    exact: bool,
}

struct Reader<'h, 'b, 'l> {
    html: &'h str,
    builder: &'b mut Builder<'l>,
    inlines: Inlines,
    /// Open elements, and the depth of the builder outside of each.
    open: Vec<(Open, usize)>,
    /// Code, while it is being read.
    code: Option<Code>,
    heading: Option<u8>,
    /// Number of table rows in the whole HTML, once it is counted.
    rows: Option<u32>,
}

impl Reader<'_, '_, '_> {
    fn text(&mut self, text: &str) {
        match &mut self.code {
            Some(code) => code.text.push_str(text),
            None => self.inlines.html_text(text),
        }
    }

    fn comment(&mut self, comment: &str) -> Result<(), ConvertError> {
        let Some(alt) = image_alt(comment) else {
            return Ok(());
        };
        if !self.inlines.is_empty() || self.open.iter().any(|(open, _)| matches!(open, Open::Cell(_))) {
            self.inlines.picture("", alt);
            return Ok(());
        }
        leaf::add_figure(leaf::picture("", alt), self.builder)
    }

    fn start(&mut self, tag: &Tag<'_>, at: usize) -> Result<(), ConvertError> {
        let name = tag.name.to_ascii_lowercase();
        if let Some(code) = &mut self.code {
            if name == "code" {
                code.exact = true;
                code.language = tag.attribute("class").and_then(|class| code_language(&class));
            } else if name == "br" {
                self.text("\n");
            }
            return Ok(());
        }
        if !is_block(&name) {
            inline_start(tag, &mut self.inlines);
            return Ok(());
        }
        self.flush()?;
        self.heading = heading(&name);
        match name.as_str() {
            "pre" => self.code = Some(Code::default()),
            "hr" => self.leaf(BlockKind::Rule)?,
            "ul" | "ol" | "menu" => self.open(Open::List, BlockKind::List(list(tag, &name)))?,
            "dl" => self.open(Open::Definitions, BlockKind::DefinitionList(Vec::new()))?,
            "blockquote" => self.open(Open::Quote, BlockKind::Quote(Vec::new()))?,
            "li" => self.item()?,
            "dt" | "dd" => self.definition(name == "dt")?,
            "table" => self.table(at)?,
            "thead" | "tbody" | "tfoot" => self.section(name == "thead")?,
            "tr" => self.row()?,
            "td" | "th" => self.cell(tag, name == "th")?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ConvertError> {
        if name == "pre"
            && let Some(Code {
                language,
                mut text,
                exact,
            }) = self.code.take()
        {
            if !exact {
                text = text.trim_matches('\n').to_owned();
            }
            return self.leaf(BlockKind::Code { language, text });
        }
        if self.code.is_some() {
            return Ok(());
        }
        if !is_block(name) {
            inline_end(name, &mut self.inlines);
            return Ok(());
        }
        if name == "caption" {
            return self.caption();
        }
        let found: fn(&Open) -> bool = match name {
            "table" => |open| matches!(open, Open::Table(_)),
            "tr" => |open| matches!(open, Open::Row),
            "td" | "th" => |open| matches!(open, Open::Cell(_)),
            "ul" | "ol" | "menu" => |open| matches!(open, Open::List),
            "li" => |open| matches!(open, Open::Item),
            "blockquote" => |open| matches!(open, Open::Quote),
            "dl" => |open| matches!(open, Open::Definitions),
            "dd" => |open| matches!(open, Open::Definition),
            "thead" => {
                self.flush()?;
                return self.section(false);
            }
            // The term is taken with its definition.
            "dt" => return Ok(()),
            _ => return self.flush(),
        };
        // Nothing outside of a cell or an item ends within it.
        let within: fn(&Open) -> bool = match name {
            "table" => |_| false,
            "tr" | "td" | "th" => |open| matches!(open, Open::Table(_)),
            _ => |open| matches!(open, Open::Table(_) | Open::Cell(_)),
        };
        match self.innermost(found, within) {
            Some(at) => self.close_to(at),
            None => self.flush(),
        }
    }

    /// Place of the innermost open element that is `found`, if none that holds it back is around it.
    fn innermost(&self, found: fn(&Open) -> bool, within: fn(&Open) -> bool) -> Option<usize> {
        let outwards = self.open.iter().enumerate().rev();
        let mut looked = outwards.take_while(|(_, (open, _))| found(open) || !within(open));
        looked.find(|(_, (open, _))| found(open)).map(|(at, _)| at)
    }

    fn end_innermost(
        &mut self,
        found: fn(&Open) -> bool,
        within: fn(&Open) -> bool,
    ) -> Result<(), ConvertError> {
        match self.innermost(found, within) {
            Some(at) => self.close_to(at),
            None => Ok(()),
        }
    }

    fn open(&mut self, open: Open, kind: BlockKind) -> Result<(), ConvertError> {
        self.begin_cell()?;
        if self.builder.depth() + 1 < MAX_DEPTH {
            self.open.push((open, self.builder.depth()));
            self.builder.open(kind)?;
        }
        Ok(())
    }

    fn item(&mut self) -> Result<(), ConvertError> {
        let within: fn(&Open) -> bool = |open| matches!(open, Open::List | Open::Cell(_));
        self.end_innermost(|open| matches!(open, Open::Item), within)?;
        if matches!(self.open.last(), Some((Open::List, _))) {
            self.open.push((Open::Item, self.builder.depth()));
            self.builder.open_item(ItemStart::default())?;
        }
        Ok(())
    }

    fn definition(&mut self, term: bool) -> Result<(), ConvertError> {
        let within: fn(&Open) -> bool = |open| matches!(open, Open::Definitions | Open::Cell(_));
        if term {
            self.end_innermost(|open| matches!(open, Open::Term | Open::Definition), within)?;
        } else {
            self.end_innermost(|open| matches!(open, Open::Definition), within)?;
        }
        match self.open.last() {
            Some((Open::Definitions, _)) if term => self.open.push((Open::Term, self.builder.depth())),
            Some((Open::Definitions, _)) => self.open_definition()?,
            Some((Open::Term, _)) if !term => {
                self.open.pop();
                self.open_definition()?;
            }
            _ => {}
        }
        Ok(())
    }

    fn open_definition(&mut self) -> Result<(), ConvertError> {
        let term = self.inlines.take();
        self.open.push((Open::Definition, self.builder.depth()));
        self.builder.open_definition(term)
    }

    fn table(&mut self, at: usize) -> Result<(), ConvertError> {
        let rest = self.html.get(at..).unwrap_or_default();
        let table = html_table::start(rest);
        self.begin_cell()?;
        if self.builder.depth() + 1 < MAX_DEPTH {
            let most = *self.rows.get_or_insert_with(|| html_table::count_rows(self.html));
            let depth = self.builder.depth();
            let mut rows = Rows::new(most);
            rows.id = Some(self.builder.open(BlockKind::Table(table))?);
            self.open.push((Open::Table(rows), depth));
        }
        Ok(())
    }

    fn section(&mut self, head: bool) -> Result<(), ConvertError> {
        let table: fn(&Open) -> bool = |open| matches!(open, Open::Table(_));
        if let Some(at) = self.innermost(table, |_| false) {
            self.close_to(at + 1)?;
            if let Some((Open::Table(rows), _)) = self.open.last_mut() {
                rows.head = head;
            }
        }
        Ok(())
    }

    fn row(&mut self) -> Result<(), ConvertError> {
        if let Some(at) = self.innermost(|open| matches!(open, Open::Table(_)), |_| false) {
            self.close_to(at + 1)?;
            if let Some((Open::Table(rows), _)) = self.open.last_mut() {
                rows.next();
            }
            self.open.push((Open::Row, self.builder.depth()));
        }
        Ok(())
    }

    fn cell(&mut self, tag: &Tag<'_>, header: bool) -> Result<(), ConvertError> {
        let Some(at) = self.innermost(|open| matches!(open, Open::Table(_)), |_| false) else {
            return Ok(());
        };
        if self.open.len() <= at + 1 {
            self.row()?;
        } else {
            self.close_to(at + 2)?;
        }
        if let Some((Open::Table(rows), _)) = self.open.get_mut(at) {
            let cell = rows.place(tag, header)?;
            self.open.push((Open::Cell(Box::new(cell)), self.builder.depth()));
        }
        Ok(())
    }

    fn caption(&mut self) -> Result<(), ConvertError> {
        let inlines = self.inlines.take();
        if let Some((Open::Table(rows), _)) = self.open.last_mut() {
            rows.caption = inlines;
            return Ok(());
        }
        leaf::add_paragraph(inlines, self.builder)
    }

    /// Adds a block that is whole.
    fn leaf(&mut self, kind: BlockKind) -> Result<(), ConvertError> {
        self.begin_cell()?;
        self.builder.add(kind).map(drop)
    }

    /// Opens the cell that has begun, as it holds blocks.
    fn begin_cell(&mut self) -> Result<(), ConvertError> {
        match self.open.last_mut() {
            Some((Open::Cell(cell), _)) => cell.open(self.builder),
            Some((Open::Term, _)) => {
                self.open.pop();
                self.open_definition()
            }
            _ => Ok(()),
        }
    }

    /// Ends the paragraph that is being read.
    fn flush(&mut self) -> Result<(), ConvertError> {
        if matches!(self.open.last(), Some((Open::Term, _))) {
            return Ok(());
        }
        let heading = self.heading.take();
        let inlines = self.inlines.take();
        if inlines.is_empty() {
            return Ok(());
        }
        self.begin_cell()?;
        match heading {
            Some(level) => {
                let number = None;
                self.builder
                    .add(BlockKind::Heading {
                        level,
                        number,
                        inlines,
                    })
                    .map(drop)
            }
            None => leaf::add_paragraph(inlines, self.builder),
        }
    }

    /// Ends elements until `left` are open.
    fn close_to(&mut self, left: usize) -> Result<(), ConvertError> {
        while self.open.len() > left {
            self.close()?;
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), ConvertError> {
        let whole = matches!(self.open.last(), Some((Open::Cell(cell), _)) if !cell.is_open());
        if !whole || self.heading.is_some() {
            self.flush()?;
        }
        let Some((open, depth)) = self.open.pop() else {
            return Ok(());
        };
        match open {
            Open::Cell(cell) if !cell.is_open() => {
                let inlines = self.inlines.take();
                leaf::add_cell(cell.start, inlines, self.builder)
            }
            Open::Term => {
                let term = self.inlines.take();
                self.builder.open_definition(term)?;
                self.builder.close()
            }
            Open::Table(rows) => {
                self.builder.close_to(depth)?;
                self.table_caption(rows)
            }
            _ => self.builder.close_to(depth),
        }
    }

    fn table_caption(&mut self, rows: Rows) -> Result<(), ConvertError> {
        let caption = Caption {
            inlines: rows.caption,
            target: rows.id,
        };
        self.builder.add(BlockKind::Caption(caption)).map(drop)
    }
}
