//! The document that docling's clients read, and DocTags.

use proptest::prelude::*;
use serde_json::Value;

use crate::Limits;
use crate::ir::{
    Block, BlockId, BlockKind, Builder, Caption, Cell, HeaderKind, Inline, Page, PageKind, Region, Table,
};
use crate::options::{ForeignFormat, WriteOptions};
use crate::render::document_writer;
use crate::write::tests::models::blocks;
use crate::write::{DocumentHead, DocumentTail};

fn written(form: ForeignFormat, pages: Vec<Page>) -> String {
    let options = WriteOptions::default();
    let mut writer = document_writer(form, &options);
    let mut out = String::new();
    let head = DocumentHead {
        title: "report.html".into(),
        metadata: None,
    };
    writer.start(&head, &mut out);
    for page in pages {
        writer.page(page, &mut out).expect("a page");
    }
    writer
        .finish(&DocumentTail::default(), &mut out)
        .expect("the end");
    out
}

fn docling(pages: Vec<Page>) -> Value {
    serde_json::from_str(&written(ForeignFormat::Docling, pages)).expect("JSON")
}

fn page(markdown: &str) -> Page {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    builder.begin_page(1);
    crate::readers::markdown_text::read_blocks(markdown, &mut builder).expect("within the limits");
    Page {
        blocks: builder.finish_page().expect("within the limits").0,
        ..Page::new(1, PageKind::Structure)
    }
}

const SAMPLE: &str =
    "# Report\n\nOne paragraph.\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\n- first\n- second\n";

/// Every item hangs at the one that it names, once, and all hang at the body in the end.
fn is_a_tree(document: &Value) {
    let mut met = 0;
    let mut waiting = vec!["#/body".to_owned()];
    while let Some(reference) = waiting.pop() {
        let item = document
            .pointer(&reference[1..])
            .unwrap_or_else(|| panic!("{reference} is missing"));
        assert_eq!(item["self_ref"], reference);
        for child in item["children"].as_array().expect("children") {
            let child = child["$ref"].as_str().expect("a reference");
            let parent = &document.pointer(&child[1..]).expect("the child")["parent"]["$ref"];
            assert_eq!(*parent, reference, "{child}");
            waiting.push(child.to_owned());
            met += 1;
        }
    }
    let lists = ["texts", "tables", "pictures", "groups"];
    let all: usize = lists
        .iter()
        .map(|list| document[list].as_array().expect("a list").len())
        .sum();
    assert_eq!(met, all);
}

#[test]
fn blocks_are_items_with_their_labels() {
    let document = docling(vec![page(SAMPLE)]);
    is_a_tree(&document);
    assert_eq!(
        (&document["name"], &document["version"]),
        (&"report".into(), &"1.7.0".into())
    );
    let labels: Vec<&Value> = document["texts"]
        .as_array()
        .expect("texts")
        .iter()
        .map(|text| &text["label"])
        .collect();
    assert_eq!(labels, ["section_header", "text", "list_item", "list_item"]);
    assert_eq!(document["texts"][0]["text"], "Report");
    assert_eq!(document["texts"][0]["level"], 1);
    assert_eq!(document["texts"][3]["marker"], "-");
    let data = &document["tables"][0]["data"];
    assert_eq!((&data["num_rows"], &data["num_cols"]), (&2.into(), &2.into()));
    assert_eq!(data["table_cells"][0]["column_header"], true);
    assert_eq!(data["table_cells"][3]["end_col_offset_idx"], 2);
}

#[test]
fn boxes_are_measured_from_the_lower_left_corner() {
    let id = BlockId { page: 2, place: 1 };
    let mut placed = Block::new(id, BlockKind::Paragraph(vec![Inline::plain("text")]));
    placed.regions.push(Region::new(2, [10.0, 20.0, 60.0, 30.0]));
    let unplaced = Block::new(
        BlockId { page: 2, place: 2 },
        BlockKind::Paragraph(vec![Inline::plain("more")]),
    );
    let document = docling(vec![Page {
        width: Some(100.0),
        height: Some(200.0),
        blocks: vec![placed, unplaced],
        ..Page::new(2, PageKind::TextLayer)
    }]);
    assert_eq!(document["pages"]["2"]["size"]["height"], 200);
    let place = &document["texts"][0]["prov"][0];
    assert_eq!(place["page_no"], 2);
    assert_eq!(
        (&place["bbox"]["t"], &place["bbox"]["b"]),
        (&180.into(), &170.into())
    );
    assert_eq!(place["charspan"][1], 4);
    assert_eq!(document["texts"][1]["prov"][0]["page_no"], 2);
}

