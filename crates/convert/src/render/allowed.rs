use crate::markup::HEADINGS;

/// Elements of raw HTML that a page may have, beside headings; of others the content alone is kept.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements without content.
const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];

/// Kind of value that an attribute may have; any other value is left out with its attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Any text.
    Text,
    /// A small number.
    Number,
    /// A word such as `left`.
    Word,
    /// The address of a link.
    Link,
    /// The address of a picture.
    Picture,
    /// A name that links of the same page lead to.
    Anchor,
}

/// The element of this name, if a page may have it.
pub(super) fn element(name: &str) -> Option<&'static str> {
    HEADINGS
        .iter()
        .chain(ELEMENTS)
        .copied()
        .find(|element| element.eq_ignore_ascii_case(name))
}

pub(super) fn is_void(element: &str) -> bool {
    VOID.contains(&element)
}

/// The attribute of this name, if the element may have it, and what it takes.
pub(super) fn attribute(element: &str, name: &str) -> Option<(&'static str, Takes)> {
    let own: &[(&'static str, Takes)] = match element {
        "a" => &[("href", Takes::Link)],
        "img" => &[
            ("src", Takes::Picture),
            ("alt", Takes::Text),
            ("width", Takes::Number),
            ("height", Takes::Number),
        ],
        "td" | "th" => &[
            ("colspan", Takes::Number),
            ("rowspan", Takes::Number),
            ("align", Takes::Word),
            ("valign", Takes::Word),
            ("scope", Takes::Word),
        ],
        "col" | "colgroup" => &[("span", Takes::Number), ("align", Takes::Word)],
        "table" | "tr" | "tbody" | "thead" | "tfoot" | "p" | "div" => &[("align", Takes::Word)],
        heading if HEADINGS.contains(&heading) => &[("align", Takes::Word)],
        "ol" => &[("start", Takes::Number), ("type", Takes::Word)],
        "details" => &[("open", Takes::Word)],
        _ => &[],
    };
    let common = &[
        ("title", Takes::Text),
        ("id", Takes::Anchor),
        ("lang", Takes::Word),
    ];
    own.iter()
        .chain(common)
        .copied()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
}
