use serde_json::Value;

use super::{LocateQuery, Locator, MAX_PLACES};
use crate::Limits;
use crate::ir::{
    BlockKind, Builder, Caption, Inline, Origin, Page, PageKind, PlacedLine, PlacedWord, Region,
};
use crate::readers::markdown_text::read_blocks;
use crate::write::{DocumentHead, DocumentTail, DocumentWriter};

fn located(pages: Vec<Page>, query: LocateQuery) -> Value {
    let mut locator = Locator::new("DOC".into(), query);
    let mut out = String::new();
    locator.start(&DocumentHead::default(), &mut out);
    for page in pages {
        locator.page(page, &mut out).unwrap();
    }
    locator.finish(&DocumentTail::default(), &mut out).unwrap();
    serde_json::from_str(&out).unwrap()
}

fn quote(pages: Vec<Page>, text: &str) -> Value {
    located(pages, LocateQuery::Quote(text.into()))
}

/// A page of paragraphs, each with a box of its own.
fn page(number: u32, paragraphs: &[&str]) -> Page {
    let kinds = paragraphs
        .iter()
        .map(|text| BlockKind::Paragraph(vec![Inline::plain(*text)]));
    page_of(number, kinds.collect())
}

fn page_of(number: u32, kinds: Vec<BlockKind>) -> Page {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    builder.begin_page(number);
    let mut top = 0.0;
    for kind in kinds {
        let origin = Origin {
            regions: vec![Region::new(number, [0.0, top, 100.0, top + 10.0])],
            ..Origin::default()
        };
        builder.add_from(kind, origin).unwrap();
        top += 20.0;
    }
    Page {
        blocks: builder.finish_page().unwrap().0,
        ..Page::new(number, PageKind::TextLayer)
    }
}

fn markdown(text: &str) -> Vec<Page> {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    builder.begin_page(1);
    read_blocks(text, &mut builder).unwrap();
    vec![Page {
        blocks: builder.finish_page().unwrap().0,
        ..Page::new(1, PageKind::Structure)
    }]
}

fn ids(found: &Value) -> Vec<&str> {
    let blocks = found["blocks"].as_array().unwrap();
    blocks.iter().map(|block| block["id"].as_str().unwrap()).collect()
}

#[test]
fn a_quotation_is_found_over_the_end_of_a_page_whatever_stands_between() {
    let caption = BlockKind::Caption(Caption {
        target: None,
        inlines: vec![Inline::plain("Figure 1: a house")],
    });
    let kinds = vec![
        BlockKind::Paragraph(vec![Inline::plain("It rained, and the efﬁcient conver-")]),
        caption,
        BlockKind::PageNumber(vec![Inline::plain("12")]),
    ];
    let pages = || {
        vec![
            page_of(1, kinds.clone()),
            page(2, &["sion of “naïve” text went on.", "More."]),
        ]
    };
    let answer = quote(pages(), "the efficient conversion of \"naive\" text");
    let found = &answer["matches"][0];
    assert_eq!(ids(found), ["p1b1", "p2b1"]);
    assert_eq!((&found["exact"], &found["page"]), (&true.into(), &1.into()));
    assert_eq!(found["locator"], "ilios:DOC#p1b1");
    assert_eq!(found["regions"].as_array().unwrap().len(), 2);
    assert_eq!(found["text"], "the efﬁcient conver sion of “naïve” text");
    assert_eq!(found["blocks"][1]["within"], serde_json::json!([0, 20]));
    assert_eq!(answer["more"], false);
    // What stands beside is found by itself.
    assert_eq!(ids(&quote(pages(), "a house")["matches"][0]), ["p1b2"]);
}

#[test]
fn whole_words_come_before_parts_of_words() {
    let pages = || vec![page(1, &["A restart is no start.", "Startled."])];
    let answer = quote(pages(), "start");
    assert_eq!(answer["matches"].as_array().unwrap().len(), 1);
    assert_eq!(
        answer["matches"][0]["blocks"][0]["within"],
        serde_json::json!([16, 21])
    );
    let answer = quote(pages(), "tartle");
    assert_eq!(ids(&answer["matches"][0]), ["p1b2"]);
    // Scripts without spaces have no words to begin with.
    let chinese = vec![page(1, &["我们住在北京市。"])];
    assert_eq!(quote(chinese, "北京")["matches"][0]["exact"], true);
}

