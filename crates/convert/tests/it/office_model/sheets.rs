//! Sheets: choice, hidden parts, cells.

use ilios_convert::ir::{BlockKind, CellDetails, DoubtCode, Page, Place, Table, ValueType};
use ilios_convert::{Hidden, Input, Limits, NoOcr, Options, WriteOptions, convert};

use super::{OFFICE, messages, read_pages, relations, types};
use crate::documents::{package, read, sheet_package};

const MAIN: &str = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'";

/// A workbook of sheets: name, state, and content of the worksheet.
fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let part = "xl/workbook.xml";
    let list: String = (0..)
        .zip(sheets)
        .map(|(id, (name, state, _))| {
            format!(
                "<sheet name='{name}' sheetId='{}' state='{state}' r:id='r{id}'/>",
                id + 1
            )
        })
        .collect();
    let book = format!("<workbook {MAIN} xmlns:r='{OFFICE}'><sheets>{list}</sheets></workbook>");
    let targets: Vec<String> = (0..sheets.len())
        .map(|id| format!("worksheets/s{id}.xml"))
        .collect();
    let related: Vec<(&str, &str)> = targets
        .iter()
        .map(|target| ("worksheet", target.as_str()))
        .collect();
    let (types, root, related) = (
        types(part, "spreadsheetml.sheet"),
        relations(&[("officeDocument", part)]),
        relations(&related),
    );
    let contents: Vec<(String, String)> = targets
        .iter()
        .zip(sheets)
        .map(|(target, (_, _, content))| {
            (
                format!("xl/{target}"),
                format!("<worksheet {MAIN}>{content}</worksheet>"),
            )
        })
        .collect();
    let mut parts = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        (part, book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", related.as_bytes()),
    ];
    parts.extend(
        contents
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_bytes())),
    );
    package(&parts)
}

fn cell(at: &str, text: &str) -> String {
    format!("<c r='{at}' t='inlineStr'><is><t>{text}</t></is></c>")
}

fn tables(page: &Page) -> Vec<&Table> {
    let tables = page.blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Table(table) => Some(table),
        _ => None,
    });
    tables.collect()
}

#[test]
fn a_sheet_is_chosen_by_its_number() {
    let row = |text| format!("<sheetData><row r='1'>{}</row></sheetData>", cell("A1", text));
    let (first, second) = (row("one"), row("two"));
    let bytes = workbook(&[("First", "visible", &first), ("Second", "visible", &second)]);
    let conversion = read_pages("a.xlsx", &bytes, "2").unwrap();
    assert_eq!(conversion.markdown(), "## Second\n\ntwo\n");
    assert_eq!(conversion.pages[0].label.as_deref(), Some("Second"));
    assert_eq!(conversion.metadata.page_count, Some(2));
}

#[test]
fn what_a_workbook_hides_is_kept_marked_and_counted() {
    let shown = format!(
        "<cols><col min='2' max='2' hidden='1'/></cols><sheetData><row r='1'>{}{}</row><row r='2' hidden='1'>{}{}</row></sheetData>",
        cell("A1", "a"),
        cell("B1", "b"),
        cell("A2", "c"),
        cell("B2", "d"),
    );
    let secret = format!("<sheetData><row r='1'>{}</row></sheetData>", cell("A1", "secret"));
    let bytes = workbook(&[("Shown", "visible", &shown), ("Kept", "hidden", &secret)]);
    let conversion = read("a.xlsx", &bytes).unwrap();
    let table = tables(&conversion.pages[0])[0];
    assert_eq!(
        (table.hidden_rows.as_slice(), table.hidden_columns.as_slice()),
        (&[1][..], &[1][..])
    );
    assert!(conversion.pages[1].markdown.contains("secret"));
    for page in &conversion.pages {
        assert!(
            page.doubts
                .iter()
                .any(|doubt| doubt.code == DoubtCode::HiddenContent)
        );
    }
    assert_eq!(
        messages(&conversion),
        ["hidden columns: 1", "hidden rows: 1", "hidden sheets: 1"]
    );
}

