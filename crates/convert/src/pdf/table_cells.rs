//! Tables of the text library to those of the layout.

use unpdf::model::InlineContent;
use unpdf::parser::TextSpan;
use unpdf::{Table, TableCell};

use super::table_region::without_whitespace;
use super::text_lines::ink_right;
use crate::ir::{Inline, Link, Run};
use crate::layout::extent::Extent;
use crate::layout::table::{self, Cell};

/// Converts a table; `extent` is its box, where known. `rows` has the spans of each row where they are known, which tell the places of its
/// cells.
pub(super) fn table(table: &Table, extent: Option<Extent>, rows: &[&[TextSpan]]) -> table::Table {
    let mut cells = Vec::new();
    let mut whole = extent;
    for (index, (row, columns)) in table.rows.iter().zip(table.cell_columns()).enumerate() {
        let spans = rows.get(index).copied().unwrap_or_default();
        let extents = cell_extents(&row.cells, spans);
        let header = row.is_header || index < usize::from(table.header_rows);
        for (position, (cell, column)) in row.cells.iter().zip(columns).enumerate() {
            let extent = extents.get(position).copied().flatten();
            whole = whole.map(|whole| extent.map_or(whole, |extent| whole.with(extent)));
            cells.push(Cell {
                row: u32::try_from(index).unwrap_or(u32::MAX),
                column: u32::try_from(column).unwrap_or(u32::MAX),
                row_span: cell.rowspan.into(),
                column_span: cell.colspan.into(),
                header,
                inlines: inlines(cell),
                extent,
            });
        }
    }
    table::Table { extent: whole, cells }
}

/// Boxes of the cells of a row, by the spans that their texts consist of; none where these differ.
fn cell_extents(cells: &[TableCell], spans: &[TextSpan]) -> Vec<Option<Extent>> {
    let mut spans = spans.iter().filter(|span| !span.text.trim().is_empty());
    let mut extents = Vec::with_capacity(cells.len());
    for cell in cells {
        let text = without_whitespace(&cell.plain_text());
        let (mut rest, mut extent) = (text.as_str(), None::<Extent>);
        while !rest.is_empty() {
            let Some(span) = spans.next() else {
                return Vec::new();
            };
            let Some(after) = rest.strip_prefix(without_whitespace(&span.text).as_str()) else {
                return Vec::new();
            };
            rest = after;
            let own = Extent::of_text(span.x, ink_right(span), span.y, span.font_size);
            extent = Some(extent.map_or(own, |extent| extent.with(own)));
        }
        extents.push(extent);
    }
    extents
}

/// Text of a cell with its links; line ends are spaces.
fn inlines(cell: &TableCell) -> Vec<Inline> {
    let contents = || cell.content.iter().flat_map(|paragraph| &paragraph.content);
    if !contents().any(|part| matches!(part, InlineContent::Link { .. })) {
        return vec![Inline::plain(cell.plain_text().replace('\n', " ").trim())];
    }
    let mut inlines = Vec::new();
    for (index, paragraph) in cell.content.iter().enumerate() {
        if index > 0 {
            inlines.push(Inline::plain(" "));
        }
        inlines.extend(paragraph.content.iter().map(|part| match part {
            InlineContent::Text(run) => Inline::plain(&run.text),
            InlineContent::LineBreak => Inline::plain(" "),
            InlineContent::Link { text, url, .. } => Inline::Run(Run {
                link: Link::to(url),
                ..Run::plain(text)
            }),
            InlineContent::Image { alt_text, .. } => Inline::plain(alt_text.as_deref().unwrap_or_default()),
        }));
    }
    inlines
}
