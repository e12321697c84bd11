use super::{outline, table};
use crate::ir::{Alignment, HeaderKind};

#[test]
fn tables_of_html_keep_their_spans_and_headers() {
    let read = table(
        "<table>\n<thead>\n<tr><th rowspan=\"2\">A</th><th colspan='2'>B &amp; C</th></tr>\n<tr><th>D<th>E</tr></thead>\n\
         <tbody>\n<tr><th>x</th><td align=right>1<br>2</td><td>a &lt; b</td></tr>\n</tbody></table>",
    );
    assert_eq!((read.rows, read.columns), (3, 3));
    let cells: Vec<_> = read
        .cells
        .iter()
        .map(|cell| {
            (
                cell.text.as_str(),
                cell.row,
                cell.column,
                cell.row_span,
                cell.column_span,
            )
        })
        .collect();
    assert_eq!(
        cells,
        [
            ("A", 0, 0, 2, 1),
            ("B & C", 0, 1, 1, 2),
            ("D", 1, 1, 1, 1),
            ("E", 1, 2, 1, 1),
            ("x", 2, 0, 1, 1),
            ("1\n2", 2, 1, 1, 1),
            ("a < b", 2, 2, 1, 1)
        ]
    );
    let headers: Vec<_> = read.cells.iter().filter_map(|cell| cell.header).collect();
    let (column, row) = (HeaderKind::Column, HeaderKind::Row);
    assert_eq!(headers, [column, column, column, column, row]);
}

#[test]
fn cells_of_html_hold_blocks() {
    assert_eq!(
        outline(
            "<table><tr><td><p>a <b>b</b></p><ul><li>c<li>d</ul></td><td><pre><code class=\"language-c\">x&#10;&#10;y</code></pre></td>\
             <td><table><tr><td>in</td></tr></table></td></tr></table>"
        ),
        "table\n    paragraph [a ][b|b]\n    list false 1\n      -\n        paragraph [c]\n      -\n        paragraph [d]\n    \
         code Some(\"c\") \"x\\n\\ny\"\n    table\n"
    );
}

#[test]
fn columns_are_aligned_as_their_first_cells_are() {
    let read = table("<table><tr><td align=\"right\">a<td colspan=2>b<td align=center>c</table>");
    let (right, center) = (Some(Alignment::Right), Some(Alignment::Center));
    assert_eq!(read.align, [right, None, None, center]);
}

#[test]
fn a_caption_leads_to_its_table() {
    assert_eq!(
        outline("<table><caption>The <i>title</i></caption><tr><td>a</td></tr></table>"),
        "table\ncaption [The ][title|i]\n"
    );
}

#[test]
fn other_html_is_its_text_without_scripts() {
    assert_eq!(
        outline(
            "<div class=\"a\"><h2>One</h2>two <em>three</em><p>four</div>\n\n<script>alert(1)</script>\n\n<style>a{}</style>\n\n\
             <details><summary>Sum</summary>\nrest\n</details>\n\na <script>b</script> c"
        ),
        "heading [One] (2)\nparagraph [two ][three|i]\nparagraph [four]\nparagraph [Sum]\nparagraph [rest]\nparagraph [a  c]\n"
    );
    assert_eq!(
        outline("<dl><dt>T</dt><dd>D</dd><dt>U</dl>\n\n<td>a</td><li>b</li>"),
        "definition_list\n    paragraph [D]\nparagraph [a]\nparagraph [b]\n"
    );
}

#[test]
fn merged_cells_that_cover_more_than_a_table_has_are_cut_or_refused() {
    let read = table("<table><tr><td rowspan=60000 colspan=900>a</td></tr><tr><td>b</td></tr></table>");
    assert_eq!((read.rows, read.columns), (2, 901));
    let rows = "<tr>".repeat(60_000);
    let hostile = format!("<table><tr><td rowspan=60000 colspan=900>a</td>{rows}</table>");
    let limits = crate::Limits::default();
    let mut builder = crate::ir::Builder::new(&limits);
    let error = super::super::read_blocks(&hostile, &mut builder).expect_err("too many");
    assert_eq!(error.code(), "limit_exceeded");
}
