//! Our Markdown as a page and as plain text.

use ilios_convert::render;

fn to_html(markdown: &str, title: &str) -> String {
    render::to_html(markdown, title).unwrap_or_else(|error| panic!("{error}"))
}

fn to_text(markdown: &str) -> String {
    render::to_text(markdown).unwrap_or_else(|error| panic!("{error}"))
}

fn body(markdown: &str) -> String {
    let page = to_html(markdown, "t");
    page.split_once("<body>\n")
        .map_or_else(String::new, |(_, body)| body.to_owned())
}

#[test]
fn a_page_is_whole_and_its_title_is_text() {
    let page = to_html("# Hello", "a <b> & \"c\"");
    assert!(page.starts_with("<!DOCTYPE html>\n<html>"));
    assert!(page.contains("<meta charset=\"utf-8\">"));
    assert!(
        page.contains("<title>a &lt;b&gt; &amp; &quot;c&quot;</title>"),
        "{page}"
    );
    assert!(page.contains("<h1>Hello</h1>"));
    assert!(page.ends_with("</body>\n</html>\n"));
}

#[test]
fn extensions_of_markdown_are_rendered() {
    let html = body(
        "| a | b |\n|---|---|\n| 1 | 2<br>3 |\n\n~~no~~\n\n- [x] done\n- [ ] open\n\nnote[^1]\n\n[^1]: the note",
    );
    assert!(html.contains("<th>a</th>"), "{html}");
    assert!(html.contains("2<br>3"));
    assert!(html.contains("<s>no</s>"));
    assert_eq!(html.matches("type=\"checkbox\"").count(), 2, "{html}");
    assert_eq!(html.matches("disabled").count(), 2, "{html}");
    assert_eq!(html.matches(" checked").count(), 1, "{html}");
    assert!(
        html.contains("href=\"#fn-1\"") && html.contains("id=\"fn-1\""),
        "{html}"
    );
}

#[test]
fn nothing_in_a_page_runs_or_is_fetched() {
    let hostile = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n<iframe src=\"https://e.example\"></iframe>\n\n\
        [x](javascript:alert(1))\n\n<a href=\"data:text/html,x\">y</a>\n\n<form action=\"https://e.example\"><input type=\"text\" onfocus=\"alert(1)\"></form>\n\n\
        <style>@import url(https://e.example)</style>\n\n<p style=\"background:url(https://e.example)\">z</p>\n\n<svg><a xlink:href=\"javascript:alert(1)\">s</a></svg>";
    let html = body(hostile);
    for forbidden in [
        "<script",
        "alert(1)\"",
        "onerror",
        "<iframe",
        "javascript:",
        "data:text",
        "<form",
        "onfocus",
        "@import",
        "e.example",
        "type=\"text\"",
    ] {
        assert!(!html.contains(forbidden), "{forbidden} in {html}");
    }
}

#[test]
fn only_pictures_of_the_document_are_kept() {
    let html = body(
        "![a](images/a.png) ![b](https://e.example/b.png) ![c](//e.example/c.png) ![d](data:image/png;base64,AA==) <img src=\"\\\\e.example\\d.png\">",
    );
    assert!(html.contains("src=\"images/a.png\""), "{html}");
    assert_eq!(html.matches("src=").count(), 1, "{html}");
    assert!(!html.contains("base64"), "{html}");
    assert!(
        html.contains("<a href=\"https://e.example/b.png\" rel=\"noopener noreferrer\">b</a> c d"),
        "{html}"
    );
}

#[test]
fn plain_text_has_no_markup() {
    let text = to_text(
        "# Title\n\nSome **bold** [link](https://x.example) and `code`.\nNext line\n\n- one\n- two\n  - three\n\n3. a\n4. b\n\n> quoted\n\n```rust\nfn x() {}\n```\n",
    );
    assert_eq!(
        text,
        "Title\n\nSome bold link and code. Next line\n\n- one\n- two\n  - three\n\n3. a\n4. b\n\nquoted\n\nfn x() {}\n"
    );
}

#[test]
fn tables_become_lines_of_cells_with_tabs_between() {
    let text = to_text("before\n\n| a | b |\n|---|---|\n| 1<br>2 | **x** |\n|  | y |\n\nafter");
    assert_eq!(text, "before\n\na\tb\n1 2\tx\n\ty\n\nafter\n");
}

#[test]
fn task_lists_and_footnotes_stay_readable() {
    assert_eq!(to_text("- [x] done\n- [ ] open"), "- [x] done\n- [ ] open\n");
    assert_eq!(to_text("a[^1]\n\n[^1]: note"), "a[1]\n\n[1] note\n");
    assert_eq!(to_text(""), "");
}

#[test]
fn deep_nesting_ends() {
    let deep = format!("{} x", ">".repeat(20_000));
    assert!(to_text(&deep).contains('x'));
    assert!(to_html(&deep, "t").contains('x'));
}

