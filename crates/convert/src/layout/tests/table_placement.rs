use super::{block, line, outline};
use crate::layout::block::{Block, BlockKind};
use crate::layout::table_placement::{PlacedTable, insert_tables, join_rows};

fn text(column: usize, baseline: f32, text: &str) -> Block {
    block(BlockKind::Paragraph, line(column, baseline, text))
}

fn table(top: f32, left: f32, right: f32, name: &str) -> PlacedTable {
    PlacedTable {
        top,
        left,
        right,
        blocks: vec![Block::table(name.to_owned())],
    }
}

#[test]
fn tables_go_before_the_text_below_them_in_their_column() {
    let columns = || {
        vec![
            text(0, 700.0, "left top"),
            text(0, 500.0, "left end"),
            text(60, 700.0, "right top"),
            text(60, 500.0, "right end"),
        ]
    };
    for (name, tables, expected) in [
        (
            "between, left",
            vec![table(600.0, 0.0, 40.0, "t")],
            ["left top", "t", "left end", "right top", "right end"],
        ),
        (
            "between, right",
            vec![table(600.0, 300.0, 340.0, "t")],
            ["left top", "left end", "right top", "t", "right end"],
        ),
        (
            "above all",
            vec![table(780.0, 0.0, 340.0, "t")],
            ["t", "left top", "left end", "right top", "right end"],
        ),
        (
            "below all, left",
            vec![table(100.0, 0.0, 40.0, "t")],
            ["left top", "left end", "t", "right top", "right end"],
        ),
        (
            "below all, right",
            vec![table(100.0, 300.0, 340.0, "t")],
            ["left top", "left end", "right top", "right end", "t"],
        ),
    ] {
        let outline = outline(&insert_tables(columns(), tables));
        let texts: Vec<&str> = outline
            .iter()
            .map(|line| line.split_once(": ").map_or("", |(_, text)| text))
            .collect();
        assert_eq!(texts, expected, "{name}");
    }
}

#[test]
fn tables_keep_their_order_from_top_to_bottom() {
    let tables = vec![
        table(300.0, 0.0, 100.0, "lower"),
        table(600.0, 0.0, 100.0, "upper"),
    ];
    let alone = outline(&insert_tables(Vec::new(), tables));
    assert_eq!(alone, ["table: upper", "table: lower"]);
}

#[test]
fn single_lines_of_one_row_are_joined() {
    let blocks = vec![
        text(0, 700.0, "Name"),
        text(30, 702.0, "Adams"),
        text(60, 699.0, "Office"),
        text(0, 680.0, "Next row"),
    ];
    assert_eq!(
        outline(&join_rows(blocks)),
        ["p: Name / Adams / Office", "p: Next row"]
    );
}

#[test]
fn rows_join_no_other_kind_of_block() {
    let blocks = vec![
        text(0, 700.0, "Name"),
        block(BlockKind::Heading(1), line(30, 700.0, "Title")),
        Block::table("t".to_owned()),
        text(60, 700.0, "Office"),
    ];
    assert_eq!(join_rows(blocks).len(), 4);
}
