use std::borrow::Cow;

use super::block::{PageWriter, head};
use super::items::{Kind, Reference};
use super::place::Sizes;
use crate::ir::{Block, Cell, ContentsEntry, HeaderKind, Table, inlines_text};
use crate::options::Hidden;
use crate::write::json::{Object, object};
use crate::write::visible::visible;

impl<'p> PageWriter<'p, '_> {
    pub(super) fn table(&mut self, block: &'p Block, table: &Table, parent: Reference) -> Reference {
        let table = match self.options.hidden {
            Hidden::Drop => visible(table),
            Hidden::Mark | Hidden::Keep => Cow::Borrowed(table),
        };
        self.grid(block, &table, "table", parent)
    }

    /// Writes a table of contents: a row for each entry, with its page.
    pub(super) fn contents(
        &mut self,
        block: &'p Block,
        entries: &[ContentsEntry],
        parent: Reference,
    ) -> Reference {
        let mut table = Table {
            columns: 2,
            ..Table::default()
        };
        for (row, entry) in (0..).zip(entries) {
            table.rows = row + 1;
            table
                .cells
                .push(Cell::plain(row, 0, inlines_text(&entry.inlines)));
            table
                .cells
                .push(Cell::plain(row, 1, entry.page.clone().unwrap_or_default()));
        }
        self.grid(block, &table, "document_index", parent)
    }

    fn grid(&mut self, block: &'p Block, table: &Table, label: &str, parent: Reference) -> Reference {
        let own = self.items.reserve(Kind::Table);
        let captions = self.captions(block, own);
        let sizes = self.sizes;
        self.items.put(own, |json| {
            head(own, parent, &captions, (label, "body"), json);
            sizes.write(block, "", json);
            json.array("captions", &captions, |caption, out| caption.write(out));
            json.object("data", |json| {
                json.integer("num_rows", table.rows);
                json.integer("num_cols", table.columns);
                json.array("table_cells", &table.cells, |cell, out| {
                    object(out, |json| write_cell(cell, sizes, json));
                });
            });
        });
        own
    }
}

fn write_cell(cell: &Cell, sizes: &Sizes, json: &mut Object<'_>) {
    json.integer("start_row_offset_idx", cell.row);
    json.integer("end_row_offset_idx", cell.row.saturating_add(cell.row_span));
    json.integer("start_col_offset_idx", cell.column);
    json.integer("end_col_offset_idx", cell.column.saturating_add(cell.column_span));
    json.integer("row_span", cell.row_span);
    json.integer("col_span", cell.column_span);
    json.text("text", &cell.text);
    json.boolean("column_header", cell.header == Some(HeaderKind::Column));
    json.boolean("row_header", cell.header == Some(HeaderKind::Row));
    json.boolean("row_section", cell.header == Some(HeaderKind::Section));
    let region = cell.details.as_ref().and_then(|details| details.region.as_ref());
    if let Some(region) = region {
        json.object("bbox", |json| sizes.bbox(region, json));
    }
}
