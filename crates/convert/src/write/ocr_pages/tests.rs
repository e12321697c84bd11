//! Pages as Mistral's OCR answers them.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::ir::{
    Block, BlockId, BlockKind, Builder, Confidence, Figure, Inline, Page, PageKind, PlacedLine, PlacedWord,
    Region,
};
use crate::options::{ForeignFormat, OcrPageOptions, ScoreGranularity, SeparateTables, WriteOptions};
use crate::render::document_writer;
use crate::write::tests::models::blocks;
use crate::{Limits, write::DocumentTail};

const SAMPLE: &str = "# Report\n\nSee [this](https://a.example/x).\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\n- first\n- second";

fn written(pages: Vec<Page>, wanted: OcrPageOptions) -> Vec<Value> {
    let options = WriteOptions::default();
    let mut writer = document_writer(ForeignFormat::OcrPages(wanted), &options);
    let mut out = String::new();
    for page in pages {
        writer.page(page, &mut out).expect("a page");
    }
    writer
        .finish(&DocumentTail::default(), &mut out)
        .expect("the end");
    out.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn only(page: Page, wanted: OcrPageOptions) -> Value {
    written(vec![page], wanted).pop().expect("a page")
}

/// A page of a PDF.
fn page(number: u32, blocks: Vec<Block>) -> Page {
    Page {
        width: Some(360.0),
        height: Some(720.0),
        blocks,
        ..Page::new(number, PageKind::TextLayer)
    }
}

fn read(markdown: &str) -> Vec<Block> {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    builder.begin_page(1);
    crate::readers::markdown_text::read_blocks(markdown, &mut builder).expect("within the limits");
    builder.finish_page().expect("within the limits").0
}

fn block(place: u32, kind: BlockKind, bbox: [f32; 4]) -> Block {
    Block {
        regions: vec![Region::new(1, bbox)],
        ..Block::new(BlockId { page: 1, place }, kind)
    }
}

fn text(text: &str) -> Vec<Inline> {
    vec![Inline::plain(text)]
}

fn with_blocks() -> OcrPageOptions {
    OcrPageOptions {
        blocks: true,
        ..OcrPageOptions::default()
    }
}

#[test]
fn a_page_is_its_markdown_and_its_blocks_in_pixels() {
    let mut blocks = read(SAMPLE);
    blocks[0].regions = vec![Region::new(1, [36.0, 72.0, 180.1, 90.0])];
    let page = only(page(1, blocks), with_blocks());
    assert_eq!(page["index"], 0);
    assert_eq!(page["markdown"], SAMPLE);
    assert_eq!(page["hyperlinks"], json!(["https://a.example/x"]));
    assert_eq!(
        page["dimensions"],
        json!({"dpi": 200, "height": 2000, "width": 1000})
    );
    assert_eq!((&page["images"], &page["tables"]), (&json!([]), &json!([])));
    assert!(page["header"].is_null() && page["footer"].is_null() && page["confidence_scores"].is_null());
    assert_eq!(
        page["blocks"][0],
        json!({"type": "title", "top_left_x": 100, "top_left_y": 200, "bottom_right_x": 501,
               "bottom_right_y": 250, "content": "# Report"})
    );
    // One whose place is not known has the whole page.
    assert_eq!(page["blocks"][1]["bottom_right_y"], 2000);
    let contents: Vec<&str> = page["blocks"]
        .as_array()
        .expect("blocks")
        .iter()
        .map(|block| block["content"].as_str().expect("text"))
        .collect();
    assert_eq!(contents.join("\n\n"), SAMPLE);
    assert_eq!(page["blocks"][2]["table_id"], Value::Null);
}

#[test]
fn tables_leave_the_text_when_their_form_is_named() {
    for (form, id, begin) in [
        (SeparateTables::Markdown, "tbl-0.md", "| A | B |"),
        (SeparateTables::Html, "tbl-0.html", "<table>"),
    ] {
        let wanted = OcrPageOptions {
            tables: Some(form),
            ..with_blocks()
        };
        let pages = written(vec![page(1, read(SAMPLE)), page(2, read(SAMPLE))], wanted);
        let table = &pages[0]["tables"][0];
        assert_eq!(table["id"], id);
        assert!(
            table["content"].as_str().expect("text").starts_with(begin),
            "{table}"
        );
        let markdown = pages[0]["markdown"].as_str().expect("text");
        assert!(markdown.contains(&format!("\n\n[{id}]({id})\n\n")), "{markdown}");
        assert!(!markdown.contains('|') && !markdown.contains("<table"));
        assert_eq!(pages[0]["blocks"][2]["type"], "table");
        assert_eq!(pages[0]["blocks"][2]["table_id"], id);
        assert_eq!(pages[0]["blocks"][2]["content"], table["content"]);
        // Names are counted through the document.
        assert_eq!(pages[1]["tables"][0]["id"], id.replace('0', "1"));
    }
}

#[test]
fn pictures_have_names_and_can_be_limited() {
    let figure = |place, image: Option<&str>, bbox| {
        let figure = Figure {
            image: image.map(str::to_owned),
            ..Figure::default()
        };
        block(place, BlockKind::Figure(figure), bbox)
    };
    let blocks = vec![
        figure(1, Some("p1-1.png"), [0.0, 0.0, 180.0, 180.0]),
        block(2, BlockKind::Paragraph(text("between")), [0.0; 4]),
        figure(3, None, [0.0, 360.0, 3.6, 3.6 + 360.0]),
        figure(4, None, [0.0, 400.0, 360.0, 500.0]),
    ];
    let given = only(
        page(1, blocks.clone()),
        OcrPageOptions {
            image_names: true,
            image_min_size: Some(20),
            ..with_blocks()
        },
    );
    assert_eq!(
        given["markdown"],
        "![img-0.png](img-0.png)\n\nbetween\n\n![img-1.jpeg](img-1.jpeg)"
    );
    assert_eq!(
        given["images"][0],
        json!({"id": "img-0.png", "top_left_x": 0, "top_left_y": 0, "bottom_right_x": 500,
               "bottom_right_y": 500, "image_base64": null, "image_annotation": null, "name": "p1-1.png"})
    );
    assert_eq!(given["images"].as_array().map(Vec::len), Some(2));
    assert_eq!(given["blocks"][0]["image_id"], "img-0.png");
    let none = only(
        page(1, blocks),
        OcrPageOptions {
            image_limit: Some(0),
            ..with_blocks()
        },
    );
    assert_eq!(none["markdown"], "between");
    assert_eq!(none["images"], json!([]));
    assert_eq!(none["blocks"].as_array().map(Vec::len), Some(1));
}

#[test]
fn headers_and_footers_are_in_the_text_unless_they_are_taken_out() {
    let blocks = || {
        vec![
            block(1, BlockKind::Header(text("top")), [0.0, 0.0, 360.0, 10.0]),
            block(2, BlockKind::Paragraph(text("body")), [0.0, 50.0, 360.0, 60.0]),
            block(3, BlockKind::Watermark(text("DRAFT")), [0.0, 50.0, 360.0, 60.0]),
            block(4, BlockKind::PageNumber(text("7")), [0.0, 700.0, 360.0, 710.0]),
        ]
    };
    let whole = only(page(1, blocks()), with_blocks());
    assert_eq!(whole["markdown"], "top\n\nbody\n\n7");
    assert!(whole["header"].is_null() && whole["footer"].is_null());
    let parted = only(
        page(1, blocks()),
        OcrPageOptions {
            extract_header: true,
            extract_footer: true,
            ..with_blocks()
        },
    );
    assert_eq!(parted["markdown"], "body");
    assert_eq!(
        (&parted["header"], &parted["footer"]),
        (&json!("top"), &json!("7"))
    );
    for page in [whole, parted] {
        let types: Vec<&Value> = page["blocks"]
            .as_array()
            .expect("blocks")
            .iter()
            .map(|block| &block["type"])
            .collect();
        assert_eq!(types, ["header", "text", "footer"]);
    }
}

#[test]
fn scores_are_those_of_the_engine_and_words_are_all_of_the_text() {
    let word = |text: &str, confidence| PlacedWord {
        text: text.into(),
        bbox: [0.0; 4],
        confidence: Some(confidence),
    };
    let mut paragraph = block(1, BlockKind::Paragraph(text("one two three")), [0.0; 4]);
    paragraph.lines = vec![PlacedLine {
        region: Region::new(1, [0.0; 4]),
        text: "one two".into(),
        words: vec![word("one", 0.5), word("two", 0.75)],
    }];
    paragraph.type_confidence = Some(0.9);
    let recognized = Page {
        kind: PageKind::Ocr,
        confidence: Some(Confidence { mean: 0.6, min: 0.5 }),
        ..page(1, vec![paragraph])
    };
    let scored = |page: Page, scores| {
        only(
            page,
            OcrPageOptions {
                scores: Some(scores),
                ..with_blocks()
            },
        )
    };
    let by_word = scored(recognized.clone(), ScoreGranularity::Word);
    assert_eq!(
        by_word["confidence_scores"],
        json!({"average_page_confidence_score": 0.6, "minimum_page_confidence_score": 0.5,
               "word_confidence_scores": [
                   {"text": "one", "confidence": 0.5, "start_index": 0},
                   {"text": " two", "confidence": 0.75, "start_index": 3},
                   {"text": " three", "confidence": 0.6, "start_index": 7}]})
    );
    let by_block = scored(recognized, ScoreGranularity::Block);
    assert_eq!(
        by_block["blocks"][0]["confidence_scores"],
        json!({"average_content_confidence_score": 0.625, "minimum_content_confidence_score": 0.5,
               "block_type_confidence_score": 0.9})
    );
    // Characters of the file itself are certain; what an engine says nothing about is not known.
    let certain = scored(page(1, read("one")), ScoreGranularity::Page);
    assert_eq!(certain["confidence_scores"]["minimum_page_confidence_score"], 1);
    let unknown = Page {
        kind: PageKind::Ocr,
        ..page(1, read("one"))
    };
    assert!(scored(unknown, ScoreGranularity::Page)["confidence_scores"].is_null());
}

proptest! {
    #[test]
    fn any_page_is_one_line_whose_names_all_lead_somewhere(blocks in blocks(), separate in any::<bool>()) {
        let wanted = OcrPageOptions {
            tables: separate.then_some(SeparateTables::Html),
            scores: Some(ScoreGranularity::Word),
            ..with_blocks()
        };
        let page = only(page(1, blocks), wanted);
        let images: Vec<&Value> = page["images"].as_array().expect("images").iter().map(|image| &image["id"]).collect();
        let tables: Vec<&Value> = page["tables"].as_array().expect("tables").iter().map(|table| &table["id"]).collect();
        for block in page["blocks"].as_array().expect("blocks") {
            if block["type"] == "image" {
                prop_assert!(images.contains(&&block["image_id"]), "{block}");
            }
            if let Some(id) = block.get("table_id").filter(|id| !id.is_null()) {
                prop_assert!(tables.contains(&id), "{block}");
            }
        }
        let words = page["confidence_scores"]["word_confidence_scores"].as_array().expect("words");
        let joined: String = words.iter().map(|word| word["text"].as_str().expect("text")).collect();
        prop_assert_eq!(&joined, page["markdown"].as_str().expect("text"));
    }
}
