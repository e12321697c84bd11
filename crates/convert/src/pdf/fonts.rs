//! How much the fonts of a document say that they map. The library that reads text writes every code of a range down,
//! so that four billion of them are a line in a file and a minute in the library.

use std::collections::HashSet;

use unpdf::parser::raw::stream::decompress;
use unpdf::parser::raw::{PdfDict, PdfObject, PdfStream, RawDocument};

use crate::ConvertError;

/// Codes that one table of a font may map, all its ranges together: four times what two bytes tell apart.
const MOST: u64 = 1 << 18;

/// # Errors
/// `LimitExceeded` when a table maps more. A document that the library does not open passes: it reads no text of it.
pub(super) fn check(bytes: &[u8]) -> Result<(), ConvertError> {
    let Ok(document) = RawDocument::load(bytes) else {
        return Ok(());
    };
    let mut seen = HashSet::new();
    let pages = document.pages();
    let mut left: Vec<&PdfObject> = document.trailer().values().collect();
    left.extend(pages.values().filter_map(|page| document.get_object(*page)));
    while let Some(object) = left.pop() {
        match object {
            PdfObject::Reference(number, generation) if seen.insert((*number, *generation)) => {
                left.extend(document.get_object((*number, *generation)));
            }
            PdfObject::Array(items) => left.extend(items),
            PdfObject::Dict(entries) | PdfObject::Stream(PdfStream { dict: entries, .. }) => {
                if mapped(&document, entries) > MOST || widths(&document, entries) > MOST {
                    let what = format!("a font maps more than {MOST} codes");
                    return Err(ConvertError::LimitExceeded { what });
                }
                left.extend(entries.values());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Codes that the ranges of a font's `ToUnicode` hold together.
fn mapped(document: &RawDocument, font: &PdfDict) -> u64 {
    let table = font.get(b"ToUnicode".as_slice());
    let Some(PdfObject::Stream(table)) = table.map(|table| document.resolve(table)) else {
        return 0;
    };
    let data = decompress(table).unwrap_or_else(|_| table.raw_data.clone());
    let text = String::from_utf8_lossy(&data);
    let sections = text.split("beginbfrange").skip(1);
    sections
        .filter_map(|section| Some(section.split_once("endbfrange")?.0))
        .fold(0, |codes, section| codes.saturating_add(in_ranges(section)))
}

/// Codes of the entries `<first> <last> <text>` or `<first> <last> [<text> …]`, read as the library reads them.
fn in_ranges(mut section: &str) -> u64 {
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

/// The next number in angle brackets, `None` in place of what is none, and what comes after it.
fn token(text: &str) -> Option<(Option<u32>, &str)> {
    let (_, text) = text.split_once('<')?;
    let (digits, rest) = text.split_once('>')?;
    Some((u32::from_str_radix(digits.trim(), 16).ok(), rest))
}

/// Characters that the ranges `first last width` of a font's `W` or `W2` hold together.
fn widths(document: &RawDocument, font: &PdfDict) -> u64 {
    let of = |key: &[u8], numbers: usize| {
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
                    // Beyond this, the library reads no further.
                    codes = codes.saturating_add((last - first).clamp(0.0, 65_536.0) as u64);
                    rest.get(numbers..).unwrap_or_default()
                }
                (Some(_), None) => rest,
                (None, _) => break,
            };
        }
        codes
    };
    of(b"W", 1).max(of(b"W2", 3))
}
