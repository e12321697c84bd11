use std::borrow::Cow;

use super::super::join::header_rows;
use super::pieces::Pieces;
use crate::ir::{BlockKind, Cell, HeaderKind, Table};
use crate::options::{Hidden, Tables, WriteOptions};
use crate::write::markdown::escape_line;
use crate::write::visible::visible;

/// Pieces of a table: its rows, each a line, below its header. A table that is larger than a chunk is written as
/// Markdown, where merged cells are filled up, since its parts could not be told apart otherwise.
pub(super) fn grid(
    table: &Table,
    options: &WriteOptions,
    write: impl Fn(BlockKind, &WriteOptions) -> String,
) -> Pieces {
    let shown = shown(table, options);
    let options = WriteOptions {
        tables: Tables::Markdown,
        ..options.clone()
    };
    let header = usize::try_from(header_rows(&shown)).unwrap_or(1).max(1);
    let markdown = write(BlockKind::Table(shown.into_owned()), &options);
    let mut lines = markdown.lines().map(str::to_owned);
    // The delimiters stand behind the first row.
    let head: Vec<String> = lines.by_ref().take(header + 1).collect();
    Pieces {
        head: head.join("\n") + "\n",
        in_head: header,
        items: lines.collect(),
        joint: "\n",
        ..Pieces::default()
    }
}

fn shown<'t>(table: &'t Table, options: &WriteOptions) -> Cow<'t, Table> {
    match options.hidden {
        Hidden::Drop => visible(table),
        Hidden::Mark | Hidden::Keep => Cow::Borrowed(table),
    }
}

/// Text of a table as lines of its values: row, column = value.
pub(in super::super) fn pairs(table: &Table, options: &WriteOptions) -> String {
    let shown = shown(table, options);
    // A table of headers alone has values too.
    let header = Some(header_rows(&shown))
        .filter(|header| *header < shown.rows)
        .unwrap_or_default();
    let mut pairs = Pairs {
        columns: vec![String::new(); usize::try_from(shown.columns).unwrap_or_default()],
        lines: Vec::new(),
    };
    let body = shown.cells.partition_point(|cell| cell.row < header);
    let (head, body) = shown.cells.split_at(body);
    head.iter().for_each(|cell| pairs.header(cell));
    let mut name: Option<(&Cell, String)> = None;
    for row in body.chunk_by(|one, other| one.row == other.row) {
        let mut values = row;
        if let Some((first, others)) = row.split_first()
            && first.header == Some(HeaderKind::Row)
            && others.iter().any(|cell| !cell.text.trim().is_empty())
        {
            name = Some((first, pairs.name(&first.text)));
            values = others;
        }
        for cell in values {
            let number = cell.row.saturating_sub(header).saturating_add(1);
            let named = name
                .as_ref()
                .filter(|(name, _)| (name.row..name.row.saturating_add(name.row_span)).contains(&cell.row));
            let row = named.map_or_else(|| number.to_string(), |(_, name)| name.clone());
            pairs.value(&row, cell, shown.columns);
        }
    }
    pairs.lines.join("\n")
}

/// Characters of the name of a row or column, at most: it stands before each of its values.
const LONGEST_NAME: usize = 120;

struct Pairs {
    /// Names of columns by their headers.
    columns: Vec<String>,
    lines: Vec<String>,
}

impl Pairs {
    fn header(&mut self, cell: &Cell) {
        let text = self.name(&cell.text);
        let start = usize::try_from(cell.column).unwrap_or(usize::MAX);
        let span = usize::try_from(cell.column_span).unwrap_or(1);
        for name in self.columns.iter_mut().skip(start).take(span) {
            if !name.is_empty() && !text.is_empty() {
                name.push_str(" / ");
            }
            name.push_str(&text);
        }
    }

    /// Text of a header as a name. What is too long for one is a line of its own.
    fn name(&mut self, text: &str) -> String {
        let text = one_line(text);
        let Some((end, _)) = text.char_indices().nth(LONGEST_NAME) else {
            return text;
        };
        self.lines.push(escape_line(&text));
        format!("{}…", text.get(..end).unwrap_or_default())
    }

    fn value(&mut self, row: &str, cell: &Cell, columns: u32) {
        let text = one_line(&cell.text);
        if text.is_empty() {
            return;
        }
        let name = usize::try_from(cell.column)
            .ok()
            .and_then(|column| self.columns.get(column));
        let line = match name.filter(|name| !name.is_empty()) {
            _ if columns > 1 && cell.column_span >= columns => text,
            Some(column) => format!("{row}, {column} = {text}"),
            None => format!("{row}, {} = {text}", cell.column.saturating_add(1)),
        };
        self.lines.push(escape_line(&line));
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
