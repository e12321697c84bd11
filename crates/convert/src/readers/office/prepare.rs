use std::borrow::Cow;
use std::collections::BTreeMap;

use super::legacy_workbook::{self, LegacySheet};
use super::package::Package;
use super::slide_order::SlideOrder;
use super::{
    annotations, book_pages, charts, chunks, controls, deleted, drop_capitals, hidden_words, legacy_hidden,
    raised, row_gaps, rtf, rtf_words, ruby, slides, symbols, unhidden, workbook,
};
use crate::Format;
use crate::options::Hidden;

const DOCUMENT: &str = "word/document.xml";
/// Parts of a Word document that hold its text.
const WORD_PARTS: [&str; 3] = [DOCUMENT, "word/footnotes.xml", "word/endnotes.xml"];

/// Document as the library gets it.
pub(super) struct Prepared<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Sheets of a binary workbook.
    pub(super) legacy: Vec<LegacySheet>,
    /// Pieces of hidden text that are not marked: the library gets them only if they are to be kept.
    pub(super) hidden: u64,
}

/// Prepares a document for the library, and lists the sheets of a binary workbook.
pub(super) fn prepared<'a>(
    bytes: &'a [u8],
    format: Format,
    package: Option<&mut Package<'_>>,
    sheets: &[workbook::Sheet],
    hidden: Hidden,
) -> Prepared<'a> {
    let mut prepared = Prepared {
        bytes: Cow::Borrowed(bytes),
        legacy: Vec::new(),
        hidden: 0,
    };
    match (package, format) {
        (Some(package), _) => prepared.bytes = packaged(bytes, format, package, sheets),
        (None, Format::Rtf) => {
            let corrected = rtf_words::corrected(bytes).map_or(Cow::Borrowed(bytes), Cow::Owned);
            let marked = rtf::marked(&corrected);
            prepared.bytes = marked.map_or(corrected, Cow::Owned);
        }
        (None, Format::Xls) => {
            if let Some((sheets, shown)) = legacy_workbook::shown(bytes) {
                prepared.legacy = sheets;
                prepared.bytes = shown.map_or(Cow::Borrowed(bytes), Cow::Owned);
            }
        }
        (None, Format::Doc) => {
            if let Some((pieces, without)) = legacy_hidden::without(bytes) {
                prepared.hidden = pieces;
                if hidden != Hidden::Keep {
                    prepared.bytes = Cow::Owned(without);
                }
            }
        }
        (None, _) => {}
    }
    prepared
}

/// Prepares a package for the library, so that what the library does not report or leaves out can be seen in what it
/// returns: raised, deleted and hidden text, symbols, rows in controls, readings, drop capitals, charts of points, the
/// beginnings of slides, hidden rows and sheets, formulas without a value.
fn packaged<'a>(
    bytes: &'a [u8],
    format: Format,
    package: &mut Package<'_>,
    sheets: &[workbook::Sheet],
) -> Cow<'a, [u8]> {
    let parts = match format {
        Format::Docx => word(package),
        Format::Pptx => {
            let mut parts = slides::with_anchors(package);
            parts.extend(charts::readable(package, "ppt"));
            let mut order = SlideOrder::default();
            for slide in slides::of(package).parts {
                if let Some(text) = order.ordered(package, &slide) {
                    parts.insert(slide, text);
                }
            }
            parts
        }
        Format::Odt | Format::Ods | Format::Odp => open_document(package, format),
        Format::Xlsx => unhidden::parts(package, sheets),
        Format::Epub => book_pages::readable(package),
        _ => BTreeMap::new(),
    };
    if parts.is_empty() {
        return Cow::Borrowed(bytes);
    }
    package
        .with_parts(&parts)
        .map_or(Cow::Borrowed(bytes), Cow::Owned)
}

fn open_document(package: &mut Package<'_>, format: Format) -> BTreeMap<String, String> {
    const CONTENT: &str = "content.xml";
    let Some(content) = package.text(CONTENT) else {
        return BTreeMap::new();
    };
    let without = annotations::without(&content);
    let marked = match format {
        Format::Odp => slides::with_marks(without.as_deref().unwrap_or(&content)),
        Format::Ods => row_gaps::closed(without.as_deref().unwrap_or(&content)).map(|(text, _)| text),
        _ => None,
    };
    let changed = marked.or(without);
    changed
        .map(|text| (CONTENT.to_owned(), text))
        .into_iter()
        .collect()
}

fn word(package: &mut Package<'_>) -> BTreeMap<String, String> {
    let marked = WORD_PARTS.iter().filter_map(|name| {
        let text = package.text(name)?;
        let steps = [
            controls::opened,
            drop_capitals::joined,
            ruby::spelled,
            symbols::spelled,
            deleted::marked,
            raised::marked,
            hidden_words::marked,
        ];
        let prepared = steps.into_iter().fold(None, |prepared: Option<String>, step| {
            step(prepared.as_deref().unwrap_or(&text)).or(prepared)
        });
        let places = match *name {
            DOCUMENT => chunks::marked(prepared.as_deref().unwrap_or(&text)),
            _ => None,
        };
        Some(((*name).to_owned(), places.or(prepared)?))
    });
    let mut parts: BTreeMap<String, String> = marked.collect();
    parts.extend(charts::readable(package, "word"));
    parts
}
