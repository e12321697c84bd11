//! Headings, lists, tables, figures, code, groups and fields.

use ilios_convert::ir::{BlockKind, Cell, FieldKind, GroupKind, HeaderKind};

use super::{blocks, list, outline, run, table};

#[test]
fn headings_and_paragraphs_are_blocks_whatever_elements_are_between() {
    assert_eq!(
        outline(&blocks(
            "<nav>n</nav><header>a<h1>T <small>s</small></h1></header><main><div>b<p>c  \n d</div><h3><a href='#x'><div>e</div><div>f</div></a></h3></main><footer>g</footer>"
        )),
        "paragraph:n paragraph:a heading:T s paragraph:b paragraph:c d heading:e/f paragraph:g"
    );
}

#[test]
fn lists_nest_with_and_without_an_item_between() {
    assert_eq!(
        outline(&blocks(
            "<ul><li>a<ul><li>b</ul><li>c</li><ul><li>d</li></ul><li>e</ul>"
        )),
        "list([paragraph:a list([paragraph:b])] [paragraph:c list([paragraph:d])] [paragraph:e])"
    );
    assert_eq!(
        outline(&blocks("<ul><ul><li>a</ul>text<li>b</ul>")),
        "list([list([paragraph:a]) paragraph:text] [paragraph:b])"
    );
}

#[test]
fn numbers_of_items_are_those_of_the_page() {
    let page =
        blocks("<ol start=3><li>a<li value=9>b<li>c</ol><ol reversed><li>a<li>b</ol><ol type=i><li>x</ol>");
    let markers = |at: usize| -> Vec<Option<&str>> {
        list(&page[at])
            .items
            .iter()
            .map(|item| item.marker.as_deref())
            .collect()
    };
    assert_eq!(list(&page[0]).start, 3);
    assert_eq!(markers(0), [None, Some("9."), Some("10.")]);
    assert_eq!(list(&page[1]).start, 2);
    assert_eq!(markers(1), [None, Some("1.")]);
    assert_eq!(list(&page[2]).style, ilios_convert::ir::ListStyle::Roman);
}

#[test]
fn check_boxes_of_items_are_their_state() {
    let page = blocks(
        "<ul><li><input type=checkbox checked> a<li><p><label><input type=checkbox> b</label><li>c</ul>",
    );
    let checked: Vec<Option<bool>> = list(&page[0]).items.iter().map(|item| item.checked).collect();
    assert_eq!(checked, [Some(true), Some(false), None]);
    assert_eq!(outline(&page), "list([paragraph:a] [paragraph:b] [paragraph:c])");
}

#[test]
fn terms_have_their_definitions() {
    assert_eq!(
        outline(&blocks(
            "<dl><div><dt>a</dt><dd>b<dd>c</div><dt>d<dt>e<dd><ul><li>f</ul></dl>"
        )),
        "definition_list(a=[paragraph:b paragraph:c] d=[] e=[list([paragraph:f])])"
    );
}

#[test]
fn cells_take_the_places_that_spans_leave() {
    let page = blocks(
        "<table><caption>Cap</caption><thead><tr><th rowspan=2 align=right>A<th colspan=2>B<tr><th>C<th>D</thead><tbody><tr><th>r<td>1<td>2</table>",
    );
    assert_eq!(
        outline(&page),
        "table(0,0:A 0,1:B 1,1:C 1,2:D 2,0:r 2,1:1 2,2:2) caption:Cap"
    );
    let table = table(&page[0]);
    assert_eq!((table.rows, table.columns), (3, 3));
    let spans: Vec<(u32, u32)> = table
        .cells
        .iter()
        .map(|cell| (cell.row_span, cell.column_span))
        .collect();
    assert_eq!(spans[..2], [(2, 1), (1, 2)]);
    let headers: Vec<Option<HeaderKind>> = table.cells.iter().map(|cell| cell.header).collect();
    assert_eq!(headers[..4], [Some(HeaderKind::Column); 4]);
    assert_eq!(headers[4..], [Some(HeaderKind::Row), None, None]);
    assert!(matches!(&page[1].kind, BlockKind::Caption(caption) if caption.target == Some(page[0].id)));
}

#[test]
fn a_cell_has_blocks_only_for_more_than_plain_text() {
    let page =
        blocks("<table><tr><td><p>a</p><td>b<br>c<td><b>d</b><td><ul><li>e</ul><td>f<tr><td>g</table>");
    let cells: &[Cell] = &table(&page[0]).cells;
    let kinds: Vec<Vec<&str>> = cells
        .iter()
        .map(|cell| cell.blocks.iter().map(|block| block.kind.name()).collect())
        .collect();
    assert_eq!(
        kinds[..5],
        [vec![], vec![], vec!["paragraph"], vec!["list"], vec![]]
    );
    assert_eq!(cells[1].text, "b\nc");
}

