//! Tables of cases for the words that OCR returns.

use super::blocks::to_markdown;
use super::tsv::lines;

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
    assert_eq!(
        to_markdown(&lines(&tsv.concat())),
        "# Tides\n\nThe water rises twice a day in the harbour and falls again.\n\n\\# no heading"
    );
    assert_eq!(to_markdown(&[]), "");
}
