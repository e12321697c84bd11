use std::borrow::Cow;
use std::collections::BTreeMap;

use super::package::Package;
use super::{controls, deleted, raised, slides, symbols, unhidden, workbook};
use crate::Format;

/// Parts of a Word document that hold its text.
const WORD_PARTS: [&str; 3] = ["word/document.xml", "word/footnotes.xml", "word/endnotes.xml"];

/// Prepares a package for the library, so that what the library does not report or leaves out can be seen in what it
/// returns: raised and deleted text, symbols, rows in controls, the beginnings of slides, hidden rows and sheets.
pub(super) fn prepared<'a>(
    bytes: &'a [u8],
    format: Format,
    package: &mut Package<'_>,
    sheets: &[workbook::Sheet],
) -> Cow<'a, [u8]> {
    let parts = match format {
        Format::Docx => word(package),
        Format::Pptx => slides::with_anchors(package),
        Format::Odp => slides::with_marks(package),
        Format::Xlsx => unhidden::parts(package, sheets),
        _ => BTreeMap::new(),
    };
    if parts.is_empty() {
        return Cow::Borrowed(bytes);
    }
    package
        .with_parts(&parts)
        .map_or(Cow::Borrowed(bytes), Cow::Owned)
}

fn word(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let marked = WORD_PARTS.iter().filter_map(|name| {
        let text = package.text(name)?;
        let steps = [
            controls::opened,
            symbols::spelled,
            deleted::marked,
            raised::marked,
        ];
        let prepared = steps.into_iter().fold(None, |prepared: Option<String>, step| {
            step(prepared.as_deref().unwrap_or(&text)).or(prepared)
        });
        Some(((*name).to_owned(), prepared?))
    });
    marked.collect()
}
