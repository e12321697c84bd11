use crate::ir::{Block, BlockId, BlockKind, Inline, Page, PageKind, Run, Style};
use crate::options::WriteOptions;
use crate::write::write_page;

/// Markdown of a page of these blocks.
pub(super) fn written(kinds: Vec<BlockKind>, options: &WriteOptions) -> String {
    page(kinds, options).markdown
}

/// Written page of these blocks.
pub(super) fn page(kinds: Vec<BlockKind>, options: &WriteOptions) -> Page {
    let mut page = Page::new(1, PageKind::Structure);
    let blocks = kinds.into_iter().zip(1..);
    page.blocks = blocks
        .map(|(kind, place)| Block::new(BlockId { page: 1, place }, kind))
        .collect();
    write_page(&mut page, options);
    page
}

fn paragraph(runs: Vec<Inline>) -> String {
    written(vec![BlockKind::Paragraph(runs)], &WriteOptions::default())
}

/// Run whose style is given by letters: b, i, s, ^, v, c.
pub(super) fn run(style: &str, text: &str) -> Inline {
    let has = |letter: char| style.contains(letter);
    let style = Style {
        bold: has('b'),
        italic: has('i'),
        strike: has('s'),
        superscript: has('^'),
        subscript: has('v'),
        code: has('c'),
        ..Style::default()
    };
    Inline::Run(Run::styled(text, style))
}

#[test]
fn styles_are_marked_where_commonmark_reads_them_and_elements_elsewhere() {
    for (runs, expected) in [
        (
            vec![run("", "a "), run("b", "bold"), run("", " word")],
            "a **bold** word",
        ),
        (vec![run("b", "bold "), run("", "word")], "**bold** word"),
        (
            vec![run("", "un"), run("i", "believ"), run("", "able")],
            "un*believ*able",
        ),
        (vec![run("", "東"), run("b", "京"), run("", "都")], "東**京**都"),
        (
            vec![run("", "東"), run("b", "「京」"), run("", "都")],
            "東<b>「京」</b>都",
        ),
        (vec![run("b", "Note:"), run("", " text")], "**Note:** text"),
        (vec![run("b", "Note:"), run("", "text")], "<b>Note:</b>text"),
        (vec![run("bi", "both")], "***both***"),
        (vec![run("bi", "both"), run("b", " one")], "***both* one**"),
        (vec![run("i", "a"), run("b", "b")], "*a*<b>b</b>"),
        (vec![run("s", "old"), run("", " new")], "~~old~~ new"),
        (
            vec![run("", "H"), run("v", "2"), run("", "O, m"), run("^", "2")],
            "H<sub>2</sub>O, m<sup>2</sup>",
        ),
        (vec![run("c", "a`b"), run("", " tick `")], "``a`b`` tick \\`"),
    ] {
        assert_eq!(paragraph(runs), expected);
    }
}
