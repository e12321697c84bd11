use super::TextWriter;
use crate::ir::{
    Annotation, Block, BlockKind, Cell, ContentsEntry, Definition, Field, FieldKind, Figure, Footnote, Group,
    Item, List, Table, inlines_text,
};
use crate::options::{Comments, Furniture, Hidden, Images};
use crate::write::visible::visible;

/// Levels of lists that are indented, at most.
const MAX_INDENT: usize = 12;

impl TextWriter<'_> {
    pub(crate) fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        let furniture = block.kind.is_furniture() && self.options.furniture == Furniture::Drop;
        if furniture {
            return;
        }
        match &block.kind {
            BlockKind::List(list) => self.list(list),
            BlockKind::DefinitionList(items) => self.definitions(items),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Figure(figure) => self.figure(figure),
            BlockKind::Code { text, .. } => self.lines(text),
            BlockKind::Quote(blocks) => self.blocks(blocks),
            BlockKind::Formula(formula) => self.lines(&formula.text),
            BlockKind::Footnote(note) => self.footnote(note),
            BlockKind::Toc(entries) => self.contents(entries),
            BlockKind::Field(field) => self.field(field),
            BlockKind::Group(group) => self.group(group),
            BlockKind::Comment(note) if self.options.comments == Comments::Keep => self.annotation(note),
            BlockKind::Comment(_) => {}
            BlockKind::Stamp(note) => self.annotation(note),
            BlockKind::Attachment { name, .. } => self.lines(name),
            BlockKind::Rule => self.lines("---"),
            BlockKind::Heading {
                number: Some(number),
                inlines,
                ..
            } => {
                self.paragraph();
                self.push(number);
                self.push(" ");
                self.inlines(inlines);
                self.line();
            }
            kind => {
                if let Some(inlines) = kind.inlines() {
                    self.paragraph();
                    self.inlines(inlines);
                    self.line();
                }
            }
        }
    }

    fn lines(&mut self, text: &str) {
        if !text.is_empty() {
            self.paragraph();
            self.push(text);
            self.line();
        }
    }

    fn list(&mut self, list: &List) {
        if self.depth == 0 {
            self.paragraph();
        }
        self.depth += 1;
        for (number, item) in (list.start..=u32::MAX).zip(&list.items) {
            self.item(item, list.ordered.then_some(number));
        }
        self.depth -= 1;
        // What follows stands no longer behind the mark of an item without text.
        self.after_mark = false;
    }

    fn item(&mut self, item: &Item, number: Option<u32>) {
        self.trim_spaces();
        self.line();
        self.push(&"  ".repeat((self.depth - 1).min(MAX_INDENT)));
        match (&item.marker, number) {
            (Some(marker), _) => self.push(marker),
            (None, Some(number)) => self.push(&format!("{number}.")),
            (None, None) => self.push("-"),
        }
        self.push(" ");
        match item.checked {
            Some(true) => self.push("[x] "),
            Some(false) => self.push("[ ] "),
            None => {}
        }
        self.after_mark = true;
        self.blocks(&item.shown_blocks());
        self.line();
    }

    fn definitions(&mut self, items: &[Definition]) {
        for item in items {
            self.paragraph();
            self.inlines(&item.term);
            self.line();
            if !item.term.is_empty() {
                self.after_mark = true;
            }
            self.blocks(&item.blocks);
            self.after_mark = false;
        }
    }

    fn table(&mut self, table: &Table) {
        let shown = match self.options.hidden {
            Hidden::Drop => visible(table),
            Hidden::Mark | Hidden::Keep => std::borrow::Cow::Borrowed(table),
        };
        self.paragraph();
        let mut at: Option<(u32, u32)> = None;
        for cell in &shown.cells {
            let column = match at {
                Some((row, column)) if row == cell.row => column,
                _ => {
                    self.end_row();
                    0
                }
            };
            for _ in column..cell.column {
                self.trim_spaces();
                self.push("\t");
            }
            self.cell(cell);
            at = Some((cell.row, cell.column));
        }
        self.end_row();
    }

    fn end_row(&mut self) {
        self.trim_spaces();
        self.line();
    }

    fn trim_spaces(&mut self) {
        let text = self.out.trim_end_matches(' ').len();
        self.out.truncate(text);
    }

    /// Writes the text of a cell on one line.
    fn cell(&mut self, cell: &Cell) {
        for (index, word) in cell.text.split_whitespace().enumerate() {
            if index > 0 {
                self.push(" ");
            }
            self.push(word);
        }
    }

    fn figure(&mut self, figure: &Figure) {
        if self.options.images != Images::None {
            self.lines(figure.alt.as_deref().unwrap_or_default());
        }
        if let Some(data) = &figure.data {
            self.table(data);
        }
    }

    fn footnote(&mut self, note: &Footnote) {
        self.paragraph();
        self.push(&format!("[{}] ", note.label));
        self.after_mark = true;
        self.blocks(&note.blocks);
        self.after_mark = false;
        self.line();
    }

    fn contents(&mut self, entries: &[ContentsEntry]) {
        self.paragraph();
        for entry in entries {
            self.push(&"  ".repeat(usize::from(entry.level.saturating_sub(1)).min(MAX_INDENT)));
            self.push(&inlines_text(&entry.inlines));
            if let Some(page) = &entry.page {
                self.push("\t");
                self.push(page);
            }
            self.line();
        }
    }

    fn field(&mut self, field: &Field) {
        self.paragraph();
        if let Some(label) = field.label.as_ref().or(field.name.as_ref()) {
            self.push(label.trim_end_matches(':'));
            self.push(": ");
        }
        if matches!(field.kind, FieldKind::Checkbox | FieldKind::Radio) {
            self.push(if field.checked == Some(true) {
                "[x] "
            } else {
                "[ ] "
            });
        }
        self.push(&field.value);
        self.line();
    }

    fn group(&mut self, group: &Group) {
        self.lines(group.title.as_deref().unwrap_or_default());
        self.blocks(&group.blocks);
    }

    fn annotation(&mut self, note: &Annotation) {
        let from = [note.author.as_deref(), note.date.as_deref()];
        let from: Vec<_> = from.into_iter().flatten().collect();
        let colon = if from.is_empty() { "" } else { ": " };
        self.lines(&format!("{}{colon}{}", from.join(", "), note.text));
    }
}
