use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use pulldown_cmark::Event;

use crate::readers::deepest_html;

/// Elements may nest so deep; a parser's work grows with the square of it.
const DEPTH: u32 = 256;

const STYLE: &str = "body{max-width:50rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;\
color:#1a1a1a;background:#fff}table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:.25rem .5rem;\
text-align:left;vertical-align:top}pre{overflow-x:auto;padding:.75rem;background:#f4f4f4}\
blockquote{margin-left:0;padding-left:1rem;border-left:.25rem solid #ccc}img{max-width:100%}\
@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}pre{background:#242424}a{color:#8ab4f8}}";

/// A whole HTML5 page of our Markdown. It runs no script and fetches nothing: markup that could is dropped,
/// and so are pictures with an address of their own.
#[must_use]
pub fn to_html(markdown: &str, title: &str) -> String {
    let mut raw = String::with_capacity(markdown.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut raw, super::events(markdown));
    if deepest_html(&raw) > DEPTH {
        raw.clear();
        pulldown_cmark::html::push_html(&mut raw, super::events(markdown).map(as_text));
    }
    let body = sanitizer().clean(&raw).to_string();
    let title = ammonia::clean_text(title);
    format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// Markup that a Markdown text brings along, shown as text.
fn as_text(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        other => other,
    }
}

/// Ammonia's defaults, with the check boxes of task lists and the anchors of footnotes, without remote pictures.
fn sanitizer() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::default();
    builder
        .add_tags(["input"])
        .add_tag_attributes("input", ["checked"])
        .tag_attribute_values(HashMap::from([(
            "input",
            HashMap::from([("type", HashSet::from(["checkbox"]))]),
        )]))
        .set_tag_attribute_value("input", "disabled", "")
        .set_tag_attribute_value("input", "type", "checkbox")
        .add_tag_attributes("div", ["id"])
        .add_tag_attributes("a", ["id"])
        .attribute_filter(|element, attribute, value| {
            let remote = element == "img" && attribute == "src" && !is_relative(value);
            (!remote).then_some(Cow::Borrowed(value))
        });
    builder
}

/// Neither a scheme nor a host: browsers read `\` as `/` and skip control characters in front.
fn is_relative(url: &str) -> bool {
    let url: String = url
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .collect();
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let first = path.split(['/', '\\']).next().unwrap_or_default();
    !first.contains(':') && !url.replace('\\', "/").starts_with("//")
}
