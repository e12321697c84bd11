//! The kinds of elements that the parser tells apart (WHATWG HTML, sections 13.2.4.2 and 13.2.6).

use crate::markup::HEADINGS;

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img", "input",
    "keygen", "link", "meta", "param", "source", "track", "wbr",
];
/// Elements that a page has once.
const ONCE: &[&str] = &["html", "head", "body", "frameset"];
/// Elements that a paragraph ends before, and that an end tag of ordinary ones is not looked for beyond; headings are
/// such, too.
const SPECIAL_BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "summary",
    "ul",
    "xmp",
];
/// Others that an end tag of ordinary ones is not looked for beyond.
const OTHER_SPECIAL: &[&str] = &[
    "applet",
    "body",
    "button",
    "caption",
    "colgroup",
    "foreignobject",
    "frameset",
    "head",
    "html",
    "iframe",
    "marquee",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "script",
    "select",
    "style",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
];
/// Elements that begin again in the next block when their end tag is missing.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];
/// Others that a paragraph ends before.
const OTHER_BLOCKS: &[&str] = &["dialog", "hr"];
/// Elements that keep what is open around them apart, beside those of the two lists below.
const OTHER_SCOPES: &[&str] = &["html", "table"];
/// Elements in which no formatting goes on from without.
const MARKERS: &[&str] = &["applet", "caption", "marquee", "object", "td", "template", "th"];
/// Elements that end a drawing or a formula which they stand in; headings are such, too.
const NOT_FOREIGN: &[&str] = &[
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];
/// Elements of drawings and formulas that hold HTML.
const HOLDING_HTML: &[&str] = &[
    "annotation-xml",
    "desc",
    "foreignobject",
    "mi",
    "mn",
    "mo",
    "ms",
    "mtext",
    "title",
];

/// Classes that an element belongs to by its name, which decide how the parser treats it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kind {
    pub(super) void: bool,
    pub(super) once: bool,
    pub(super) special: bool,
    pub(super) formatting: bool,
    pub(super) block: bool,
    pub(super) scope: bool,
    pub(super) marker: bool,
    pub(super) not_foreign: bool,
    pub(super) holds_html: bool,
    pub(super) heading: bool,
}

impl Kind {
    /// The kind of the element with this name in small letters.
    pub(super) fn of(name: &str) -> Self {
        let heading = HEADINGS.contains(&name);
        let special_block = heading || SPECIAL_BLOCKS.contains(&name);
        let marker = MARKERS.contains(&name);
        let holds_html = HOLDING_HTML.contains(&name);
        Self {
            void: VOID.contains(&name),
            once: ONCE.contains(&name),
            special: special_block || OTHER_SPECIAL.contains(&name),
            formatting: FORMATTING.contains(&name),
            block: special_block || OTHER_BLOCKS.contains(&name),
            scope: marker || holds_html || OTHER_SCOPES.contains(&name),
            marker,
            not_foreign: heading || NOT_FOREIGN.contains(&name),
            holds_html,
            heading,
        }
    }
}
