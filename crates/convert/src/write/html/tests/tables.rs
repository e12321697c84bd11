use super::{html, html_table, read};
use crate::WriteOptions;
use crate::ir::*;
use crate::options::Hidden;

fn table_of(markdown: &str) -> Table {
    let found = read(markdown).into_iter().find_map(|block| match block.kind {
        BlockKind::Table(table) => Some(table),
        _ => None,
    });
    found.expect("a table")
}

/// Tables in HTML, as this writer writes them.
const TABLES: [&str; 4] = [
    "<table>\n<thead>\n<tr><th rowspan=\"2\">A</th><th colspan=\"2\" align=\"right\">B &amp; C</th></tr>\n\
     <tr><th align=\"right\">D</th><th align=\"right\">E</th></tr>\n</thead>\n<tbody>\n\
     <tr><th scope=\"row\">x</th><td align=\"right\">1<br>2</td><td align=\"right\">a &lt; b</td></tr>\n</tbody>\n</table>",
    "<table>\n<tbody>\n<tr><td>a</td><td>b</td></tr>\n<tr><td></td><td>c</td></tr>\n</tbody>\n</table>",
    "<table>\n<tbody>\n<tr><td><strong>a</strong> b\n<ul>\n<li>c</li>\n<li>d\n<ol start=\"3\">\n<li>e</li>\n</ol>\n</li>\n</ul>\n\
     </td><td>\n<pre><code class=\"language-c\">x&#10;&#10;y</code></pre>\n<p>z</p>\n</td></tr>\n</tbody>\n</table>",
    "<table>\n<thead>\n<tr><th>a</th></tr>\n</thead>\n</table>",
];

#[test]
fn tables_are_read_as_they_were_written() {
    for table in TABLES {
        assert_eq!(html_table(&table_of(table), &WriteOptions::default()), table);
    }
}

#[test]
fn a_table_in_markdown_has_no_blank_line_and_no_link_of_markdown() {
    let mut table = table_of(TABLES[1]);
    table.cells[0].text = "a\n\n\n[b](javascript:alert(1)) <c> &amp;".into();
    table.cells[1].blocks = read("```\n\n\nx\n\n```\n\n![d -- e](images/f.png)\n\n> g");
    let html = html_table(&table, &WriteOptions::default());
    assert!(html.lines().all(|line| !line.trim().is_empty()), "{html}");
    assert!(!html.contains("](") && !html.contains("id="), "{html}");
    let again = table_of(&html);
    assert_eq!(again.cells[0].text, table.cells[0].text);
    assert_eq!(html_table(&again, &WriteOptions::default()), html);
}

#[test]
fn cells_stand_in_their_columns_and_missing_ones_are_empty() {
    let table = Table {
        rows: 3,
        columns: 300,
        cells: vec![
            Cell::plain(0, 1, "a"),
            Cell {
                row_span: 2,
                ..Cell::plain(1, 0, "b")
            },
            Cell::plain(2, 2, "c"),
            Cell::plain(2, 299, "d"),
        ],
        ..Table::default()
    };
    assert_eq!(
        html_table(&table, &WriteOptions::default()),
        "<table>\n<tbody>\n<tr><td></td><td>a</td></tr>\n<tr><td rowspan=\"2\">b</td></tr>\n\
         <tr><td></td><td>c</td><td colspan=\"296\"></td><td>d</td></tr>\n</tbody>\n</table>"
    );
}

#[test]
fn hidden_rows_and_columns_are_marked_dropped_or_kept() {
    let table = Table {
        rows: 3,
        columns: 2,
        cells: vec![
            Cell {
                row_span: 2,
                ..Cell::plain(0, 0, "a")
            },
            Cell::plain(0, 1, "b"),
            Cell::plain(1, 1, "c"),
            Cell::plain(2, 0, "d"),
        ],
        hidden_rows: vec![1],
        hidden_columns: vec![1],
        ..Table::default()
    };
    let written = |hidden| {
        html_table(
            &table,
            &WriteOptions {
                hidden,
                ..WriteOptions::default()
            },
        )
    };
    assert_eq!(
        written(Hidden::Drop),
        "<table>\n<tbody>\n<tr><td>a</td></tr>\n<tr><td>d</td></tr>\n</tbody>\n</table>"
    );
    assert!(written(Hidden::Mark).contains("<!-- hidden -->\n<tr><td>c</td></tr>"));
    assert!(!written(Hidden::Keep).contains("hidden"));
}

#[test]
fn tables_of_markdown_have_a_head() {
    assert_eq!(
        html("| a | b |\n|---|--:|\n| 1 | *2* |"),
        "<table id=\"p1b1\">\n<thead>\n<tr><th>a</th><th align=\"right\">b</th></tr>\n</thead>\n<tbody>\n\
         <tr><td>1</td><td align=\"right\"><em>2</em></td></tr>\n</tbody>\n</table>\n"
    );
}
