//! Tables of cases for the words that OCR returns.

use super::blocks::add_to;
use super::tsv::{confidence, lines};
use crate::Limits;
use crate::ir::{Block, BlockKind, Builder, plain_text};

/// Row of a word: block, paragraph, line, top, height, confidence, text.
fn word(place: [u32; 3], top: u32, height: u32, confidence: f32, text: &str) -> String {
    let [block, paragraph, line] = place;
    format!("5\t1\t{block}\t{paragraph}\t{line}\t1\t10\t{top}\t90\t{height}\t{confidence}\t{text}\n")
}

fn texts(tsv: &str) -> Vec<String> {
    lines(tsv).iter().map(super::tsv::Line::text).collect()
}

#[test]
fn noise_is_dropped_and_unlikely_words_of_sound_lines_are_kept() {
    let sound = word([1, 1, 1], 10, 20, 95.0, "harbour");
    for (confidence, text, kept) in [
        (95.0, "office", true),
        (5.0, "Hafenamt", true),
        (20.0, "ab", false),
        (35.0, "ab", true),
        (50.0, "~=", false),
        (70.0, "~=", true),
    ] {
        let tsv = format!("{sound}{}", word([1, 1, 1], 10, 20, confidence, text));
        let expected = if kept {
            format!("harbour {text}")
        } else {
            "harbour".to_owned()
        };
        assert_eq!(texts(&tsv), [expected], "{text} {confidence}");
    }
    let border = word([1, 1, 1], 10, 20, 20.0, "llllIIII");
    assert!(texts(&border).is_empty(), "a line of low confidence is no text");
}

#[test]
fn malformed_rows_are_skipped() {
    for row in [
        "level\tpage_num\tblock_num\n",
        "4\t1\t1\t1\t1\t0\t10\t10\t90\t20\t-1\t\n",
        "5\t1\t1\t1\t1\t1\t10\t10\t90\t20\t95\t \n",
        "5\t1\t1\t1\t1\t1\t10\t10\t0\t20\t95\tword\n",
        "5\t1\t1\t1\t1\t1\t10\t10\t90\t20\t101\tword\n",
        "5\t1\t1\t1\t1\t1\t10\tx\t90\t20\t95\tword\n",
        "5\t1\t1\n",
        "",
    ] {
        assert!(texts(row).is_empty(), "{row:?}");
    }
}

#[test]
fn high_lines_are_headings_and_divided_words_are_joined() {
    let tsv = [
        word([1, 1, 1], 10, 40, 95.0, "Tides"),
        word([1, 2, 2], 60, 20, 95.0, "The water rises twice a day in the har-"),
        word([1, 2, 3], 90, 20, 95.0, "bour and falls again."),
        word([2, 1, 4], 130, 20, 95.0, "# no heading"),
    ];
    let blocks = made(&tsv.concat(), 1.0);
    let shown: Vec<(&str, String)> = blocks
        .iter()
        .map(|block| (block.kind.name(), plain_text(block)))
        .collect();
    assert_eq!(
        shown,
        [
            ("heading", "Tides".to_owned()),
            (
                "paragraph",
                "The water rises twice a day in the harbour and falls again.".to_owned()
            ),
            ("paragraph", "# no heading".to_owned()),
        ]
    );
    assert!(matches!(blocks[0].kind, BlockKind::Heading { level: 1, .. }));
    assert!(made("", 1.0).is_empty());
}

fn made(tsv: &str, unit: f32) -> Vec<Block> {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    add_to(&lines(tsv), &mut builder, 1, unit).unwrap();
    builder.finish_page().unwrap().0
}

#[test]
fn blocks_have_the_box_and_the_confidence_of_their_words() {
    let tsv = [
        word([1, 1, 1], 10, 20, 90.0, "first"),
        word([1, 1, 2], 40, 20, 80.0, "second"),
        word([2, 1, 3], 90, 20, 60.0, "third"),
    ];
    let blocks = made(&tsv.concat(), 0.5);
    let boxes: Vec<[f32; 4]> = blocks
        .iter()
        .flat_map(|block| &block.regions)
        .map(|region| region.bbox)
        .collect();
    assert_eq!(boxes, [[5.0, 5.0, 50.0, 30.0], [5.0, 45.0, 50.0, 55.0]]);
    let near = |actual: Option<f32>, expected: f32| actual.is_some_and(|it| (it - expected).abs() < 0.001);
    assert!(near(blocks[0].confidence, 0.85) && near(blocks[1].confidence, 0.6));
    let read = lines(&tsv.concat());
    let page = confidence(read.iter().flat_map(|line| &line.words));
    assert!(near(page.map(|it| it.mean), 0.7667) && near(page.map(|it| it.min), 0.6));
}
