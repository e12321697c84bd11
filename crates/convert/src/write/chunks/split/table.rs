use super::super::pairs::{header_rows, shown};
use super::piece_list::Pieces;
use crate::ir::{BlockKind, Table};
use crate::options::{Tables, WriteOptions};

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
    let items: Vec<String> = lines.collect();
    if items.is_empty() {
        // There is no row below which the header could stand.
        return Pieces::lines(&markdown);
    }
    Pieces {
        head: head.join("\n") + "\n",
        in_head: header,
        items,
        joint: "\n",
        ..Pieces::default()
    }
}