/// A page must take time and memory that grow with its length: in seconds for what once took minutes, and little more
/// than is written.
#[test]
fn hostile_markdown_makes_a_page_no_larger_than_it_is_itself() {
    let bold: String = (0..250).map(|number| format!("<b id=\"x{number}\">")).collect();
    let texts = [
        bold.clone() + &"\n\nx".repeat(30_000),
        format!("<div>{bold}\n\n") + &"<p>x".repeat(30_000),
        "<div></x>".repeat(20_000),
        "<div>\n".to_owned() + &"<div></x>".repeat(20_000),
        "<div>".to_owned() + &"<optgroup>".repeat(20_000),
        "<div>".to_owned() + &"<rt>".repeat(20_000),
        "<div>".to_owned() + &"<table><tr><td>".repeat(20_000),
        "<div>".to_owned() + &"<a href=\"".repeat(20_000),
        "<div>".to_owned() + &"<!--".repeat(20_000),
        "<script>".repeat(20_000),
        "&".repeat(200_000),
        "<".repeat(200_000),
        "[".repeat(100_000),
        "![".repeat(100_000),
        "*a_".repeat(60_000),
        "`a".repeat(60_000),
        "> ".repeat(60_000),
        "- ".repeat(60_000),
        "[^a]".repeat(60_000),
    ];
    for text in &texts {
        let page = to_html(text, "t");
        assert!(
            page.len() < 8 * text.len() + 4_000,
            "{} bytes of {:.40} make {}",
            text.len(),
            text,
            page.len()
        );
        assert!(to_text(text).len() <= 2 * text.len());
    }
}

/// The tags of a body, each with what it is within.
fn check_balance(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut most = 0;
    for tag in html.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap_or((tag, ""));
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        if ["br", "hr", "img", "input", "col", "wbr"].contains(&name) {
            continue;
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{html}");
        } else {
            open.push(name);
        }
        most = most.max(open.len());
    }
    assert!(open.is_empty(), "{open:?} in {html}");
    assert!(most <= 256, "{most}");
}

#[test]
fn tags_are_balanced_whatever_the_markdown_has() {
    for text in [
        "a <b>b *c </b>d* <i>e\n\nf</i> g",
        "<div>\n\n> quote <u>x\n\n</div>\n\nlast </div>",
        "<table><tr><td>a<td>b<tr><td>c</table>\n\nafter",
        "<ul><li>a<li>b<p>c</ul>",
        "x <script>y</script> *z <style>a* b</style> c",
        "<script> *a </script> b* c",
        "![a <b>b *c* ![d](e.png)](f.png) g",
        "| a <b> | c </b> |\n|---|---|\n| <i>d | e |",
        "- <details><summary>s\n- t</details>\n\n1. <ol><li>u",
    ] {
        let body = body(text);
        check_balance(body.trim_end_matches("</body>\n</html>\n"));
    }
}

#[test]
fn tables_that_markdown_holds_as_html_stay_tables() {
    let table = "<table>\n<tr><th rowspan=\"2\" onclick=\"x()\">A</th><th colspan='2'>B &amp; C</th></tr>\n\
        <tr><td align=right>1<br>2</td><td>a &lt; b</td></tr>\n</table>";
    let html = body(table);
    assert!(
        html.contains(
            "<tr><th scope=\"col\" rowspan=\"2\">A</th><th scope=\"col\" colspan=\"2\">B &amp; C</th></tr>\n\
             <tr><td>1<br>2</td><td>a &lt; b</td></tr>\n</tbody>\n</table>"
        ),
        "{html}"
    );
    assert_eq!(to_text(table), "A\tB & C\n\t1 2\ta < b\n");
}

#[test]
fn links_of_a_page_lead_to_the_web_to_people_and_to_itself() {
    let html = body(
        "[a](https://a.example/?b=1&c=2 \"t\") [m](mailto:m@b.example) <m@b.example> [i](#there) [r](other.html) \
         [f](ftp://a.example) [x](JaVaScRiPt:alert(1)) [y](<java\tscript:alert(1)>) [z](&#106;avascript&colon;alert(1)) \
         <vbscript:x> ![p](javascript:alert(1)) <a href=\" java&#115;cript:alert(1)\">h</a> <a href='jav&Tab;ascript:x'>k</a>",
    );
    for expected in [
        "<a href=\"https://a.example/?b=1&amp;c=2\" rel=\"noopener noreferrer\">a</a>",
        "<a href=\"mailto:m@b.example\" rel=\"noopener noreferrer\">m</a>",
        "<a href=\"#there\" rel=\"noopener noreferrer\">i</a>",
        " r f x ",
    ] {
        assert!(html.contains(expected), "{expected} in {html}");
    }
    assert_eq!(html.matches("href=").count(), 4, "{html}");
    assert!(!html.contains("alert(1)\"") && !html.contains("src="), "{html}");
}

/// Long texts are parsed in pieces; where one ends makes no difference.
#[test]
fn a_long_text_is_rendered_as_its_parts_are() {
    let parts = [
        "# Heading\n\n",
        "A paragraph\nof two lines.\n\n",
        "- a\n- b\n\n  more\n\n  1. c\n\n",
        "> quote\n> > deeper\n\n",
        "```\ncode\n\n# no heading\n---\n```\n\n",
        "    indented\n\n        code\n\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
        "<div>\n<!-- a\n\n\nb -->\n</div>\n\n",
        "Setext\n===\n\n",
        "<!-- x\n\n- y\n\n-->\n\n",
        "***\n",
    ];
    let once: String = parts.concat();
    let times = 900_000 / once.len();
    let long = once.repeat(times);
    assert_eq!(body_of(&long), body_of(&once).repeat(times));
    // One block that is longer than any piece.
    let code = format!("```\n{}```\n\nend", "line\n\n".repeat(200_000));
    let html = body_of(&code);
    assert_eq!(
        (html.matches("<pre>").count(), html.matches("line").count()),
        (1, 200_000)
    );
    assert!(html.ends_with("<p>end</p>\n"));
}

fn body_of(markdown: &str) -> String {
    body(markdown).trim_end_matches("</body>\n</html>\n").to_owned()
}
