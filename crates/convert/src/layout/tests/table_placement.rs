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
        blocks: vec![Block::table(super::table(&[name]))],
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
        Block::table(super::table(&["t"])),
        text(60, 700.0, "Office"),
    ];
    assert_eq!(join_rows(blocks).len(), 4);
}

#[test]
fn tables_of_one_column_stand_among_its_paragraphs() {
    let paragraphs = || {
        vec![
            text(0, 700.0, "first"),
            text(0, 500.0, "second"),
            text(0, 300.0, "third"),
        ]
    };
    for (name, tops, expected) in [
        ("none", vec![], vec!["first", "second", "third"]),
        ("one", vec![600.0], vec!["first", "t1", "second", "third"]),
        (
            "one in each gap, given from below",
            vec![400.0, 600.0],
            vec!["first", "t2", "second", "t1", "third"],
        ),
        (
            "two in one gap",
            vec![600.0, 560.0],
            vec!["first", "t1", "t2", "second", "third"],
        ),
        (
            "at the top of a paragraph",
            vec![510.0],
            vec!["first", "t1", "second", "third"],
        ),
        (
            "at both ends of the page",
            vec![100.0, 780.0],
            vec!["t2", "first", "second", "third", "t1"],
        ),
    ] {
        let names = ["t1", "t2"];
        let tables = names.into_iter().zip(tops);
        let tables = tables.map(|(name, top)| table(top, 0.0, 60.0, name)).collect();
        let outline = outline(&insert_tables(paragraphs(), tables));
        let texts: Vec<&str> = outline
            .iter()
            .filter_map(|line| line.split_once(": ").map(|(_, text)| text))
            .collect();
        assert_eq!(texts, expected, "{name}");
    }
}

#[test]
fn the_blocks_of_a_table_keep_their_order() {
    let mut rows = table(600.0, 0.0, 60.0, "head");
    rows.blocks.push(text(0, 580.0, "row"));
    let blocks = insert_tables(vec![text(0, 700.0, "above"), text(0, 500.0, "below")], vec![rows]);
    assert_eq!(
        outline(&blocks),
        ["p: above", "table: head", "p: row", "p: below"]
    );
}

#[test]
fn lines_belong_to_one_row_within_six_points() {
    for (second, rows) in [(700.0, 1), (706.0, 1), (694.0, 1), (707.0, 2), (688.0, 2)] {
        let blocks = vec![text(0, 700.0, "Name"), text(30, second, "Adams")];
        assert_eq!(join_rows(blocks).len(), rows, "{second}");
    }
}

#[test]
fn paragraphs_of_several_lines_are_no_cells() {
    let mut paragraph = text(30, 700.0, "a paragraph");
    paragraph.lines.push(line(30, 688.0, "of two lines"));
    let blocks = vec![text(0, 700.0, "Name"), paragraph, text(60, 700.0, "Office")];
    assert_eq!(
        outline(&join_rows(blocks)),
        ["p: Name", "p: a paragraph / of two lines", "p: Office"]
    );
}
