//! Limit on the codes that fonts map. The text library expands every range to single codes, so one line of a file can
//! cost it four billion entries and a minute; this check counts the ranges before the library sees them.

use std::collections::HashSet;

use unpdf::parser::raw::stream::decompress;
use unpdf::parser::raw::{PdfDict, PdfObject, PdfStream, RawDocument};

use crate::ConvertError;

/// Codes that one table of a font may map in all its ranges: four times the number of two-byte codes.
const MAX_MAPPED_CODES: u64 = 1 << 18;
/// Codes of one width range that the library reads, at most.
const MAX_RANGE_CODES: f64 = 65_536.0;

/// Checks every font in the document.
///
/// # Errors
/// `LimitExceeded` if a table maps more than [`MAX_MAPPED_CODES`]. A document that the library cannot open passes,
/// since it will read no text of it either.
pub(super) fn check(bytes: &[u8]) -> Result<(), ConvertError> {
    let Ok(document) = RawDocument::load(bytes) else {
        return Ok(());
    };
    let mut seen = HashSet::new();
    let pages = document.pages();
    // A worklist instead of recursion: objects may nest deeper than the stack allows.
    let mut left: Vec<&PdfObject> = document.trailer().values().collect();
    left.extend(pages.values().filter_map(|page| document.get_object(*page)));
    while let Some(object) = left.pop() {
        match object {
            PdfObject::Reference(number, generation) if seen.insert((*number, *generation)) => {
                left.extend(document.get_object((*number, *generation)));
            }
            PdfObject::Array(items) => left.extend(items),
            PdfObject::Dict(entries) | PdfObject::Stream(PdfStream { dict: entries, .. }) => {
                if to_unicode_codes(&document, entries) > MAX_MAPPED_CODES
                    || width_codes(&document, entries) > MAX_MAPPED_CODES
                {
                    let what = format!("a font maps more than {MAX_MAPPED_CODES} codes");
                    return Err(ConvertError::LimitExceeded { what });
                }
                left.extend(entries.values());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Counts the codes in the ranges of a font's `ToUnicode` map.
fn to_unicode_codes(document: &RawDocument, font: &PdfDict) -> u64 {
    let table = font.get(b"ToUnicode".as_slice());
    let Some(PdfObject::Stream(table)) = table.map(|table| document.resolve(table)) else {
        return 0;
    };
    let data = decompress(table).unwrap_or_else(|_| table.raw_data.clone());
    let text = String::from_utf8_lossy(&data);
    let sections = text.split("beginbfrange").skip(1);
    sections
        .filter_map(|section| Some(section.split_once("endbfrange")?.0))
        .fold(0, |codes, section| codes.saturating_add(codes_in_ranges(section)))
}

/// Counts the codes of entries `<first> <last> <text>` or `<first> <last> [<text> …]`, parsed as the library does.
fn codes_in_ranges(mut section: &str) -> u64 {
    let mut codes = 0_u64;
    while let Some((first, rest)) = token(section) {
        section = rest;
        let Some(first) = first else { continue };
        let Some((last, rest)) = token(section) else { break };
        section = rest;
        let Some(last) = last else { continue };
        let texts = section.trim_start();
        let after = if texts.starts_with('[') {
            texts.split_once(']').map(|(_, rest)| rest)
        } else {
            token(texts).map(|(_, rest)| rest)
        };
        let Some(after) = after else { break };
        section = after;
        codes = codes.saturating_add((u64::from(last) + 1).saturating_sub(first.into()));
    }
    codes
}

/// Returns the next number in angle brackets, or `None` in its place if it is malformed, and the text after it.
fn token(text: &str) -> Option<(Option<u32>, &str)> {
    let (_, text) = text.split_once('<')?;
    let (digits, rest) = text.split_once('>')?;
    Some((u32::from_str_radix(digits.trim(), 16).ok(), rest))
}

/// Counts the characters in the ranges `first last width` of a font's `W` or `W2` array (ISO 32000-1, 9.7.4.3).
fn width_codes(document: &RawDocument, font: &PdfDict) -> u64 {
    let count = |key: &[u8], numbers: usize| {
        let widths = font.get(key).map(|widths| document.resolve(widths));
        let mut widths = widths.and_then(PdfObject::as_array).unwrap_or_default();
        let mut codes = 0_u64;
        while let [first, second, rest @ ..] = widths {
            let ends = (
                document.resolve(first).as_f64(),
                document.resolve(second).as_f64(),
            );
            widths = match ends {
                (Some(first), Some(last)) => {
                    codes = codes.saturating_add((last - first).clamp(0.0, MAX_RANGE_CODES) as u64);
                    rest.get(numbers..).unwrap_or_default()
                }
                (Some(_), None) => rest,
                (None, _) => break,
            };
        }
        codes
    };
    count(b"W", 1).max(count(b"W2", 3))
}
