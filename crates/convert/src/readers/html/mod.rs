mod attributes;
mod depth;
mod spans;

use encoding_rs::Encoding;
use html_to_markdown_rs::{ConversionOptions, InlineDataMedia, NewlineStyle};

use depth::Excess;

use super::decode::decode;
use super::{Reading, invalid, too_deep};
use crate::write::markdown;
use crate::{ConvertError, Limits, Metadata, Warning};

/// Bytes in which HTML declares its encoding (WHATWG HTML, section 13.2.3.2).
const PRESCAN: usize = 1024;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    read_text(&decode(bytes, declared_encoding(bytes)), limits)
}

/// HTML becomes Markdown without scripts, styles and comments; links stay as written, nothing is fetched.
pub(super) fn read_text(html: &str, limits: &Limits) -> Result<Reading, ConvertError> {
    // The library takes a page with many of them for no text.
    let html = &markdown::printable(html.to_owned());
    match depth::check(html, limits.depth) {
        Ok(()) => {}
        Err(Excess::Depth) => return Err(too_deep(limits)),
        Err(Excess::Copies) => {
            let what = "formatting without an end, which goes on in too many blocks".to_owned();
            return Err(ConvertError::LimitExceeded { what });
        }
    }
    if attributes::are_too_many(html) {
        return Err(ConvertError::LimitExceeded {
            what: format!(
                "an element with more than {} attributes",
                attributes::MAX_ATTRIBUTES
            ),
        });
    }
    let options = ConversionOptions {
        autolinks: false,
        inline_data_media: InlineDataMedia::AltTextOnly,
        newline_style: NewlineStyle::Backslash,
        bullets: "-".into(),
        compact_tables: true,
        br_in_tables: true,
        // Costs a second pass over tables, which only merged cells need.
        include_document_structure: ["rowspan", "colspan", "ROWSPAN", "COLSPAN"]
            .iter()
            .any(|span| html.contains(span)),
        ..ConversionOptions::default()
    };
    let result = html_to_markdown_rs::convert(html, options).map_err(invalid)?;
    let document = result.metadata.document;
    let meta = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| document.meta_tags.get(*name).cloned())
    };
    let metadata = Metadata {
        created: meta(&["article-published_time", "dcterms-created", "date"]),
        modified: meta(&["article-modified_time", "dcterms-modified", "last-modified"]),
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
    Ok(Reading {
        markdown,
        metadata,
        warnings,
        ..Reading::default()
    })
}

/// The library writes what the head says as YAML before the text; we return it apart.
fn without_front_matter(content: &str) -> &str {
    let Some((front, text)) = content
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
    else {
        return content;
    };
    let is_entry = |line: &str| {
        line.split_once(": ")
            .is_some_and(|(key, _)| !key.contains(char::is_whitespace))
    };
    if front.lines().all(is_entry) {
        text
    } else {
        content
    }
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
