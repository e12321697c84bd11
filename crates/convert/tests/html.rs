//! Blocks of web pages.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by a panic, also in what its functions share"
)]

use ilios_convert::ir::{
    Block, BlockKind, Cell, Direction, FieldKind, GroupKind, HeaderKind, Inline, Link, List, Place, Run,
    Table, inlines_text, plain_text,
};
use ilios_convert::{Conversion, ConvertError, Input, Limits, NoOcr, Options, convert};

fn read(name: &str, bytes: &[u8]) -> Result<Conversion, ConvertError> {
    read_within(&Limits::default(), name, bytes)
}

fn read_within(limits: &Limits, name: &str, bytes: &[u8]) -> Result<Conversion, ConvertError> {
    convert(Input { bytes, name }, &Options::default(), limits, &mut NoOcr)
}

fn blocks(body: &str) -> Vec<Block> {
    let conversion = read("a.html", format!("<html><body>{body}</body></html>").as_bytes()).unwrap();
    assert_eq!(conversion.pages.len(), 1);
    conversion.pages[0].blocks.clone()
}

/// Types of blocks with those inside, and the text of the innermost: `quote(paragraph:x)`.
fn outline(blocks: &[Block]) -> String {
    let one = |block: &Block| {
        let inside: Vec<String> = match &block.kind {
            BlockKind::List(list) => list
                .items
                .iter()
                .map(|item| format!("[{}]", outline(&item.blocks)))
                .collect(),
            BlockKind::DefinitionList(items) => items
                .iter()
                .map(|item| format!("{}=[{}]", inlines_text(&item.term), outline(&item.blocks)))
                .collect(),
            BlockKind::Quote(blocks) => vec![outline(blocks)],
            BlockKind::Figure(figure) => vec![format!(
                "{} {}",
                figure.alt.as_deref().unwrap_or_default(),
                outline(&figure.blocks)
            )],
            BlockKind::Group(group) => vec![format!(
                "{}: {}",
                group.title.as_deref().unwrap_or_default(),
                outline(&group.blocks)
            )],
            BlockKind::Table(table) => table
                .cells
                .iter()
                .map(|cell| format!("{},{}:{}", cell.row, cell.column, cell.text.replace('\n', "/")))
                .collect(),
            _ => return format!("{}:{}", block.kind.name(), plain_text(block).replace('\n', "/")),
        };
        format!("{}({})", block.kind.name(), inside.join(" ").trim())
    };
    blocks.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn runs(block: &Block) -> Vec<&Run> {
    let found = block
        .kind
        .inlines()
        .unwrap()
        .iter()
        .filter_map(|inline| match inline {
            Inline::Run(run) => Some(run),
            Inline::Break => None,
        });
    found.collect()
}

fn run<'b>(block: &'b Block, text: &str) -> &'b Run {
    let found = runs(block).into_iter().find(|run| run.text.trim() == text);
    found.unwrap_or_else(|| panic!("no run {text:?} in {:?}", block.kind))
}

fn list(block: &Block) -> &List {
    match &block.kind {
        BlockKind::List(list) => list,
        other => panic!("{other:?}"),
    }
}

fn table(block: &Block) -> &Table {
    match &block.kind {
        BlockKind::Table(table) => table,
        other => panic!("{other:?}"),
    }
}

fn warnings(body: &str) -> Vec<String> {
    let conversion = read("a.html", format!("<html><body><p>x</p>{body}").as_bytes()).unwrap();
    conversion
        .warnings
        .into_iter()
        .map(|warning| warning.message)
        .collect()
}

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
fn styles_of_text_are_those_of_its_elements_and_declarations() {
    let page = blocks(
        "<p><b>bold <i>both</i></b> <span style='font-weight:700'>heavy</span> <b style='font-weight: normal'>thin</b> <del>gone</del> <ins>new</ins> <mark>lit</mark> <kbd>key</kbd> x<sup>2</sup> y<sub>1</sub></p>",
    );
    let style = |text: &str| run(&page[0], text).style;
    assert!(style("both").bold && style("both").italic && !style("bold").italic);
    assert!(style("heavy").bold && !style("thin").bold);
    assert!(style("gone").strike && style("new").underline && style("lit").highlight && style("key").code);
    assert!(style("2").superscript && style("1").subscript);
}

