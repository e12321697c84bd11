//! Blocks of the model that the blocks of the layout become.

use crate::Limits;
use crate::ir::{self, Builder, Inline, Item, Link};
use crate::layout::block::ListItem;
use crate::layout::characters::Characters;
use crate::layout::hyphenation::Vocabulary;
use crate::layout::line::Run;
use crate::layout::line::RunLink;
use crate::layout::model::add_blocks;
use crate::layout::{Block, BlockKind, Line};

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
        field: None,
    }
}

/// Blocks of the model.
fn made(blocks: &[Block]) -> Vec<ir::Block> {
    let vocabulary = Vocabulary::of(blocks.iter().flat_map(|block| &block.lines));
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    add_blocks(blocks, &vocabulary, None, &mut builder).unwrap();
    builder.finish_page().unwrap().0
}

/// Blocks in short, each a line: kind and text, with the styles as `<b>`, `<i>`, `<s>` in this order, and
/// `<destination|text>` for links.
pub(super) fn seen(blocks: &[Block]) -> Vec<String> {
    made(blocks).iter().flat_map(lines_of).collect()
}

fn lines_of(block: &ir::Block) -> Vec<String> {
    match &block.kind {
        ir::BlockKind::Heading { level, inlines, .. } => vec![format!("h{level}: {}", shown(inlines))],
        ir::BlockKind::Paragraph(inlines) => vec![format!("p: {}", shown(inlines))],
        ir::BlockKind::Code { text, .. } => vec![format!("code: {text}")],
        ir::BlockKind::List(list) => {
            let name = if list.ordered {
                format!("{:?} {}", list.style, list.start)
            } else {
                "bullets".to_owned()
            };
            let items = list.items.iter().flat_map(item_lines);
            std::iter::once(name)
                .chain(items.map(|line| format!("  {line}")))
                .collect()
        }
        ir::BlockKind::Table(table) => {
            let cells = table.cells.iter().map(|cell| cell.text.as_str());
            vec![format!("table: {}", cells.collect::<Vec<_>>().join(" | "))]
        }
        other => vec![other.name().to_owned()],
    }
}

fn item_lines(item: &Item) -> Vec<String> {
    let marker = item.marker.as_ref().map(|marker| format!("marker {marker}"));
    let checked = item.checked.map(|checked| format!("checked {checked}"));
    let blocks = item.blocks.iter().flat_map(lines_of);
    marker.into_iter().chain(checked).chain(blocks).collect()
}

fn shown(inlines: &[Inline]) -> String {
    let shown = inlines.iter().map(|inline| match inline {
        Inline::Break => "<br>".to_owned(),
        Inline::Run(run) => {
            let style = [
                ("b", run.style.bold),
                ("i", run.style.italic),
                ("s", run.style.strike),
            ];
            let marks: String = style
                .iter()
                .filter(|(_, on)| *on)
                .map(|(name, _)| *name)
                .collect();
            let text = match &run.link {
                Some(Link::Href(link)) => format!("<{link}|{}>", run.text),
                _ => run.text.clone(),
            };
            if marks.is_empty() {
                text
            } else {
                format!("<{marks}>{text}</{marks}>")
            }
        }
    });
    shown.collect()
}

/// Text of a paragraph of these lines, as [`seen`] shows it.
pub(super) fn paragraph(lines: Vec<Vec<Run>>) -> String {
    let lines = seen(&[block(BlockKind::Paragraph, lines)]);
    lines.concat().strip_prefix("p: ").unwrap_or_default().to_owned()
}

#[test]
fn lines_of_a_paragraph_become_one() {
    for (first, second, expected) in [
        ("two", "lines", "two lines"),
        ("a divi-", "ded word", "a divided word"),
        ("a well-", "known fact", "a well-known fact"),
        ("# no", "heading", "# no heading"),
    ] {
        assert_eq!(paragraph(vec![vec![run(first)], vec![run(second)]]), expected);
    }
}

#[test]
fn links_lead_only_where_a_reader_may_follow() {
    for (uri, expected) in [
        ("https://bay.example/a", "see <https://bay.example/a|here>"),
        (
            "mailto:office@bay.example",
            "see <mailto:office@bay.example|here>",
        ),
        (
            "https://bay.example/(1) 2",
            "see <https://bay.example/(1)%202|here>",
        ),
        ("javascript:alert(1)", "see here"),
        ("file:///etc/passwd", "see here"),
        ("no scheme", "see here"),
    ] {
        assert_eq!(paragraph(vec![vec![run("see"), linked("here", uri)]]), expected);
    }
}

