//! Web pages and XML.

use crate::documents::{markdown, read};

#[test]
fn nesting_by_elements_that_end_by_themselves_does_no_harm() {
    for tags in [
        "<p>",
        "<li>",
        "<ul><li>",
        "<table><tr><td>",
        "<td>",
        "<blockquote>",
        "</div>",
        "<![CDATA[",
        "<!--",
    ] {
        let html = format!("<html><body>{}x", tags.repeat(20_000));
        let _ = read("a.html", html.as_bytes());
    }
}

#[test]
fn tags_that_end_nothing_hide_no_nesting() {
    let nesting = [
        "<div></x>",
        "<x><div></x>",
        "<b><div></b>",
        "<optgroup>",
        "<rt>",
        "<ul><li><section>",
        "<svg><td><td>",
        "<option><b>",
        "<table><tr><td>",
    ];
    for tags in nesting {
        let html = format!("<html><body>{}x", tags.repeat(5_000));
        let code = read("a.html", html.as_bytes()).map_err(|error| error.code());
        assert_eq!(code.err(), Some("limit_exceeded"), "{tags}");
    }
}

#[test]
fn formatting_without_an_end_goes_on_in_a_bounded_number_of_blocks() {
    let bold: String = (0..250).map(|number| format!("<b id={number}>")).collect();
    for html in [
        format!("<html><body><p>{bold}</p>{}", "<p>x</p>".repeat(9_000)),
        format!("<html><body><p>{bold}{}", "<p>x".repeat(9_000)),
    ] {
        let code = read("a.html", html.as_bytes()).map(|_| ()).unwrap_err().code();
        assert_eq!(code, "limit_exceeded");
    }
}

#[test]
fn what_pages_leave_out_and_mix_up_is_no_nesting() {
    for part in [
        "<p>a",
        "<ul><li>a<p>b<li>c</ul>",
        "<table><tr><td>a<td>b<p>c<tr><td>d</table>",
        "<dl><dt>a<dd>b<dt>c</dl>",
        "<ruby>a<rp>(<rt>b<rp>)</ruby>",
        "<select><optgroup><option>a<option>b<optgroup><option>c</select>",
        "<svg><path/><g><path d=x/></g></svg>",
        "<p><font size=2>a",
        "<b><div>x</b></div><i><p>y</i></p>",
        "<h1>a<h2>b",
        "<div><a href=x>a</div>",
        "<br/><img><hr><input>",
        "<p><button>a",
    ] {
        let html = format!("<html><body>{}text", part.repeat(600));
        let read = read("a.html", html.as_bytes());
        assert!(read.is_ok(), "{part}: {:?}", read.map(|_| ()));
    }
}

#[test]
fn what_looks_like_tags_in_scripts_and_comments_is_no_nesting() {
    let tags = "<div>".repeat(1_000);
    let html = format!("<p>a</p><script>x = \"{tags}\"</script><!--{tags}--><STYLE>{tags}</STYLE><p>b</p>");
    assert_eq!(markdown("a.html", html.as_bytes()), "a\n\nb\n");
}

#[test]
fn a_page_with_endless_attributes_is_refused_and_quotes_hide_none() {
    let attributes = |count: usize| {
        let attributes: String = (0..count).map(|number| format!(" a{number}='<>'")).collect();
        format!("<html><p{attributes}>text")
    };
    assert_eq!(markdown("a.html", attributes(1_000).as_bytes()), "text\n");
    let error = read("a.html", attributes(200_000).as_bytes()).unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
    let prose = format!("<html><p title='{}'>text", "word = \"x\" ".repeat(10_000));
    assert_eq!(markdown("a.html", prose.as_bytes()), "text\n");
}

#[test]
fn spans_as_large_as_a_page_can_say_stay_small() {
    let html = "<table><tr><td rowspan=65534 colspan=1000>x</td></tr><tr><td>y</td></tr></table>";
    assert!(read("a.html", html.as_bytes()).map_or(0, |page| page.text_bytes()) < 1 << 20);
}

#[test]
fn elements_with_many_attributes_take_no_quadratic_time() {
    let attributes: String = (0..200_000).map(|number| format!(" a{number}='1'")).collect();
    let text = markdown(
        "a.xml",
        format!("<?xml version='1.0'?><a{attributes}>x</a>").as_bytes(),
    );
    assert!(text.contains("a199999: 1"));
}

#[test]
fn entities_made_of_entities_are_refused_and_others_stay_as_written() {
    let nested = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>]><a>&b;&b;</a>";
    assert_eq!(
        read("a.xml", nested.as_bytes()).unwrap_err().code(),
        "limit_exceeded"
    );
    let flat = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'secret &lt;'><!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>x &a; &b; &#65;&amp;</a>";
    let text = markdown("a.xml", flat.as_bytes());
    assert!(
        text.contains("&a; ") && text.contains("&b; A&") && !text.contains("secret"),
        "{text}"
    );
}

#[test]
fn what_many_elements_inherit_or_look_for_takes_no_quadratic_time_or_memory() {
    let (many, long) = (20_000, "x".repeat(200_000));
    for html in [
        format!("<a href='https://x.example/{long}'>{}", "<i>y</i>z".repeat(many)),
        format!(
            "<div class='{long}'>{}",
            "<pre>y</pre><math><mi>z</mi></math>".repeat(many)
        ),
        format!("<div lang='{long}'>{}", "<p>y</p>".repeat(many)),
        format!(
            "<base href='https://x.example/{long}'>{}",
            "<a href=y>z</a>".repeat(many)
        ),
        format!(
            "<details>{}{}",
            "<i></i>".repeat(many),
            "<summary>y</summary>".repeat(many)
        ),
        format!(
            "<ul><li>{}{}y",
            "<!---->".repeat(many),
            "<input type=checkbox>".repeat(many)
        ),
        format!(
            "<h1>{}{}y",
            "<b>&nbsp;</b><i>&nbsp;</i>".repeat(many),
            "<div></div>".repeat(many)
        ),
        format!("<ruby>{}", "<rt>y".repeat(many)),
        format!("<form>{}", "<label>y<input>".repeat(100)),
    ] {
        let shown = html.get(..20).unwrap_or_default();
        let read = read("a.html", format!("<html><body>{html}").as_bytes());
        assert!(read.is_ok_and(|page| page.text_bytes() < 100 << 20), "{shown}");
    }
}
