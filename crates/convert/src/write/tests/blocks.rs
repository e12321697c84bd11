use crate::layout::block::ListItem;
use crate::layout::hyphenation::Vocabulary;
use crate::layout::line::RunLink;
use crate::layout::{Block, BlockKind, Line, Run};
use crate::write::blocks::{normalize, write};

pub(super) fn run(text: &str) -> Run {
    Run {
        text: text.to_owned(),
        size: 10.0,
        ..Run::default()
    }
}

pub(super) fn bold(text: &str) -> Run {
    Run {
        bold: true,
        ..run(text)
    }
}

pub(super) fn italic(text: &str) -> Run {
    Run {
        italic: true,
        ..run(text)
    }
}

pub(super) fn linked(text: &str, uri: &str) -> Run {
    Run {
        links: vec![RunLink {
            range: 0..text.len(),
            uri: uri.to_owned(),
        }],
        ..run(text)
    }
}

/// Block of lines, each of them given by its runs.
pub(super) fn block(kind: BlockKind, lines: Vec<Vec<Run>>) -> Block {
    let lines = lines.into_iter().enumerate().filter_map(|(row, mut runs)| {
        let mut left = 0.0;
        for run in &mut runs {
            run.left = left;
            left += run.text.chars().map(|_| 5.0).sum::<f32>();
            run.ink_right = left;
        }
        let texts: Vec<&str> = runs.iter().map(|run| run.text.as_str()).collect();
        let baseline = (0..row).fold(700.0, |baseline, _| baseline - 12.0);
        Line::new(texts.join(" "), runs, baseline, 0)
    });
    Block {
        kind,
        lines: lines.collect(),
        joined_text: None,
    }
}

pub(super) fn markdown(blocks: &[Block]) -> String {
    let vocabulary = Vocabulary::of(blocks.iter().flat_map(|block| &block.lines));
    write(blocks, &vocabulary)
}

pub(super) fn paragraph(lines: Vec<Vec<Run>>) -> String {
    markdown(&[block(BlockKind::Paragraph, lines)])
}

#[test]
fn lines_of_a_paragraph_become_one() {
    for (first, second, expected) in [
        ("two", "lines", "two lines"),
        ("a divi-", "ded word", "a divided word"),
        ("a well-", "known fact", "a well-known fact"),
        ("# no", "heading", "\\# no heading"),
    ] {
        assert_eq!(paragraph(vec![vec![run(first)], vec![run(second)]]), expected);
    }
}

#[test]
fn emphasis_is_marked_where_markdown_can_see_it() {
    for (runs, expected) in [
        (vec![run("a"), bold("bold"), run("word")], "a **bold** word"),
        (vec![italic("all italic")], "*all italic*"),
        (vec![bold("one"), bold("phrase")], "**one phrase**"),
        (vec![bold("\u{2022}"), run("item")], "\u{2022} item"),
        (vec![run("*"), bold("star")], "\\* **star**"),
    ] {
        assert_eq!(paragraph(vec![runs]), expected);
    }
}

#[test]
fn emphasis_goes_on_over_the_end_of_a_line() {
    let lines = vec![
        vec![run("a"), bold("bold phrase")],
        vec![bold("of two lines"), run("ends")],
    ];
    assert_eq!(paragraph(lines), "a **bold phrase of two lines** ends");
}

#[test]
fn links_lead_only_where_a_reader_may_follow() {
    for (uri, expected) in [
        ("https://bay.example/a", "see [here](https://bay.example/a)"),
        (
            "mailto:office@bay.example",
            "see [here](mailto:office@bay.example)",
        ),
        (
            "https://bay.example/(1) 2",
            "see [here](https://bay.example/%281%29%202)",
        ),
        ("javascript:alert(1)", "see here"),
        ("file:///etc/passwd", "see here"),
        ("no scheme", "see here"),
    ] {
        assert_eq!(paragraph(vec![vec![run("see"), linked("here", uri)]]), expected);
    }
}

#[test]
fn headings_show_links_and_no_emphasis() {
    let runs = vec![bold("Tides of"), linked("the bay", "https://bay.example")];
    let heading = block(BlockKind::Heading(2), vec![runs]);
    assert_eq!(markdown(&[heading]), "## Tides of [the bay](https://bay.example)");
}

#[test]
fn items_follow_each_other_without_a_blank_line() {
    let item = |mark: &str, indent: usize, skip: usize, text: &str| {
        let item = ListItem {
            mark: mark.to_owned(),
            indent,
            skip,
            left: 0.0,
            content_left: 10.0,
        };
        block(BlockKind::ListItem(item), vec![vec![run(text)]])
    };
    let blocks = [
        block(BlockKind::Paragraph, vec![vec![run("Fruit:")]]),
        item("1.", 0, 3, "1. apples"),
        item("-", 3, 4, "\u{2022} red ones"),
        item("2.", 0, 3, "2. pears"),
        block(BlockKind::Paragraph, vec![vec![run("No more.")]]),
    ];
    assert_eq!(
        markdown(&blocks),
        "Fruit:\n\n1. apples\n   - red ones\n2. pears\n\nNo more."
    );
}

#[test]
fn code_keeps_its_indents_and_blank_lines() {
    let mut code = block(
        BlockKind::Code,
        vec![vec![run("if x:")], vec![run("pass")], vec![run("done()")]],
    );
    if let [_, second, third] = code.lines.as_mut_slice() {
        second.left += 20.0;
        second.right += 20.0;
        third.baseline -= 12.0;
    }
    assert_eq!(markdown(&[code]), "```\nif x:\n    pass\n\ndone()\n```");
}

#[test]
fn joined_text_and_tables_are_taken_as_they_are() {
    let mut korean = block(BlockKind::Paragraph, vec![vec![run("첫 줄")], vec![run("둘째")]]);
    korean.joined_text = Some("첫 줄둘째".to_owned());
    let table = Block::table("| a |\n| --- |\n| b |".to_owned());
    assert_eq!(markdown(&[korean, table]), "첫 줄둘째\n\n| a |\n| --- |\n| b |");
}

#[test]
fn characters_are_normalized() {
    for (text, expected) in [
        ("plain", "plain"),
        ("e\u{301}te\u{301}", "été"),
        ("\u{fb01}nd the o\u{fb03}ce", "find the office"),
        ("soft\u{ad}ly \u{fffd}broken", "softly broken"),
        ("\u{fb05}em", "stem"),
    ] {
        assert_eq!(normalize(text.to_owned()), expected);
    }
}