#[test]
fn tables_that_only_arrange_their_content_are_read_in_order() {
    for html in [
        "<table><tr><td>a<p>b</table>",
        "<table role=presentation><tr><td>a<td>b</table>",
        "<table><tr><td><table><tr><td>a</table><td>b</table>",
        "<table><tr><td><div>a</div><tr><td>b</table>",
    ] {
        assert_eq!(outline(&blocks(html)), "paragraph:a paragraph:b", "{html}");
    }
}

#[test]
fn figures_have_their_captions() {
    let page = blocks(
        "<figure><a href='big.png'><img src=a.png alt='a tower'></a><figcaption>Fig. <b>1</b></figcaption></figure>\
         <figure><figcaption>Tab. 1</figcaption><table><tr><td>1<td>2</table></figure>",
    );
    assert_eq!(
        outline(&page),
        "figure(a tower) caption:Fig. 1 table(0,0:1 0,1:2) caption:Tab. 1"
    );
    for (caption, target) in [(1, 0), (3, 2)] {
        assert!(
            matches!(&page[caption].kind, BlockKind::Caption(found) if found.target == Some(page[target].id)),
            "{:?}",
            page[caption]
        );
    }
}

#[test]
fn pictures_keep_their_place_and_ornaments_have_none() {
    let page = blocks(
        "<p>a <img src=x alt=tower> b<img src=y alt=''><img width=1 height=1 src=z></p><p><img alt=lake></p>",
    );
    assert_eq!(outline(&page), "paragraph:a tower b figure(lake)");
    assert_eq!(run(&page[0], "tower").image(), Some(""));
}

#[test]
fn code_keeps_its_lines_and_tells_its_language() {
    for html in [
        "<pre><code class='language-rust'>fn  a() {\n}\n</code></pre>",
        "<pre class='brush: rust;'>fn  a() {<br>}</pre>",
        "<div class='highlight highlight-source-rust'><pre>\n<span>fn</span>  a() {\n}</pre></div>",
        "<pre data-lang=rust><div>fn  a() {</div><div>}</div></pre>",
    ] {
        let page = blocks(html);
        let expected = BlockKind::Code {
            language: Some("rust".into()),
            text: "fn  a() {\n}".into(),
        };
        assert_eq!(page[0].kind, expected, "{html}");
    }
}

#[test]
fn quotations_asides_and_rules_are_blocks() {
    assert_eq!(
        outline(&blocks("<blockquote>a<p>b</blockquote><aside>c</aside><hr>d")),
        "quote(paragraph:a paragraph:b) aside:c rule: paragraph:d"
    );
}

#[test]
fn details_and_fieldsets_are_groups_with_a_title() {
    let page = blocks(
        "<details><summary>Su <b>m</b></summary>a<p>b</details><fieldset><legend>L</legend>c</fieldset>",
    );
    assert_eq!(
        outline(&page),
        "group(Su m: paragraph:a paragraph:b) group(L: paragraph:c)"
    );
    let kinds: Vec<GroupKind> = page
        .iter()
        .map(|block| match &block.kind {
            BlockKind::Group(group) => group.kind,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, [GroupKind::Section, GroupKind::Form]);
}

#[test]
fn fields_have_their_label_value_and_state() {
    let page = blocks(
        "<form><label for=n>Name</label> <input id=n name=who value='A B'><label>Size <select><option>S<option selected>M</select></label>\
         <input type=radio id=r checked><label for=r>Yes</label><label>Note<textarea>x\ny</textarea></label></form>",
    );
    let fields: Vec<_> = page
        .iter()
        .map(|block| match &block.kind {
            BlockKind::Field(field) => field,
            other => panic!("{other:?}"),
        })
        .collect();
    let said: Vec<(FieldKind, Option<&str>, &str, Option<bool>)> = fields
        .iter()
        .map(|field| {
            (
                field.kind,
                field.label.as_deref(),
                field.value.as_str(),
                field.checked,
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (FieldKind::Text, Some("Name"), "A B", None),
            (FieldKind::Choice, Some("Size"), "M", None),
            (FieldKind::Radio, Some("Yes"), "", Some(true)),
            (FieldKind::Text, Some("Note"), "x\ny", None),
        ]
    );
    assert_eq!(fields[0].name.as_deref(), Some("who"));
    assert_eq!(fields[1].options, ["S", "M"]);
}
