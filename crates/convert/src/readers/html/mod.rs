mod spans;

use encoding_rs::Encoding;
use html_to_markdown_rs::{ConversionOptions, InlineDataMedia, NewlineStyle};

use super::decode::decode;
use super::{Reading, invalid, too_deep};
use crate::{ConvertError, Limits, Metadata, Warning};

/// Bytes in which HTML declares its encoding (WHATWG HTML, section 13.2.3.2).
const PRESCAN: usize = 1024;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    read_text(&decode(bytes, declared_encoding(bytes)), limits)
}

/// HTML becomes Markdown without scripts, styles and comments; links stay as written, nothing is fetched.
pub(super) fn read_text(html: &str, limits: &Limits) -> Result<Reading, ConvertError> {
    check_depth(html, limits)?;
    let options = ConversionOptions {
        autolinks: false,
        inline_data_media: InlineDataMedia::AltTextOnly,
        newline_style: NewlineStyle::Backslash,
        compact_tables: true,
        br_in_tables: true,
        // Costs a second pass over tables, which only merged cells need.
        include_document_structure: ["rowspan", "colspan", "ROWSPAN", "COLSPAN"].iter().any(|span| html.contains(span)),
        ..ConversionOptions::default()
    };
    let result = html_to_markdown_rs::convert(html, options).map_err(invalid)?;
    let document = result.metadata.document;
    let meta = |names: &[&str]| {
        let tags = [&document.meta_tags, &document.open_graph];
        names
            .iter()
            .find_map(|name| tags.iter().find_map(|tags| tags.get(*name).cloned()))
    };
    let metadata = Metadata {
        created: meta(&[
            "article:published_time",
            "published_time",
            "dcterms.created",
            "date",
            "dc.date",
        ]),
        modified: meta(&[
            "article:modified_time",
            "modified_time",
            "dcterms.modified",
            "last-modified",
        ]),
        author: document.author.clone().or_else(|| meta(&["dc.creator"])),
        title: document.title,
        page_count: None,
    };
    let warnings = result
        .warnings
        .into_iter()
        .map(|warning| Warning::document(warning.message))
        .collect();
    let content = result.content.unwrap_or_default();
    let markdown = spans::repeat(without_front_matter(&content), &result.tables);
    Ok(Reading { markdown, metadata, warnings })
}

/// The library writes what the head says as YAML before the text; we return it apart.
fn without_front_matter(content: &str) -> &str {
    let Some((front, text)) = content.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")) else {
        return content;
    };
    let is_entry = |line: &str| line.split_once(": ").is_some_and(|(key, _)| !key.contains(char::is_whitespace));
    if front.lines().all(is_entry) { text } else { content }
}

/// `charset=` of a `meta` element or of an XML declaration's `encoding=`.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..PRESCAN).unwrap_or(bytes)).to_ascii_lowercase();
    ["charset=", "encoding="].iter().find_map(|key| {
        let (_, value) = head.split_once(key)?;
        let value = value.trim_start_matches(['"', '\'', ' ']);
        let end = value
            .find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)))
            .unwrap_or(value.len());
        Encoding::for_label(value.get(..end)?.as_bytes())
    })
}

/// Elements without content, and those whose end tag may be left out and which then end by themselves.
const NOT_NESTING: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot",
    "colgroup", "rt", "rp",
];

/// Refuses pages whose elements nest deeper than allowed before a parser recurses into them.
fn check_depth(html: &str, limits: &Limits) -> Result<(), ConvertError> {
    let mut depth = 0_u32;
    for tag in html.split('<').skip(1) {
        let (closes, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let end = name
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() || NOT_NESTING.contains(&name.as_str()) {
            continue;
        }
        let empty = tag.split('>').next().is_some_and(|tag| tag.ends_with('/'));
        if closes {
            depth = depth.saturating_sub(1);
        } else if !empty {
            depth += 1;
        }
        if depth > limits.depth {
            return Err(too_deep(limits));
        }
    }
    Ok(())
}
