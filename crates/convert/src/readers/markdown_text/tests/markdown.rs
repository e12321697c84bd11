use super::{blocks, outline, table};
use crate::ir::{Alignment, HeaderKind};

#[test]
fn blocks_of_markdown_become_those_of_the_model() {
    let markdown = "# One *two*\n\nText that\ngoes on\\\nhere.\n\n> quoted\n\n```rust\nfn a() {}\n\n```\n\n    indented\n\n---\n";
    assert_eq!(
        outline(markdown),
        "heading [One ][two|i] (1)\n\
         paragraph [Text that goes on]/[here.]\n\
         quote\n    paragraph [quoted]\n\
         code Some(\"rust\") \"fn a() {}\\n\"\n\
         code None \"indented\"\n\
         rule\n"
    );
}

#[test]
fn styles_of_markdown_and_of_html_in_it_are_those_of_the_run() {
    assert_eq!(
        outline(
            "**a** *b* ***c*** ~~d~~ `e` <u>f</u><sup>g</sup><sub>h</sub><mark>i</mark><b>j</b><br>k &amp; <code>l</code>"
        ),
        "paragraph [a|b][ ][b|i][ ][c|bi][ ][d|s][ ][e|c][ ][f|u][g|^][h|v][i|h][j|b]/[k & ][l|c]\n"
    );
}

#[test]
fn lists_are_the_same_whether_they_are_loose_or_tight() {
    let tight = outline("3. a\n4. b\n   - c\n   - d\n");
    assert_eq!(tight, outline("3. a\n\n4. b\n\n   - c\n\n   - d\n"));
    assert_eq!(
        tight,
        "list true 3\n  -\n    paragraph [a]\n  -\n    paragraph [b]\n    list false 1\n      -\n        paragraph [c]\n      -\n        paragraph [d]\n"
    );
}

#[test]
fn check_boxes_belong_to_their_items() {
    let expected =
        "list false 1\n  - true\n    paragraph [a]\n  - false\n    paragraph [b]\n  -\n    paragraph [c]\n";
    assert_eq!(outline("- [x] a\n- [ ] b\n- c"), expected);
    assert_eq!(outline("- [x] a\n\n- [ ] b\n\n- c"), expected);
}

#[test]
fn links_lead_to_safe_addresses_alone_and_others_are_their_text() {
    assert_eq!(
        outline(
            "[a](https://x.example/?a&b) <m@x.example> [b](javascript:alert(1)) [c *d*][r] [](https://y.example)\n\n[r]: #here"
        ),
        "paragraph [a| Some(Href(\"https://x.example/?a&b\"))]".replace(
            "Some(Href(\"https://x.example/?a&b\"))",
            "Href(\"https://x.example/?a&b\")"
        ) + "[ ][m@x.example| Href(\"mailto:m@x.example\")][ b ][c | Href(\"#here\")][d|i Href(\"#here\")][ ]\
               [https://y.example| Href(\"https://y.example\")]\n"
    );
}

#[test]
fn pictures_of_the_document_stay_and_others_are_their_description() {
    assert_eq!(
        outline(
            "a ![b *c*](images/p1-1.png) ![d](https://x.example/d.png) ![e](data:image/png;base64,AA) ![](images/../f)"
        ),
        "paragraph [a ][b c| image \"p1-1.png\"][ ][d| Href(\"https://x.example/d.png\")][ e]\n"
    );
    assert_eq!(
        outline(
            "![tower](images/a.png)\n\n<!-- image: a hut -->\n\n<!-- image -->\n\n<!-- hidden -->\n\na <!-- image: b --> c"
        ),
        "figure Some(\"a.png\") Some(\"tower\")\nfigure None Some(\"a hut\")\nfigure None Some(\"\")\n\
         paragraph [a ][b| image \"\"][ c]\n"
    );
}

#[test]
fn tables_have_a_header_an_alignment_and_line_breaks_in_cells() {
    let read = table("| a | *b* |\n|:--|--:|\n| 1<br>2 | x \\| y |\n| z |");
    assert_eq!((read.rows, read.columns), (3, 2));
    assert_eq!(read.align, [Some(Alignment::Left), Some(Alignment::Right)]);
    let texts: Vec<_> = read
        .cells
        .iter()
        .map(|cell| (cell.text.as_str(), cell.blocks.len(), cell.header))
        .collect();
    let head = Some(HeaderKind::Column);
    assert_eq!(
        texts,
        [
            ("a", 0, head),
            ("b", 1, head),
            ("1\n2", 0, None),
            ("x | y", 0, None),
            ("z", 0, None),
            ("", 0, None)
        ]
    );
}

#[test]
fn an_empty_header_is_no_row() {
    let read = table("|  |  |\n|---|---|\n| a | b |");
    assert_eq!((read.rows, read.cells.len()), (1, 2));
    assert!(read.cells.iter().all(|cell| cell.header.is_none()));
}

#[test]
fn footnotes_are_referred_to_by_their_id() {
    assert_eq!(
        outline("a[^n] b\n\n[^n]: The *note*.\n\n    More."),
        "paragraph [a][n| note p1b2][ b]\nfootnote n\n    paragraph [The ][note|i][.]\n    paragraph [More.]\n"
    );
}

#[test]
fn nesting_is_bounded_and_no_text_of_it_is_lost() {
    for hostile in [
        format!("{}x", "> ".repeat(50_000)),
        format!("{}x", "- ".repeat(50_000)),
        format!("{}x", "1. ".repeat(30_000)),
        format!("{}x", "[".repeat(100_000)),
        format!("{}x", "![".repeat(50_000)),
        format!("{}x", "*a_".repeat(30_000)),
        format!("{}x{}", "<b>".repeat(30_000), "</b>".repeat(10)),
        format!("<div>{}x", "<table><tr><td>".repeat(20_000)),
        format!("<div>{}x", "<ul><li>".repeat(20_000)),
        format!("<div>{}x", "<dl><dd>".repeat(20_000)),
        format!("<div>{}x", "<table>".repeat(20_000)),
    ] {
        let mut deepest = 0;
        let mut found = false;
        for block in blocks(&hostile) {
            deepest = deepest.max(depth(&block));
            found |= crate::ir::plain_text(&block).contains('x');
        }
        assert!(deepest <= 70 && found, "{deepest} {found} {:.20}", hostile);
    }
}

fn depth(block: &crate::ir::Block) -> usize {
    let inner = block.parts().into_iter().flatten().map(depth);
    1 + inner.max().unwrap_or(0)
}