#[test]
fn headings_have_links_and_no_emphasis() {
    let runs = vec![bold("Tides of"), linked("the bay", "https://bay.example")];
    let heading = block(BlockKind::Heading(2), vec![runs]);
    assert_eq!(seen(&[heading]), ["h2: Tides of <https://bay.example|the bay>"]);
}

fn item(mark: &str, indent: usize, skip: usize, text: &str) -> Block {
    let item = ListItem {
        mark: mark.to_owned(),
        indent,
        skip,
        left: 0.0,
        content_left: 10.0,
    };
    block(BlockKind::ListItem(item), vec![vec![run(text)]])
}

#[test]
fn items_nest_by_their_indent() {
    let blocks = [
        block(BlockKind::Paragraph, vec![vec![run("Fruit:")]]),
        item("1.", 0, 3, "1. apples"),
        item("-", 3, 4, "\u{2022} red ones"),
        item("2.", 0, 3, "2. pears"),
        block(BlockKind::Paragraph, vec![vec![run("No more.")]]),
        item("3.", 0, 3, "3. plums"),
    ];
    assert_eq!(
        seen(&blocks),
        [
            "p: Fruit:",
            "Decimal 1",
            "  p: apples",
            "  bullets",
            "    p: red ones",
            "  p: pears",
            "p: No more.",
            "Decimal 3",
            "  p: plums",
        ]
    );
}

#[test]
fn numbers_that_do_not_go_on_begin_a_list() {
    let blocks = [
        item("1.", 0, 3, "1. one"),
        item("4.", 0, 3, "4. four"),
        item("5)", 0, 3, "5) five"),
        item("-", 0, 2, "- dash"),
    ];
    assert_eq!(
        seen(&blocks),
        [
            "Decimal 1",
            "  p: one",
            "Decimal 4",
            "  p: four",
            "Decimal 5",
            "  marker 5)",
            "  p: five",
            "bullets",
            "  p: dash",
        ]
    );
}

#[test]
fn labels_that_are_no_plain_numbers_are_markers() {
    for (first, second, name) in [
        ("(a)", "(b)", "Alpha 1"),
        ("b)", "c)", "Alpha 2"),
        ("i)", "ii)", "Roman 1"),
        ("i)", "j)", "Alpha 9"),
        ("iv.", "v.", "Roman 4"),
        ("(1)", "(2)", "Decimal 1"),
    ] {
        let blocks = [
            item("-", 0, 0, &format!("{first} one")),
            item("-", 0, 0, &format!("{second} two")),
        ];
        assert_eq!(
            seen(&blocks),
            [
                name.to_owned(),
                format!("  marker {first}"),
                "  p: one".to_owned(),
                format!("  marker {second}"),
                "  p: two".to_owned(),
            ]
        );
    }
}

#[test]
fn boxes_in_front_of_items_are_check_boxes() {
    let blocks = [item("-", 0, 4, "\u{2610} open"), item("-", 0, 4, "\u{2611} done")];
    assert_eq!(
        seen(&blocks),
        [
            "bullets",
            "  checked false",
            "  p: open",
            "  checked true",
            "  p: done",
        ]
    );
}

#[test]
fn items_of_any_depth_are_kept() {
    let blocks: Vec<Block> = (0..500).map(|level| item("-", 2 * level, 2, "- deep")).collect();
    let lines = seen(&blocks);
    assert_eq!(lines.iter().filter(|line| line.ends_with("p: deep")).count(), 500);
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
    assert_eq!(seen(&[code]), ["code: if x:\n    pass\n\ndone()"]);
}

#[test]
fn joined_text_and_tables_are_taken_as_they_are() {
    let mut korean = block(BlockKind::Paragraph, vec![vec![run("첫 줄")], vec![run("둘째")]]);
    korean.joined_text = Some("첫 줄둘째".to_owned());
    let table = Block::table(super::table(&["a", "b"]));
    assert_eq!(seen(&[korean, table]), ["p: 첫 줄둘째", "table: a | b"]);
}

#[test]
fn characters_are_normalized_and_counted() {
    for (text, expected, unmapped) in [
        ("plain", "plain", 0),
        ("e\u{301}te\u{301}", "été", 0),
        ("\u{fb01}nd the o\u{fb03}ce", "find the office", 0),
        ("soft\u{ad}ly \u{fffd}broken", "softly broken", 1),
        ("\u{fb05}em", "stem", 0),
        ("\u{e001} kept", "\u{e001} kept", 1),
    ] {
        let mut characters = Characters::default();
        assert_eq!(characters.normalized(text), expected);
        assert_eq!(characters.unmapped, unmapped, "{text:?}");
        assert!(characters.all > characters.unmapped);
    }
}
