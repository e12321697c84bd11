//! Detection of JSON and notebooks, XML and HTML.

use serde::de::IgnoredAny;

use super::Format;
use crate::markup::HEADINGS;

/// Tags that an HTML page or fragment begins with, beside those of headings.
const HTML_TAGS: &[&str] = &[
    "a",
    "article",
    "b",
    "base",
    "blockquote",
    "body",
    "br",
    "center",
    "dir",
    "div",
    "dl",
    "em",
    "font",
    "footer",
    "form",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "link",
    "main",
    "menu",
    "meta",
    "nav",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "table",
    "tbody",
    "td",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
];

/// Detects JSON by parsing it. `whole`: the text is the whole file, so it must not end early.
pub(super) fn json(text: &str, whole: bool) -> Option<Format> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => {}
        Err(error) if error.is_eof() && !whole => {}
        Err(_) => return None,
    }
    let notebook = text.starts_with('{')
        && text.contains("\"cells\"")
        && (text.contains("\"nbformat\"") || text.contains("\"cell_type\""));
    Some(if notebook { Format::Ipynb } else { Format::Json })
}

/// Detects XML or HTML by the declaration and the first tag. A fragment of HTML may also begin a Markdown text: there
/// the file name decides.
pub(super) fn tagged(text: &str, whole: bool, named: Option<Format>) -> Option<Format> {
    if !text.starts_with('<') {
        return None;
    }
    let declared = text.starts_with("<?xml");
    let (doctype, rest) = prolog(text);
    let root = tag_name(rest);
    let local = root.rsplit(':').next().unwrap_or(root).to_ascii_lowercase();
    if doctype.as_deref() == Some("html") || local == "html" {
        return Some(Format::Html);
    }
    if declared || (doctype.is_some() && !root.is_empty()) {
        return Some(Format::Xml);
    }
    if named == Some(Format::Markdown) {
        return None;
    }
    let is_html = HTML_TAGS.contains(&local.as_str()) || HEADINGS.contains(&local.as_str());
    if is_html && named != Some(Format::Xml) {
        return Some(Format::Html);
    }
    let closed = text.trim_end().strip_suffix('>').is_some_and(|text| {
        text.trim_end()
            .strip_suffix(root)
            .is_some_and(|text| text.ends_with("</"))
            || text.ends_with('/')
    });
    (whole && !root.is_empty() && closed).then_some(Format::Xml)
}

/// Skips white space, comments, processing instructions and the doctype. Returns the name in the doctype and the rest.
fn prolog(mut text: &str) -> (Option<String>, &str) {
    let mut doctype = None;
    loop {
        text = text.trim_start();
        let end = if text.starts_with("<!--") {
            text.find("-->").map(|end| end + 3)
        } else if text.starts_with("<?") {
            text.find("?>").map(|end| end + 2)
        } else if text
            .get(..9)
            .is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"))
        {
            doctype = text.get(9..).and_then(|rest| {
                rest.split(|c: char| c.is_whitespace() || c == '>' || c == '[')
                    .find(|word| !word.is_empty())
            });
            doctype_end(text)
        } else {
            None
        };
        match end.and_then(|end| text.get(end..)) {
            Some(rest) => text = rest,
            None => return (doctype.map(str::to_ascii_lowercase), text),
        }
    }
}

/// Finds the end of a doctype: its `>`, which comes after the `]` of an internal subset.
fn doctype_end(text: &str) -> Option<usize> {
    let close = text.find('>')?;
    match text.find('[') {
        Some(open) if open < close => {
            let subset = open + text.get(open..)?.find(']')?;
            Some(subset + text.get(subset..)?.find('>')? + 1)
        }
        _ => Some(close + 1),
    }
}

fn tag_name(text: &str) -> &str {
    let Some(rest) = text.strip_prefix('<') else {
        return "";
    };
    if !rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return "";
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'))
        .unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}
