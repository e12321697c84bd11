use super::{SIZE, line, line_of, run};
use crate::layout::line::{Line, Run};

#[test]
fn a_line_without_ink_is_none() {
    for text in ["", " ", "\u{a0}\t "] {
        assert!(line_of(vec![run(0, text)], 100.0).is_none(), "{text:?}");
    }
}

#[test]
fn its_edges_are_those_of_the_ink() {
    let runs = vec![run(2, "  "), run(4, "Left"), run(10, "right   "), run(20, "   ")];
    let line = line_of(runs, 100.0);
    let edges = line.map(|line| (line.left, line.right));
    assert_eq!(edges, Some((20.0, 75.0)));
}

#[test]
fn its_size_is_that_of_most_characters() {
    let sized = |text: &str, size: f32| Run { size, ..run(0, text) };
    let cases: [(&[(&str, f32)], f32); 5] = [
        (&[("plain", 9.0)], 9.0),
        (&[("E = mc", 10.0), ("2", 6.0)], 10.0),
        (&[("T", 14.0), ("HE SMALL CAPITALS", 10.0)], 10.0),
        (&[("almost", 10.0), ("the same", 10.2)], 10.0),
        (&[("damaged", 0.0)], 1.0),
    ];
    for (runs, size) in cases {
        let runs = runs.iter().map(|(text, size)| sized(text, *size)).collect();
        let line = line_of(runs, 100.0);
        assert_eq!(line.map(|line| line.size), Some(size));
    }
}

#[test]
fn a_style_is_that_of_all_visible_text() {
    let styled = |text: &str, bold: bool, monospace: bool| Run {
        bold,
        monospace,
        ..run(0, text)
    };
    let cases = [
        (
            vec![styled("all", true, false), styled("bold", true, false)],
            true,
            false,
        ),
        (
            vec![styled("a", true, false), styled("  ", false, false)],
            true,
            false,
        ),
        (
            vec![styled("half", true, false), styled("bold", false, false)],
            false,
            false,
        ),
        (
            vec![styled("let x", false, true), styled("= 1;", false, true)],
            false,
            true,
        ),
        (
            vec![styled("call ", false, false), styled("main", false, true)],
            false,
            false,
        ),
    ];
    for (runs, bold, code) in cases {
        let Some(line) = line_of(runs, 100.0) else {
            continue;
        };
        assert_eq!((line.is_bold(), line.is_code()), (bold, code), "{}", line.text);
    }
}

#[test]
fn capitals_are_letters_without_a_small_one() {
    for (text, upper) in [
        ("ANNUAL REPORT 2024", true),
        ("ÜBERSICHT", true),
        ("Annual", false),
        ("2024", false),
        ("§ 4", false),
    ] {
        assert_eq!(line(0, 100.0, text).is_uppercase(), upper, "{text}");
    }
}

#[test]
fn sentences_end_with_their_mark_within_quotes_and_brackets() {
    for (text, ends) in [
        ("It is done.", true),
        ("Is it done?", true),
        ("He said: \u{201c}Done.\u{201d}", true),
        ("(as above.) ", true),
        ("the following:", true),
        ("終わりました。", true),
        ("It is not", false),
        ("comma,", false),
        ("hyphen-", false),
    ] {
        assert_eq!(line(0, 100.0, text).ends_sentence(), ends, "{text}");
    }
}

#[test]
fn a_row_has_two_gaps_that_are_wider_than_words_stand_apart() {
    for (columns, is_row) in [([0, 10, 20], true), ([0, 5, 20], false), ([0, 5, 10], false)] {
        let runs = columns.map(|column| run(column, "word")).to_vec();
        let line = line_of(runs, 100.0);
        assert_eq!(line.as_ref().map(Line::is_row), Some(is_row), "{columns:?}");
    }
}

#[test]
fn widths_follow_the_average_character() {
    let line = line(0, 100.0, "three short words");
    assert!((line.first_word_width() - 25.0).abs() < 0.01);
    assert!((line.width_of(17) - 85.0).abs() < 0.01);
    assert!(line.has_run_at(0.4 * SIZE) && !line.has_run_at(SIZE));
}

#[test]
fn more_endings_of_sentences() {
    for (text, ends) in [
        ("it is done.)", true),
        ("\u{ab}Fini.\u{bb}", true),
        ("[see above.]", true),
        ("wait\u{2026}", true),
        ("one thing;", true),
        ("what!\u{2019}", true),
        ("\u{7d42}\u{308f}\u{308a}\u{ff1f}", true),
        ("he said \u{201c}no\u{201d}", false),
        ("about 3.14", false),
        ("(in brackets)", false),
        ("a dash \u{2013}", false),
    ] {
        assert_eq!(line(0, 100.0, text).ends_sentence(), ends, "{text}");
    }
}

#[test]
fn small_letters_are_those_of_every_alphabet() {
    for (text, small) in [
        ("the", true),
        ("  the", true),
        ("\u{e9}clair", true),
        ("\u{3b1}\u{3b2}", true),
        ("The", false),
        ("\u{c4}rger", false),
        ("1st", false),
        ("\u{6771}\u{4eac}", false),
        ("- the", false),
    ] {
        assert_eq!(line(0, 100.0, text).starts_lowercase(), small, "{text}");
    }
}

#[test]
fn one_rotated_run_rotates_its_line() {
    let rotated = |rotated: bool| Run {
        rotated,
        ..run(0, "text")
    };
    for (runs, expected) in [
        (vec![rotated(false), rotated(false)], false),
        (vec![rotated(false), rotated(true)], true),
        (vec![rotated(true)], true),
    ] {
        let line = line_of(runs, 100.0);
        assert_eq!(line.as_ref().map(Line::is_rotated), Some(expected));
    }
}

#[test]
fn the_gaps_of_a_row_grow_with_its_size() {
    // The gap between two of the words is 10 points.
    for (size, is_row) in [(8.0, true), (12.0, true), (13.0, false), (20.0, false)] {
        let runs = [0, 6, 12].map(|column| Run {
            size,
            ..run(column, "word")
        });
        let line = line_of(runs.to_vec(), 100.0);
        assert_eq!(line.as_ref().map(Line::is_row), Some(is_row), "{size}");
    }
}
