use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::Dict;

use super::objects::{nonblank_text, text};
use super::source::{Source, catch_panics};
use super::text_string::text_string;
use super::trailer;
use crate::Metadata;

/// Reads the document information dictionary.
pub(super) fn read(source: &Source) -> Metadata {
    Metadata {
        page_count: Some(source.page_count()),
        ..catch_panics(|| information(source.pdf())).unwrap_or_default()
    }
}

fn information(pdf: &Pdf) -> Metadata {
    let file = pdf.data().as_ref();
    let dict = trailer::reference(file, b"/Info").and_then(|id| pdf.xref().get::<Dict<'_>>(id));
    let Some(dict) = dict else {
        // Where it is not found in the file, the library has found it or there is none.
        let found = pdf.metadata();
        let text = |bytes: &Option<Box<[u8]>>| nonblank(&text_string(bytes.as_deref()?));
        return Metadata {
            title: text(&found.title),
            author: text(&found.author),
            ..Metadata::default()
        };
    };
    let date = |key: &str| rfc3339(&text(&dict, key)?);
    Metadata {
        title: nonblank_text(&dict, "Title"),
        author: nonblank_text(&dict, "Author"),
        created: date("CreationDate"),
        modified: date("ModDate"),
        ..Metadata::default()
    }
}

fn nonblank(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Converts a PDF date such as `D:20240229134501+02'00'` to RFC 3339. Everything after the year is optional
/// (ISO 32000-1, 7.9.4).
pub(super) fn rfc3339(date: &str) -> Option<String> {
    let date = date.trim();
    let mut rest = date.strip_prefix("D:").unwrap_or(date);
    let year = digits(&mut rest, 4, 0, 9999)?;
    let month = digits(&mut rest, 2, 1, 12).unwrap_or(1);
    let day = digits(&mut rest, 2, 1, 31).unwrap_or(1);
    let hour = digits(&mut rest, 2, 0, 23).unwrap_or(0);
    let minute = digits(&mut rest, 2, 0, 59).unwrap_or(0);
    let second = digits(&mut rest, 2, 0, 59).unwrap_or(0);
    let local = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    let sign = rest.chars().next().filter(|sign| matches!(sign, '+' | '-'));
    let Some(sign) = sign else {
        return Some(format!("{local}Z"));
    };
    rest = rest.get(1..)?;
    let hours = digits(&mut rest, 2, 0, 23).unwrap_or(0);
    rest = rest.strip_prefix('\'').unwrap_or(rest);
    let minutes = digits(&mut rest, 2, 0, 59).unwrap_or(0);
    Some(if hours == 0 && minutes == 0 {
        format!("{local}Z")
    } else {
        format!("{local}{sign}{hours:02}:{minutes:02}")
    })
}

/// Takes a number of `count` digits off the front of `text` if it is between `min` and `max`.
fn digits(text: &mut &str, count: usize, min: u16, max: u16) -> Option<u16> {
    let head = text
        .get(..count)
        .filter(|head| head.bytes().all(|byte| byte.is_ascii_digit()))?;
    let number = head.parse().ok().filter(|number| (min..=max).contains(number))?;
    *text = text.get(count..)?;
    Some(number)
}
