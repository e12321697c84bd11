use super::attribute::attribute;
use crate::ir::{List, ListStyle};
use crate::markup::{HEADINGS, Tag};

/// Returns true for an element that ends the paragraph before it.
pub(super) fn is_block(name: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "col",
        "colgroup",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "head",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ];
    BLOCKS.binary_search(&name).is_ok() || heading(name).is_some()
}

/// Level of a heading.
pub(super) fn heading(name: &str) -> Option<u8> {
    let at = HEADINGS.iter().position(|heading| *heading == name)?;
    u8::try_from(at + 1).ok()
}

/// List that an element begins.
pub(super) fn list(tag: &Tag<'_>, name: &str) -> List {
    let start = attribute(tag, "start").and_then(|start| start.trim().parse().ok());
    List {
        ordered: name == "ol",
        style: match attribute(tag, "type").as_deref() {
            Some("a" | "A") => ListStyle::Alpha,
            Some("i" | "I") => ListStyle::Roman,
            _ => ListStyle::Decimal,
        },
        start: start.unwrap_or(1),
        items: Vec::new(),
    }
}