#[test]
fn something_like_it_is_found_where_its_letters_are_not() {
    let pages = || {
        vec![
            page(
                1,
                &["The committee met on Tuesday and discussed the yearly budget at length."],
            ),
            page(2, &["Nothing of that kind is on this page."]),
        ]
    };
    let answer = quote(
        pages(),
        "the commitee met on tuesday, and discused the budget at length",
    );
    let found = &answer["matches"][0];
    assert_eq!((&found["exact"], ids(found)), (&false.into(), vec!["p1b1"]));
    assert!(found["score"].as_f64().unwrap() > 0.85, "{found}");
    assert!(found["text"].as_str().unwrap().ends_with("at length"), "{found}");
    let nothing = quote(pages(), "a sentence that nobody has written down anywhere");
    assert_eq!(nothing, serde_json::json!({"matches": [], "more": false}));
}

#[test]
fn a_quotation_of_a_cell_a_list_or_a_numbered_heading_is_found() {
    let text =
        "# 1.2 Costs\n\n- first item here\n- second item\n\n| Year | Cost |\n|---|---|\n| 2024 | 17 |\n";
    let answer = quote(markdown(text), "17");
    let block = &answer["matches"][0]["blocks"][0];
    assert_eq!(block["type"], "table");
    assert_eq!(block["cell"], serde_json::json!({"row": 1, "column": 1}));
    assert_eq!(
        quote(markdown(text), "1.2 Costs")["matches"][0]["blocks"][0]["type"],
        "heading"
    );
    let items = quote(markdown(text), "first item here second item");
    assert_eq!(items["matches"][0]["blocks"].as_array().unwrap().len(), 2);
}

#[test]
fn regions_are_those_of_the_words_where_they_are_known() {
    let word = |text: &str, left: f32| PlacedWord {
        text: text.into(),
        bbox: [left, 0.0, left + 9.0, 5.0],
        confidence: None,
    };
    let line = |words: Vec<PlacedWord>, top: f32| PlacedLine {
        region: Region::new(1, [0.0, top, 100.0, top + 5.0]),
        text: words
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        words,
    };
    let mut placed = page(1, &["one two three four"]);
    placed.blocks[0].lines = vec![
        line(vec![word("one", 0.0), word("two", 10.0)], 0.0),
        line(vec![word("three", 0.0), word("four", 10.0)], 5.0),
    ];
    let answer = quote(vec![placed], "two three");
    let boxes: Vec<Value> = answer["matches"][0]["regions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|region| region["bbox"].clone())
        .collect();
    assert_eq!(
        boxes,
        [serde_json::json!([10, 0, 19, 5]), serde_json::json!([0, 0, 9, 5])]
    );
}

#[test]
fn blocks_are_found_by_id_hash_and_area() {
    let pages = || vec![page(1, &["Alpha."]), page(2, &["Beta.", "Gamma."])];
    let id = located(pages(), LocateQuery::Block("p2b2".parse().unwrap()));
    assert_eq!(id["matches"][0]["text"], "Gamma.");
    let hash = id["matches"][0]["blocks"][0]["hash"].as_str().unwrap().to_owned();
    assert_eq!(
        ids(&located(pages(), LocateQuery::Hash(hash))["matches"][0]),
        ["p2b2"]
    );
    let area = |bbox| located(pages(), LocateQuery::Area { page: 2, bbox })["matches"].clone();
    assert_eq!(area(None).as_array().unwrap().len(), 2);
    let low = area(Some([0.0, 25.0, 50.0, 60.0]));
    assert_eq!((low.as_array().unwrap().len(), ids(&low[0])), (1, vec!["p2b2"]));
}

#[test]
fn places_are_limited_and_say_so() {
    let texts = vec!["same words again"; MAX_PLACES + 5];
    let answer = quote(vec![page(1, &texts)], "same words again");
    assert_eq!(answer["matches"].as_array().unwrap().len(), MAX_PLACES);
    assert_eq!(answer["more"], true);
}

#[test]
fn a_quotation_without_letters_says_nothing() {
    assert!(!LocateQuery::Quote(" …!".into()).says_something());
    assert!(LocateQuery::Quote("é".into()).says_something());
}
