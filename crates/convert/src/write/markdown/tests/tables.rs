use super::inlines::{page, written};
use crate::ir::{Alignment, BlockKind, Cell, Inline, Table};
use crate::options::{Hidden, Tables, WriteOptions};

/// Table of two columns whose first cell covers both, or not.
fn table(merged: bool) -> Table {
    let mut cells = vec![Cell::plain(0, 0, "a|b")];
    if merged {
        cells[0].column_span = 2;
    } else {
        cells.push(Cell::plain(0, 1, "two\nlines"));
    }
    cells.extend([Cell::plain(1, 0, "1, 2"), Cell::plain(1, 1, "\"x\"")]);
    Table {
        rows: 2,
        columns: 2,
        align: vec![None, Some(Alignment::Right)],
        cells,
        ..Table::default()
    }
}

fn of(table: Table, tables: Tables) -> String {
    let options = WriteOptions {
        tables,
        ..WriteOptions::default()
    };
    written(vec![BlockKind::Table(table)], &options)
}

#[test]
fn tables_are_written_in_the_form_that_is_asked_for() {
    let plain = "| a\\|b | two<br>lines |\n| --- | ---: |\n| 1, 2 | \"x\" |";
    assert_eq!(of(table(false), Tables::Auto), plain);
    assert_eq!(of(table(false), Tables::Markdown), plain);
    let filled = "| a\\|b |  |\n| --- | ---: |\n| 1, 2 | \"x\" |";
    assert_eq!(of(table(true), Tables::Markdown), filled);
    for html in [of(table(true), Tables::Auto), of(table(false), Tables::Html)] {
        assert!(
            html.starts_with("<table>") && html.ends_with("</table>"),
            "{html}"
        );
        assert!(!html.contains("\n\n"), "{html}");
    }
    let csv = "```csv\na|b,\"two\nlines\"\n\"1, 2\",\"\"\"x\"\"\"\n```";
    assert_eq!(of(table(false), Tables::Csv), csv);
}

#[test]
fn hidden_rows_and_columns_are_marked_kept_or_left_out() {
    let written = |hidden| {
        let table = Table {
            hidden_rows: vec![1],
            hidden_columns: vec![1],
            ..table(false)
        };
        let options = WriteOptions {
            hidden,
            ..WriteOptions::default()
        };
        written(vec![BlockKind::Table(table)], &options)
    };
    assert_eq!(written(Hidden::Drop), "| a\\|b |\n| --- |");
    assert_eq!(
        written(Hidden::Mark),
        "| a\\|b | <!-- hidden --> two<br>lines |\n| --- | ---: |\n| <!-- hidden --> 1, 2 | \"x\" |"
    );
    assert_eq!(written(Hidden::Keep), of(table(false), Tables::Markdown));
}

#[test]
fn ranges_count_code_points() {
    let kinds = vec![
        BlockKind::Paragraph(vec![Inline::plain("東京 😀")]),
        BlockKind::Quote(vec![crate::ir::Block::new(
            crate::ir::BlockId { page: 1, place: 3 },
            BlockKind::Paragraph(vec![Inline::plain("é")]),
        )]),
    ];
    let page = page(kinds, &WriteOptions::default());
    assert_eq!(page.markdown, "東京 😀\n\n> é");
    let mut ranges = Vec::new();
    for block in &page.blocks {
        block.visit(&mut |block| ranges.push(block.range));
    }
    assert_eq!(ranges, [Some((0, 4)), Some((6, 9)), Some((8, 9))]);
}
