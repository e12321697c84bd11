//! Blocks of Office documents: pages, spans, notes, comments, hidden content.
#![expect(
    clippy::unwrap_used,
    reason = "the makers of documents fail as their tests do"
)]

#[expect(dead_code, reason = "other tests use the rest")]
mod documents;

use documents::{package, read, sheet_package};
use ilios_convert::ir::{BlockKind, CellDetails, DoubtCode, Page, Place, Table, ValueType, plain_text};
use ilios_convert::{Conversion, ConvertError, Hidden, Input, Limits, NoOcr, Options, WriteOptions, convert};

const WORD: &str = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'";
const MAIN: &str = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn relations(relations: &[(&str, &str)]) -> String {
    let relations: String = (0..)
        .zip(relations)
        .map(|(id, (kind, target))| {
            format!("<Relationship Id='r{id}' Type='{OFFICE}/{kind}' Target='{target}'/>")
        })
        .collect();
    format!("<Relationships xmlns='{RELATIONS}'>{relations}</Relationships>")
}

fn types(part: &str, kind: &str) -> String {
    format!(
        "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Override PartName='/{part}' \
         ContentType='application/vnd.openxmlformats-officedocument.{kind}.main+xml'/></Types>"
    )
}

fn word_package(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let part = "word/document.xml";
    let document = format!("<w:document {WORD}><w:body>{body}</w:body></w:document>");
    let (types, root) = (
        types(part, "wordprocessingml.document"),
        relations(&[("officeDocument", part)]),
    );
    let mut parts = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        (part, document.as_bytes()),
    ];
    parts.extend(more.iter().map(|(name, text)| (*name, text.as_bytes())));
    package(&parts)
}

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

fn presentation(titles: &[&str]) -> Vec<u8> {
    let pages: String = titles
        .iter()
        .map(|title| {
            format!(
                "<draw:page draw:name='p'><draw:frame presentation:class='title'><draw:text-box><text:p>{title}</text:p></draw:text-box>\
                 </draw:frame><draw:frame><draw:text-box><text:p>about {title}</text:p></draw:text-box></draw:frame></draw:page>"
            )
        })
        .collect();
    let oasis = "urn:oasis:names:tc:opendocument:xmlns";
    let content = format!(
        "<office:document-content xmlns:office='{oasis}:office:1.0' xmlns:text='{oasis}:text:1.0' xmlns:draw='{oasis}:drawing:1.0' \
         xmlns:presentation='{oasis}:presentation:1.0'><office:body><office:presentation>{pages}</office:presentation></office:body>\
         </office:document-content>"
    );
    package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.presentation"),
        ("content.xml", content.as_bytes()),
    ])
}

fn read_pages(name: &str, bytes: &[u8], pages: &str) -> Result<Conversion, ConvertError> {
    let options = Options {
        pages: Some(pages.parse().unwrap()),
        ..Options::default()
    };
    convert(Input { bytes, name }, &options, &Limits::default(), &mut NoOcr)
}

fn tables(page: &Page) -> Vec<&Table> {
    let tables = page.blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Table(table) => Some(table),
        _ => None,
    });
    tables.collect()
}

fn messages(conversion: &Conversion) -> Vec<&str> {
    conversion
        .warnings
        .iter()
        .map(|warning| warning.message.as_str())
        .collect()
}

#[test]
fn each_slide_is_a_page_with_its_title_as_the_label() {
    let conversion = read("a.odp", &presentation(&["One", "Two", "Three"])).unwrap();
    let labels: Vec<_> = conversion
        .pages
        .iter()
        .map(|page| (page.number, page.label.as_deref()))
        .collect();
    assert_eq!(labels, [(1, Some("One")), (2, Some("Two")), (3, Some("Three"))]);
    assert_eq!(conversion.pages[1].markdown, "## Two\n\nabout Two");
}

#[test]
fn chosen_slides_alone_are_converted_and_all_are_counted() {
    let conversion = read_pages("a.odp", &presentation(&["One", "Two", "Three"]), "2-3").unwrap();
    let numbers: Vec<u32> = conversion.pages.iter().map(|page| page.number).collect();
    assert_eq!(numbers, [2, 3]);
    assert_eq!(conversion.metadata.page_count, Some(3));
    assert!(!conversion.markdown().contains("One"));
}

#[test]
fn slides_beyond_the_last_are_an_error_that_tells_the_count() {
    let error = read_pages("a.odp", &presentation(&["One"]), "2").unwrap_err();
    assert_eq!(error.code(), "empty_document");
    assert!(error.to_string().contains("the document has 1"), "{error}");
}

