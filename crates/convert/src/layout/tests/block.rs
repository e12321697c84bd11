use super::{line, page};
use crate::layout::block::{Block, BlockKind};

/// Paragraph of all lines of a drawn page.
fn paragraph(drawing: &str) -> Block {
    Block {
        kind: BlockKind::Paragraph,
        lines: page(drawing),
        joined_text: None,
        field: None,
    }
}

#[test]
fn the_extent_encloses_all_lines() {
    let block = Block {
        lines: vec![
            line(10, 600.0, "second"),
            line(4, 612.0, "first"),
            line(8, 588.0, "the third"),
        ],
        ..paragraph("")
    };
    let (top, left, right) = block.extent();
    assert!((top - 622.0).abs() < 0.01, "top {top}");
    assert!((left - 20.0).abs() < 0.01, "left {left}");
    assert!((right - 85.0).abs() < 0.01, "right {right}");
}

#[test]
fn a_block_is_bold_if_all_its_lines_are() {
    for (drawing, bold) in [
        ("\n*one", true),
        ("\n*one\n*two", true),
        ("\n*one\ntwo", false),
        ("\none\n*two", false),
        ("\none", false),
    ] {
        assert_eq!(paragraph(drawing).is_bold(), bold, "{drawing:?}");
    }
}

#[test]
fn its_text_is_that_of_its_lines_with_a_space_between() {
    for (drawing, text) in [
        ("\none", "one"),
        ("\none\n  two\n\nthree", "one two three"),
        ("", ""),
    ] {
        assert_eq!(paragraph(drawing).text(), text, "{drawing:?}");
    }
    assert_eq!(Block::table(super::table(&["a"])).text(), "");
}