#[test]
fn links_lead_to_the_addresses_of_the_page() {
    let conversion = read(
        "a.html",
        b"<base href='https://a.example/docs/'><p><a href='x.html'>a</a> <a href='#y'>b</a> <a href='mailto:c@d.example'>c</a> <a href='javascript:z()'>d</a></p>",
    )
    .unwrap();
    let block = &conversion.pages[0].blocks[0];
    let link = |text: &str| run(block, text).link.clone();
    let href = |address: &str| Some(Link::Href(address.into()));
    assert_eq!(link("a"), href("https://a.example/docs/x.html"));
    assert_eq!(link("b"), href("#y"));
    assert_eq!(link("c"), href("mailto:c@d.example"));
    assert!(
        runs(block)
            .into_iter()
            .any(|run| run.text.contains('d') && run.link.is_none())
    );
    assert_eq!(conversion.warnings[0].message, "addresses of links left out: 1");
}

#[test]
fn readings_abbreviations_and_quotations_are_text_of_their_own() {
    let page = blocks(
        "<p>a<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rt>ji</rt></ruby> <abbr title='Hyper Text'>HT</abbr> <q>said</q></p>",
    );
    let reading = |text: &str| {
        run(&page[0], text)
            .marks
            .as_ref()
            .and_then(|marks| marks.ruby.clone())
    };
    assert_eq!(reading("漢").as_deref(), Some("kan"));
    assert_eq!(reading("字").as_deref(), Some("ji"));
    assert_eq!(plain_text(&page[0]), "a漢字 HT (Hyper Text) \"said\"");
}