#[test]
fn pages_of_a_document_without_pages_are_refused() {
    let word = word_package("<w:p><w:r><w:t>x</w:t></w:r></w:p>", &[]);
    for (name, bytes) in [
        ("a.docx", word.as_slice()),
        ("a.txt", b"x"),
        ("a.csv", b"a,b\n1,2\n"),
    ] {
        assert_eq!(
            read_pages(name, bytes, "1").unwrap_err().code(),
            "pages_not_supported",
            "{name}"
        );
    }
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
fn raised_and_lowered_text_of_a_word_document_is_marked() {
    let run = |place: &str, text: &str| {
        format!("<w:r><w:rPr><w:vertAlign w:val='{place}'/></w:rPr><w:t>{text}</w:t></w:r>")
    };
    let body = format!(
        "<w:p><w:r><w:t>H</w:t></w:r>{}<w:r><w:t>O, m</w:t></w:r>{}</w:p>",
        run("subscript", "2"),
        run("superscript", "3")
    );
    let conversion = read("a.docx", &word_package(&body, &[])).unwrap();
    assert_eq!(conversion.markdown(), "H<sub>2</sub>O, m<sup>3</sup>\n");
}

#[test]
fn a_comment_of_a_word_document_is_a_block_that_the_text_leaves_out() {
    let comments = format!(
        "<w:comments {WORD}><w:comment w:id='0' w:author='Ann' w:date='2024-01-02T03:04:05Z'><w:p><w:r><w:t>Is this </w:t></w:r>\
         <w:r><w:t>true?</w:t></w:r></w:p><w:p><w:r><w:t>Ask.</w:t></w:r></w:p></w:comment></w:comments>"
    );
    let related = relations(&[("comments", "comments.xml")]);
    let more = [
        ("word/comments.xml", comments.as_str()),
        ("word/_rels/document.xml.rels", related.as_str()),
    ];
    let conversion = read(
        "a.docx",
        &word_package("<w:p><w:r><w:t>Body.</w:t></w:r></w:p>", &more),
    )
    .unwrap();
    assert_eq!(conversion.markdown(), "Body.\n");
    let BlockKind::Comment(comment) = &conversion.pages[0].blocks[1].kind else {
        panic!("{:?}", conversion.pages[0].blocks);
    };
    assert_eq!(
        (
            comment.author.as_deref(),
            comment.date.as_deref(),
            comment.text.as_str()
        ),
        (Some("Ann"), Some("2024-01-02T03:04:05Z"), "Is this true?\nAsk.")
    );
    assert_eq!(messages(&conversion), ["comments left out of the text: 1"]);
}

#[test]
fn a_footnote_is_a_block_that_its_reference_leads_to() {
    let notes = format!(
        "<w:footnotes {WORD}><w:footnote w:id='2'><w:p><w:r><w:t>Small print.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    );
    let related = relations(&[("footnotes", "footnotes.xml")]);
    let more = [
        ("word/footnotes.xml", notes.as_str()),
        ("word/_rels/document.xml.rels", related.as_str()),
    ];
    let body = "<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>";
    let conversion = read("a.docx", &word_package(body, &more)).unwrap();
    assert_eq!(conversion.markdown(), "Text[^1]\n\n[^1]: Small print.\n");
    let blocks = &conversion.pages[0].blocks;
    let run = blocks[0].kind.inlines().unwrap().last().unwrap();
    let ilios_convert::ir::Inline::Run(run) = run else {
        panic!("{run:?}");
    };
    assert_eq!(run.marks.as_ref().unwrap().note, Some(blocks[1].id));
}

#[test]
fn paragraphs_with_check_boxes_are_items_of_one_list() {
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let body: String = ["☒ done", "☐ open", "after"]
        .iter()
        .map(|text| paragraph(text))
        .collect();
    let conversion = read("a.docx", &word_package(&body, &[])).unwrap();
    let BlockKind::List(list) = &conversion.pages[0].blocks[0].kind else {
        panic!("{:?}", conversion.pages[0].blocks);
    };
    let items: Vec<_> = list
        .items
        .iter()
        .map(|item| {
            (
                item.checked,
                item.blocks.iter().map(plain_text).collect::<String>(),
            )
        })
        .collect();
    assert_eq!(
        items,
        [(Some(true), "done".to_owned()), (Some(false), "open".to_owned())]
    );
    assert_eq!(conversion.markdown(), "- [x] done\n- [ ] open\n\nafter\n");
}

#[test]
fn a_single_sheet_has_its_name_as_the_label() {
    let conversion = read("a.xlsx", &sheet_package(&[("A1", "x")])).unwrap();
    assert_eq!(conversion.pages[0].label.as_deref(), Some("First"));
}
