//! Styles and links of the running text of blocks.

use super::model::{block, bold, italic, linked, paragraph, run, seen};
use crate::layout::BlockKind;
use crate::layout::line::Run;
use crate::layout::line::RunLink;

fn struck(text: &str) -> Run {
    Run {
        struck: true,
        ..run(text)
    }
}

fn bold_italic(text: &str) -> Run {
    Run {
        italic: true,
        ..bold(text)
    }
}

#[test]
fn each_style_shows_on_its_own_words() {
    for (runs, expected) in [
        (vec![run("a"), bold("b"), run("c")], "a <b>b</b> c"),
        (
            vec![bold("a"), italic("b"), struck("c")],
            "<b>a</b> <i>b</i> <s>c</s>",
        ),
        (vec![bold_italic("both"), run("none")], "<bi>both</bi> none"),
        (vec![bold("Note:"), run("text")], "<b>Note:</b> text"),
        (vec![bold("(a)"), run("text")], "<b>(a)</b> text"),
        (
            vec![run("see"), italic("this."), run("Then")],
            "see <i>this.</i> Then",
        ),
        (
            vec![italic("one"), italic("two"), run("three")],
            "<i>one two</i> three",
        ),
        (vec![struck("old"), run("new")], "<s>old</s> new"),
        (vec![bold("東京"), run("and")], "<b>東京</b> and"),
    ] {
        let written = paragraph(vec![runs]);
        assert_eq!(written, expected);
    }
}

#[test]
fn text_that_looks_like_markup_keeps_its_style() {
    for (text, expected) in [
        ("a*b", "<b>a*b</b>"),
        ("f(x)", "<b>f(x)</b>"),
        ("__init__", "<b>__init__</b>"),
        ("a_b", "<b>a_b</b>"),
        ("[1]", "<b>[1]</b>"),
        ("<b>", "<b><b></b>"),
        ("1. first", "<b>1. first</b>"),
        ("# first", "<b># first</b>"),
        ("\\", "<b>\\</b>"),
        ("***", "<b>***</b>"),
    ] {
        assert_eq!(paragraph(vec![vec![bold(text)]]), expected);
    }
}

#[test]
fn links_show_on_their_text_alone() {
    for (runs, expected) in [
        (
            vec![linked("office", "https://bay.example")],
            "<https://bay.example|office>",
        ),
        (
            vec![
                run("see"),
                linked("the office", "https://bay.example/a?b=c&d=e#f"),
                run("."),
            ],
            "see <https://bay.example/a?b=c&d=e#f|the office> .",
        ),
        (
            vec![
                linked("write", "mailto:office@bay.example"),
                linked("call", "tel:+4912345"),
            ],
            "<mailto:office@bay.example|write> <tel:+4912345|call>",
        ),
        (
            vec![linked("snake_case", "https://bay.example/_a_")],
            "<https://bay.example/_a_|snake_case>",
        ),
        (vec![linked("data", "data:text/html,x"), run("end")], "data end"),
        (vec![linked("a", "https://bay.example/\u{1}")], "a"),
    ] {
        let written = paragraph(vec![runs]);
        assert_eq!(written, expected);
    }
}

#[test]
fn a_link_may_cover_a_part_of_a_run() {
    let text = "see the office for more";
    for (range, expected) in [
        (4..14, "see <https://bay.example|the office> for more"),
        (0..3, "<https://bay.example|see> the office for more"),
        (19..23, "see the office for <https://bay.example|more>"),
        (3..15, "see<https://bay.example| the office >for more"),
    ] {
        let link = RunLink {
            range: range.clone(),
            uri: "https://bay.example".to_owned(),
        };
        let run = Run {
            links: vec![link],
            ..run(text)
        };
        assert_eq!(paragraph(vec![vec![run]]), expected, "{range:?}");
    }
}

#[test]
fn styles_and_links_go_on_over_the_end_of_a_line() {
    for (first, second, expected) in [
        (bold("a bold"), bold("phrase"), "<b>a bold phrase</b>"),
        (bold("a bold"), run("word"), "<b>a bold</b> word"),
        (italic("a divi-"), italic("ded word"), "<i>a divided word</i>"),
        (
            bold("all bold"),
            italic("all italic"),
            "<b>all bold</b> <i>all italic</i>",
        ),
        (
            linked("the long", "https://bay.example"),
            linked("link", "https://bay.example"),
            "<https://bay.example|the long link>",
        ),
    ] {
        assert_eq!(paragraph(vec![vec![first], vec![second]]), expected);
    }
}

#[test]
fn headings_show_no_styles() {
    for runs in [
        vec![bold("Tides of the bay")],
        vec![bold("Tides"), italic("of the bay")],
        vec![run("Tides"), struck("of"), bold_italic("the bay")],
    ] {
        let heading = block(BlockKind::Heading(3), vec![runs]);
        assert_eq!(seen(&[heading]), ["h3: Tides of the bay"]);
    }
}