#[test]
fn line_breaks_end_lines_and_two_of_them_paragraphs() {
    let page = blocks("<p>a<br>b<br> <br>c</p><address>d<br>e</address>");
    assert_eq!(outline(&page), "paragraph:a/b paragraph:c line_block:d/e");
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

#[test]
fn a_formula_stands_once_whatever_copies_a_page_has() {
    let math = "<math><semantics><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow><annotation encoding='application/x-tex'>x^2</annotation></semantics></math>";
    for html in [
        format!(
            "<p>a <span class=katex><span class=katex-mathml>{math}</span><span class=katex-html aria-hidden=true>x2</span></span> b"
        ),
        format!(
            "<p>a <span class=mwe-math-element><span style='display: none'>{math}</span><img alt='x^2' aria-hidden=true></span> b"
        ),
        "<p>a <span class=MathJax_Preview>x2</span><script type='math/tex'>x^2</script> b".to_owned(),
        format!("<p>a {math} b"),
    ] {
        let page = blocks(&html);
        assert_eq!(plain_text(&page[0]), "a x^2 b", "{html}");
        let formula = run(&page[0], "x^2")
            .marks
            .as_ref()
            .and_then(|marks| marks.formula.clone());
        assert_eq!(formula.unwrap().tex.as_deref(), Some("x^2"), "{html}");
    }
    let page = blocks(
        "a<math display=block><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><msqrt><mi>b</mi></msqrt></mfrac></math>b",
    );
    assert_eq!(outline(&page), "paragraph:a formula:(a + 1)/(√b) paragraph:b");
}

#[test]
fn what_is_left_out_is_counted_by_its_reason() {
    assert_eq!(
        warnings("<script>a</script><style>b</style><template>c</template><!-- d -->"),
        [""; 0]
    );
    for (html, warning) in [
        ("<p hidden>a <b>b</b></p>", "hidden text left out: 2"),
        (
            "<div style='x:y; DISPLAY : None'>a</div>",
            "hidden text left out: 1",
        ),
        (
            "<noscript>a</noscript>",
            "text for browsers without scripts left out: 1",
        ),
        ("<video>a</video>", "text in place of media left out: 1"),
    ] {
        assert_eq!(warnings(html), [warning], "{html}");
    }
    assert_eq!(warnings("<i aria-hidden=true>y</i>"), [""; 0]);
}

#[test]
fn language_and_direction_are_those_of_the_elements() {
    let conversion = read(
        "a.html",
        "<html lang=en><body><p>a<p lang=ar dir=rtl>ب</html>".as_bytes(),
    )
    .unwrap();
    let page = &conversion.pages[0];
    assert_eq!(page.lang.as_deref(), Some("en"));
    assert_eq!((page.blocks[0].lang.as_deref(), page.blocks[0].dir), (None, None));
    assert_eq!(
        (page.blocks[1].lang.as_deref(), page.blocks[1].dir),
        (Some("ar"), Some(Direction::Rtl))
    );
}

#[test]
fn nesting_within_the_limit_loses_no_text() {
    let limits = Limits {
        depth: 600,
        ..Limits::default()
    };
    for (open, close) in [
        ("<ul><li>x", "</ul>"),
        ("<blockquote>x", "</blockquote>"),
        ("<b><i>x", "</i></b>"),
        ("<div>x", "</div>"),
        ("<details>x", "</details>"),
        ("<dl><dd>x", "</dl>"),
    ] {
        let html = format!("<html><body>{}{}", open.repeat(255), close.repeat(255));
        let text = read_within(&limits, "a.html", html.as_bytes())
            .unwrap()
            .markdown();
        assert_eq!(text.matches('x').count(), 255, "{open}");
    }
    let table = "<table><tr><td>x</td><td>";
    let html = format!("<html><body>{}y", table.repeat(120));
    let text = read_within(&limits, "a.html", html.as_bytes())
        .unwrap()
        .markdown();
    assert_eq!(text.matches('x').count(), 120);
}

#[test]
fn blocks_say_the_paths_of_their_elements() {
    let blocks = blocks("<div>a</div><div><p>b<p>c<b>d</b><ul><li>e<li>f</ul></div>text<pre>g</pre>");
    let mut places = Vec::new();
    for block in &blocks {
        block.visit(&mut |block| {
            if let (Some(Place::Path(path)), true) = (&block.at, block.parts().is_empty()) {
                places.push((plain_text(block), path.clone()));
            }
        });
    }
    let expected = [
        ("a", "html/body/div[1]"),
        ("b", "html/body/div[2]/p[1]"),
        ("cd", "html/body/div[2]/p[2]"),
        ("e", "html/body/div[2]/ul[1]/li[1]"),
        ("f", "html/body/div[2]/ul[1]/li[2]"),
        ("text", "html/body"),
        ("g", "html/body/pre[1]"),
    ];
    let expected: Vec<(String, String)> = expected.map(|(text, path)| (text.into(), path.into())).to_vec();
    assert_eq!(places, expected);
}

#[test]
fn the_surroundings_of_the_main_content_are_left_out_if_they_are_to_be() {
    let links = "<a href='/1'>One</a> <a href='/2'>Two</a> <a href='/3'>Three</a> <a href='/4'>Four</a>";
    let text = "<p>The bridge over the river was closed for repairs in the spring, and it is not known when it will open.</p>";
    let pages = [
        // A main part, with the title before it.
        format!(
            "<header><h1>Bridge</h1><nav>{links}</nav></header><main>{text}<aside>Related</aside></main><footer>Imprint</footer>"
        ),
        // An article beside side columns.
        format!(
            "<nav>{links}</nav><div class='sidebar'>Weather</div><article><h1>Bridge</h1>{text}<div class='share-buttons'>Share</div></article>"
        ),
        // Nothing that says what it is, but for a list of links.
        format!(
            "<div>{links}</div><div><h1>Bridge</h1>{text}</div><div id='cookie-consent'>We use cookies</div>"
        ),
    ];
    for page in pages {
        let html = format!("<html><body>{page}</body></html>");
        let input = Input {
            bytes: html.as_bytes(),
            name: "a.html",
        };
        let mut options = Options::default();
        options.output.set("boilerplate", "drop").unwrap();
        let dropped = convert(input, &options, &Limits::default(), &mut NoOcr).unwrap();
        let texts: Vec<String> = dropped.pages[0].blocks.iter().map(plain_text).collect();
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert!(
            texts[0] == "Bridge" && texts[1].starts_with("The bridge over"),
            "{texts:?}"
        );
        let counted = dropped.warnings.iter().any(|warning| {
            warning
                .message
                .starts_with("texts around the main content left out: ")
        });
        assert!(counted, "{:?}", dropped.warnings);
        let kept = read("a.html", html.as_bytes()).unwrap();
        assert!(kept.markdown().contains("One"));
    }
}

#[test]
fn a_page_that_is_nothing_but_links_keeps_them() {
    let links: String = (0..9)
        .map(|n| format!("<li><a href='/{n}'>Page {n}</a></li>"))
        .collect();
    let html = format!("<html><body><ul>{links}</ul></body></html>");
    let mut options = Options::default();
    options.output.set("boilerplate", "drop").unwrap();
    let input = Input {
        bytes: html.as_bytes(),
        name: "a.html",
    };
    let conversion = convert(input, &options, &Limits::default(), &mut NoOcr).unwrap();
    assert!(conversion.markdown().contains("Page 8"));
}