#[test]
fn a_hidden_sheet_is_marked_kept_or_left_out_as_the_options_say() {
    let sheet = |text| format!("<sheetData><row r='1'>{}</row></sheetData>", cell("A1", text));
    let (shown, secret) = (sheet("open"), sheet("secret"));
    let bytes = workbook(&[("Shown", "visible", &shown), ("Kept", "hidden", &secret)]);
    let written = |hidden| {
        let options = Options {
            output: WriteOptions {
                hidden,
                ..WriteOptions::default()
            },
            ..Options::default()
        };
        let input = Input {
            bytes: &bytes,
            name: "a.xlsx",
        };
        convert(input, &options, &Limits::default(), &mut NoOcr)
            .unwrap()
            .markdown()
    };
    let shown = "## Shown\n\nopen\n";
    let kept = "## Kept\n\nsecret\n";
    assert_eq!(
        written(Hidden::Mark),
        format!("{shown}\n<!-- hidden -->\n\n{kept}")
    );
    assert_eq!(written(Hidden::Keep), format!("{shown}\n{kept}"));
    assert_eq!(written(Hidden::Drop), shown);
}

#[test]
fn cells_of_a_sheet_have_values_formulas_and_places() {
    let content = format!(
        "<sheetData><row r='3'>{}{}</row><row r='4'>{}<c r='D4'><f>C3*2</f><v>4.50</v></c></row><row r='5'>{}<c r='D5'><f>X()</f></c></row></sheetData>",
        cell("C3", "name"),
        cell("D3", "sum"),
        cell("C4", "x"),
        cell("C5", "y"),
    );
    let conversion = read("a.xlsx", &workbook(&[("S", "visible", &content)])).unwrap();
    let page = &conversion.pages[0];
    let table = tables(page)[0];
    let sum = table
        .cells
        .iter()
        .find(|cell| (cell.row, cell.column) == (1, 1))
        .unwrap();
    let details = CellDetails {
        value: Some("4.50".into()),
        value_type: Some(ValueType::Number),
        formula: Some("C3*2".into()),
        ..CellDetails::default()
    };
    assert_eq!(sum.details.as_deref(), Some(&details));
    assert_eq!(sum.text, "4.5");
    let place = page.blocks.iter().find_map(|block| block.at.clone());
    assert_eq!(place, Some(Place::Cells("S!C3:D5".into())));
    assert_eq!(
        messages(&conversion),
        ["formulas shown without their value, which the file does not hold: 1"]
    );
    let cell = table.cells.iter().find(|cell| (cell.row, cell.column) == (2, 1));
    assert_eq!(cell.unwrap().text, "=X()");
}

#[test]
fn merged_cells_of_a_sheet_are_one_cell_that_spans_them() {
    let content = format!(
        "<sheetData><row r='1'>{}{}</row><row r='2'>{}{}{}</row></sheetData><mergeCells><mergeCell ref='B1:C1'/></mergeCells>",
        cell("A1", "a"),
        cell("B1", "wide"),
        cell("A2", "1x"),
        cell("B2", "2x"),
        cell("C2", "3x"),
    );
    let conversion = read("a.xlsx", &workbook(&[("S", "visible", &content)])).unwrap();
    let cells: Vec<_> = tables(&conversion.pages[0])[0]
        .cells
        .iter()
        .map(|cell| (cell.text.as_str(), cell.row, cell.column, cell.column_span))
        .collect();
    assert_eq!(
        cells,
        [
            ("a", 0, 0, 1),
            ("wide", 0, 1, 2),
            ("1x", 1, 0, 1),
            ("2x", 1, 1, 1),
            ("3x", 1, 2, 1)
        ]
    );
}

#[test]
fn equal_texts_in_a_row_are_no_caption() {
    let content = format!(
        "<sheetData><row r='1'>{}{}</row><row r='2'>{}{}</row></sheetData>",
        cell("A1", "yes"),
        cell("B1", "yes"),
        cell("A2", "no"),
        cell("B2", "yes"),
    );
    let conversion = read("a.xlsx", &workbook(&[("S", "visible", &content)])).unwrap();
    assert_eq!(
        conversion.markdown(),
        "## S\n\n| yes | yes |\n| --- | --- |\n| no | yes |\n"
    );
}

#[test]
fn a_single_sheet_has_its_name_as_the_label() {
    let conversion = read("a.xlsx", &sheet_package(&[("A1", "x")])).unwrap();
    assert_eq!(conversion.pages[0].label.as_deref(), Some("First"));
}
