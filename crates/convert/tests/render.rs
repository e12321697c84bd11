//! Our Markdown as a page and as plain text.

use ilios_convert::render::{to_html, to_text};

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
        page.contains("<title>a&#32;&lt;b&gt;&#32;&amp;&#32;&quot;c&quot;</title>"),
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
    assert!(html.contains("<del>no</del>"));
    assert_eq!(html.matches("type=\"checkbox\"").count(), 2, "{html}");
    assert_eq!(html.matches("disabled").count(), 2, "{html}");
    assert_eq!(html.matches("checked").count(), 1, "{html}");
    assert!(
        html.contains("href=\"#1\"") && html.contains("id=\"1\""),
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
fn only_pictures_without_an_address_of_their_own_are_kept() {
    let html = body(
        "![a](media/a.png) ![b](https://e.example/b.png) ![c](//e.example/c.png) ![d](data:image/png;base64,AA==) <img src=\"\\\\e.example\\d.png\">",
    );
    assert!(html.contains("src=\"media/a.png\""), "{html}");
    assert!(!html.contains("e.example") && !html.contains("base64"), "{html}");
    assert!(html.contains("alt=\"b\""), "{html}");
}

#[test]
fn plain_text_has_no_markup() {
    let text = to_text(
        "# Title\n\nSome **bold** [link](https://x.example) and `code`.\nNext line\n\n- one\n- two\n  - three\n\n3. a\n4. b\n\n> quoted\n\n```rust\nfn x() {}\n```\n",
    );
    assert_eq!(
        text,
        "Title\n\nSome bold link and code.\nNext line\n\n- one\n- two\n  - three\n\n3. a\n4. b\n\nquoted\n\nfn x() {}\n"
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
