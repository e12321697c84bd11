//! JSON of blocks and documents.

use serde_json::{Value, json};

use crate::ir::{
    Block, BlockId, BlockKind, Footnote, Inline, Link, Marks, Page, PageKind, Region, Run, Style,
};
use crate::options::{OutputFormat, WriteOptions};
use crate::write::{DocumentHead, DocumentTail, document_writer, json_page};
use crate::{Metadata, Warning};

fn id(place: u32) -> BlockId {
    BlockId { page: 3, place }
}

fn page_of(blocks: Vec<Block>) -> Page {
    Page {
        blocks,
        ..Page::new(3, PageKind::Structure)
    }
}

fn written(page: &Page) -> Value {
    let mut out = String::new();
    json_page(page, &mut out);
    serde_json::from_str(&out).unwrap()
}

fn block(kind: BlockKind) -> Value {
    written(&page_of(vec![Block::new(id(7), kind)]))["blocks"][0].take()
}

#[test]
fn a_field_that_is_false_or_unknown_is_absent() {
    assert_eq!(
        block(BlockKind::Paragraph(vec![
            Inline::plain("a"),
            Inline::Break,
            Inline::Run(Run::styled(
                "b",
                Style {
                    bold: true,
                    ..Style::default()
                }
            )),
        ])),
        json!({
            "id": "p3b7", "type": "paragraph", "text": "a\nb", "hash": "be29d68175c6",
            "inlines": [{"text": "a"}, {"break": true}, {"text": "b", "bold": true}],
        })
    );
    assert_eq!(
        written(&page_of(Vec::new())),
        json!({"number": 3, "kind": "structure", "markdown": "", "blocks": [], "doubts": []})
    );
}

#[test]
fn boxes_have_two_decimals_at_most() {
    let mut block = Block::new(id(1), BlockKind::Rule);
    block.regions = vec![
        Region::new(3, [72.0, 0.125, -0.001, 100.456]),
        Region {
            angle: Some(90.0),
            ..Region::new(4, [f32::NAN, f32::INFINITY, 1e6, 0.1])
        },
    ];
    let mut out = String::new();
    json_page(&page_of(vec![block]), &mut out);
    for part in [
        r#""page":3,"bbox":[72,0.13,0,100.46],"regions":[{"page":3,"bbox":[72,0.13,0,100.46]}"#,
        r#"{"page":4,"bbox":[0,0,1000000,0.1],"angle":90}]"#,
    ] {
        assert!(out.contains(part), "{out}");
    }
}

#[test]
fn strings_hold_any_character() {
    let text: String = ('\0'..'\u{100}')
        .chain("\u{2028}é東\u{1f600}\"\\".chars())
        .collect();
    let written = block(BlockKind::Code {
        language: None,
        text: text.clone(),
    });
    assert_eq!(written["text"], text);
}

#[test]
fn references_are_ids() {
    let note = Marks {
        note: Some(id(9)),
        ..Marks::default()
    };
    let runs = [
        Run {
            link: Some(Link::Block(id(2))),
            ..Run::plain("there")
        },
        Run {
            link: Link::to("https://a.example/"),
            marks: Some(Box::new(note)),
            ..Run::plain("1")
        },
    ];
    let block = block(BlockKind::Paragraph(runs.map(Inline::Run).to_vec()));
    assert_eq!(
        block["inlines"],
        json!([
            {"text": "there", "link": {"block": "p3b2"}},
            {"text": "1", "link": {"href": "https://a.example/"}, "note": "p3b9"},
        ])
    );
}

#[test]
fn the_same_text_has_the_same_hash() {
    let hash = |kind: BlockKind| block(kind)["hash"].as_str().unwrap().to_owned();
    let paragraph = |text: &str| hash(BlockKind::Paragraph(vec![Inline::plain(text)]));
    assert_eq!(
        paragraph("caf\u{e9} au  lait"),
        paragraph(" cafe\u{301}\tau lait\n")
    );
    assert_ne!(paragraph("a b"), paragraph("ab"));
    assert_ne!(paragraph("a"), hash(BlockKind::Title(vec![Inline::plain("a")])));
}

#[test]
fn pages_without_blocks_say_so() {
    let mut page = page_of(Vec::new());
    page.markdown = "text".into();
    assert_eq!(written(&page)["doubts"][0]["code"], "no_places");
}

#[test]
fn outline_and_notes_are_those_of_all_pages() {
    let heading = |place, level, text: &str| {
        let inlines = vec![Inline::plain(text)];
        let number = Some("1.2".to_owned()).filter(|_| level == 2);
        Block::new(
            id(place),
            BlockKind::Heading {
                level,
                number,
                inlines,
            },
        )
    };
    let note = Footnote {
        label: "*".into(),
        blocks: Vec::new(),
    };
    let mut first = page_of(vec![
        heading(1, 1, "One"),
        Block::new(id(2), BlockKind::Quote(vec![heading(3, 2, "Two")])),
    ]);
    first.label = Some("iii".into());
    let mut second = page_of(vec![Block::new(id(4), BlockKind::Footnote(note))]);
    second.number = 4;
    let head = DocumentHead {
        title: "t".into(),
        metadata: Some(Metadata {
            title: Some("T".into()),
            ..Metadata::default()
        }),
    };
    let tail = DocumentTail {
        warnings: vec![Warning::page(4, "w")],
        ..DocumentTail::default()
    };
    let options = WriteOptions::default();
    let mut writer = document_writer(OutputFormat::Json.into(), &options, None);
    let mut out = String::new();
    writer.start(&head, &mut out);
    for page in [first, second] {
        writer.page(page, &mut out).unwrap();
    }
    writer.finish(&tail, &mut out).unwrap();
    let mut document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["pages"].take().as_array().unwrap().len(), 2);
    assert_eq!(
        document,
        json!({
            "model": "1.0",
            "metadata": {"title": "T"},
            "pages": null,
            "outline": [
                {"level": 1, "text": "One", "block": "p3b1", "page": 3, "label": "iii"},
                {"level": 2, "number": "1.2", "text": "Two", "block": "p3b3", "page": 3, "label": "iii"},
            ],
            "notes": [{"label": "*", "block": "p3b4", "page": 4}],
            "images": [],
            "warnings": [{"page": 4, "message": "w"}],
        })
    );
}
