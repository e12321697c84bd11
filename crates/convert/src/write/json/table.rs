use super::block::{bbox, block};
use super::names::{alignment, header_kind, value_type};
use super::object::{Object, object, string};
use crate::ir::{Cell, Table};

/// Writes the fields of a table.
pub(super) fn write_table(table: &Table, json: &mut Object<'_>) {
    json.integer("rows", table.rows);
    json.integer("columns", table.columns);
    if table.align.iter().any(Option::is_some) {
        json.array("align", &table.align, |align, out| match align {
            Some(align) => string(alignment(*align), out),
            None => out.push_str("null"),
        });
    }
    json.array("cells", &table.cells, cell);
    json.integers_if("hiddenRows", &table.hidden_rows);
    json.integers_if("hiddenColumns", &table.hidden_columns);
}

fn cell(cell: &Cell, out: &mut String) {
    object(out, |json| {
        json.integer("row", cell.row);
        json.integer("column", cell.column);
        json.integer("rowSpan", cell.row_span);
        json.integer("columnSpan", cell.column_span);
        json.text_if("header", cell.header.map(header_kind));
        json.text("text", &cell.text);
        if !cell.blocks.is_empty() {
            json.array("blocks", &cell.blocks, block);
        }
        if let Some(details) = cell.details.as_deref() {
            if let Some(region) = &details.region {
                bbox(region, json);
            }
            json.text_if("value", details.value.as_deref());
            json.text_if("valueType", details.value_type.map(value_type));
            json.text_if("formula", details.formula.as_deref());
            json.text_if("numberFormat", details.number_format.as_deref());
        }
    });
}
