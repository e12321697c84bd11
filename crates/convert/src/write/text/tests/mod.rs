//! Plain text of blocks.

use super::*;
use crate::Limits;
use crate::ir::{BlockId, BlockKind, Builder, Cell, Footnote, Table};
use crate::options::Hidden;

fn text(markdown: &str) -> String {
    let limits = Limits::default();
    let mut builder = Builder::new(&limits);
    crate::readers::markdown_text::read_blocks(markdown, &mut builder).expect("within the limits");
    let blocks = builder.finish_page().expect("within the limits").0;
    text_blocks(&blocks, &WriteOptions::default())
}

#[test]
fn items_stand_behind_their_marks() {
    assert_eq!(
        text("- a\n- b\n  1. c\n  2. d\n\n     more\n- [x] e\n\nlast"),
        "- a\n- b\n  1. c\n  2. d\n\nmore\n- [x] e\n\nlast\n"
    );
    assert_eq!(text("-\n  - a"), "-\n  - a\n");
}

#[test]
fn cells_keep_their_columns() {
    let table = Table {
        rows: 2,
        columns: 3,
        cells: vec![
            Cell {
                row_span: 2,
                ..Cell::plain(0, 0, "a\nb")
            },
            Cell::plain(0, 1, "c"),
            Cell::plain(1, 2, "d\te"),
        ],
        hidden_rows: vec![1],
        ..Table::default()
    };
    let block = Block::new(BlockId { page: 1, place: 1 }, BlockKind::Table(table));
    assert_eq!(
        text_blocks(std::slice::from_ref(&block), &WriteOptions::default()),
        "a b\tc\n\t\td e\n"
    );
    let dropped = WriteOptions {
        hidden: Hidden::Drop,
        ..WriteOptions::default()
    };
    assert_eq!(text_blocks(&[block], &dropped), "a b\tc\n");
}

#[test]
fn notes_have_their_label_and_furniture_is_left_out() {
    let id = |place| BlockId { page: 1, place };
    let blocks = [
        Block::new(id(1), BlockKind::PageNumber(vec![Inline::plain("7")])),
        Block::new(
            id(2),
            BlockKind::Footnote(Footnote {
                label: "n".into(),
                blocks: vec![Block::new(id(3), BlockKind::Paragraph(vec![Inline::plain("x")]))],
            }),
        ),
    ];
    assert_eq!(text_blocks(&blocks, &WriteOptions::default()), "[n] x\n");
}