#[test]
fn a_caption_hangs_at_its_table_wherever_it_stands() {
    let table = BlockId { page: 1, place: 3 };
    let caption = BlockKind::Caption(Caption {
        inlines: vec![Inline::plain("Table 1")],
        target: Some(table),
    });
    let cells = vec![Cell::plain(0, 0, "a")];
    let document = docling(vec![Page {
        blocks: vec![
            Block::new(BlockId { page: 1, place: 1 }, caption),
            Block::new(BlockId { page: 1, place: 2 }, BlockKind::Rule),
            Block::new(
                table,
                BlockKind::Table(Table {
                    rows: 1,
                    columns: 1,
                    cells,
                    ..Table::default()
                }),
            ),
        ],
        ..Page::new(1, PageKind::Structure)
    }]);
    is_a_tree(&document);
    assert_eq!(document["tables"][0]["captions"][0]["$ref"], "#/texts/0");
    assert_eq!(document["texts"][0]["label"], "caption");
}

#[test]
fn references_are_those_of_the_document() {
    let lines = written(ForeignFormat::DoclingReferences, vec![page(SAMPLE)]);
    assert!(lines.starts_with("p1b1 #/texts/0\np1b2 #/texts/1\n"), "{lines}");
    assert!(lines.contains(" #/tables/0\n"), "{lines}");
}

#[test]
fn tags_show_spans_and_let_no_text_be_a_tag() {
    let mut table = page("");
    let cells = vec![
        Cell {
            column_span: 2,
            row_span: 2,
            header: Some(HeaderKind::Column),
            ..Cell::plain(0, 0, "<fcel>")
        },
        Cell::plain(2, 1, "x"),
    ];
    let kind = BlockKind::Table(Table {
        rows: 3,
        columns: 2,
        cells,
        ..Table::default()
    });
    table.blocks.push(Block::new(BlockId { page: 1, place: 1 }, kind));
    assert_eq!(
        written(ForeignFormat::DocTags, vec![page("# Report\n\n1. one\n"), table]),
        "<doctag><section_header_level_1>Report</section_header_level_1>\n<ordered_list><list_item>one</list_item>\n\
         </ordered_list>\n<page_break>\n<otsl><ched>&lt;fcel&gt;<lcel><nl><ucel><xcel><nl><ecel><fcel>x<nl></otsl>\n\
         </doctag>\n"
    );
}

#[test]
fn xhtml_has_a_division_for_each_page_of_paper() {
    let mut sized = page("a\n\n---\n\nb  \nc\n");
    sized.width = Some(10.0);
    let xhtml = written(ForeignFormat::Xhtml, vec![sized, page("d")]);
    assert!(
        xhtml.contains("<div class=\"page\">\n<p>a</p>\n<hr/>\n<p>b<br/>c</p>\n</div>\n<p>d</p>\n"),
        "{xhtml}"
    );
}

#[test]
fn elements_are_lines_in_reading_order() {
    let lines = written(ForeignFormat::Elements, vec![page(SAMPLE)]);
    let elements: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let kinds: Vec<&Value> = elements.iter().map(|element| &element["type"]).collect();
    assert_eq!(kinds, ["Title", "NarrativeText", "Table", "ListItem", "ListItem"]);
    assert_eq!(elements[2]["text"], "A B 1 2");
    assert!(elements[2]["html"].as_str().expect("HTML").contains("<td>1</td>"));
    assert_eq!(elements[3]["depth"], 0);
}

proptest! {
    #[test]
    fn any_document_is_a_tree(blocks in blocks()) {
        let page = Page { blocks, ..Page::new(1, PageKind::Structure) };
        is_a_tree(&docling(vec![page.clone()]));
        for line in written(ForeignFormat::Elements, vec![page]).lines() {
            serde_json::from_str::<Value>(line).expect("JSON");
        }
    }
}
