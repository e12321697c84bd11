use std::borrow::Cow;

use crate::ir::{Alignment, List, ListStyle};
use crate::markup::{HEADINGS, Tag, decode};

/// Element whose attributes can be read, of a tree or of a sequence of tags.
pub(crate) trait HasAttributes {
    /// Value of an attribute.
    fn attribute(&self, name: &str) -> Option<Cow<'_, str>>;
}

impl HasAttributes for Tag<'_> {
    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut attributes = self.attributes();
        let found = attributes.find(|attribute| attribute.name.eq_ignore_ascii_case(name))?;
        Some(decode(found.value))
    }
}

/// Style that an element gives to its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Bold,
    Italic,
    Underline,
    Strike,
    Code,
    Superscript,
    Subscript,
    Highlight,
}

/// Style that an element of this name gives to its text.
pub(crate) fn mark(name: &str) -> Option<Mark> {
    Some(match name {
        "b" | "strong" => Mark::Bold,
        "i" | "em" | "cite" | "dfn" | "var" => Mark::Italic,
        "u" | "ins" => Mark::Underline,
        "s" | "del" | "strike" => Mark::Strike,
        "code" | "tt" | "kbd" | "samp" => Mark::Code,
        "sup" => Mark::Superscript,
        "sub" => Mark::Subscript,
        "mark" => Mark::Highlight,
        _ => return None,
    })
}

/// Returns true for an element that ends the paragraph before it.
pub(crate) fn is_block(name: &str) -> bool {
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
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "head",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "pre",
        "search",
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
        "xmp",
    ];
    BLOCKS.binary_search(&name).is_ok() || heading(name).is_some()
}

/// Level of a heading.
pub(crate) fn heading(name: &str) -> Option<u8> {
    let at = HEADINGS.iter().position(|heading| *heading == name)?;
    u8::try_from(at + 1).ok()
}

/// List that an element begins.
pub(crate) fn list(element: &impl HasAttributes, name: &str) -> List {
    let start = element
        .attribute("start")
        .and_then(|start| start.trim().parse().ok());
    List {
        ordered: name == "ol",
        style: match element.attribute("type").as_deref() {
            Some("a" | "A") => ListStyle::Alpha,
            Some("i" | "I") => ListStyle::Roman,
            _ => ListStyle::Decimal,
        },
        start: start.unwrap_or(1),
        items: Vec::new(),
    }
}

/// Alignment of the text of a cell.
pub(crate) fn alignment(cell: &impl HasAttributes) -> Option<Alignment> {
    match cell.attribute("align")?.to_ascii_lowercase().as_str() {
        "left" => Some(Alignment::Left),
        "center" => Some(Alignment::Center),
        "right" => Some(Alignment::Right),
        _ => None,
    }
}

/// Language of code, by the classes of its element: `language-rust`, `lang-rust`, `highlight-source-rust`.
pub(crate) fn code_language(classes: &str) -> Option<String> {
    const PREFIXES: [&str; 5] = [
        "language-",
        "lang-",
        "highlight-source-",
        "highlight-text-",
        "src-",
    ];
    let by_prefix = classes
        .split_ascii_whitespace()
        .find_map(|class| PREFIXES.iter().find_map(|prefix| class.strip_prefix(prefix)));
    let beside = || {
        // Pandoc and SyntaxHighlighter name the language behind a word of their own.
        let mut words = classes.split_ascii_whitespace();
        let next = match words.next()?.trim_end_matches(':') {
            "sourceCode" | "brush" => words.next()?,
            _ => return None,
        };
        Some(next.trim_end_matches(';'))
    };
    let language = by_prefix.or_else(beside)?;
    let sound = |c: char| c.is_ascii_alphanumeric() || "+#._-".contains(c);
    let known = !language.is_empty() && language.chars().all(sound) && language != "none";
    known.then(|| language.to_ascii_lowercase())
}
