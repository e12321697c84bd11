//! Styles, links, readings, line breaks, formulas, language.

use ilios_convert::ir::{Direction, Link, plain_text};

use super::{blocks, outline, read, run, runs};

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
