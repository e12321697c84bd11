use super::bytes::find;
use super::{Format, container, mail, markup, table, text};

/// Bytes of junk before the header of a PDF, at most. Viewers accept 1,024; producers prepend more.
const MAX_PDF_JUNK_BYTES: usize = 8 * 1024;
/// Bytes of a text that are examined.
const SNIFF_BYTES: usize = 64 * 1024;

/// Detects a format: binary signatures first, since a text has none of them by accident.
pub(super) fn detect(bytes: &[u8], named: Option<Format>) -> Option<Format> {
    binary(bytes, named).or_else(|| textual(bytes, named))
}

fn binary(bytes: &[u8], named: Option<Format>) -> Option<Format> {
    if bytes.starts_with(b"%PDF-") {
        return Some(Format::Pdf);
    }
    if bytes.starts_with(container::ZIP_MAGIC) {
        return container::zip(bytes, named);
    }
    if bytes.starts_with(container::OLE_MAGIC) {
        return container::ole(bytes, named);
    }
    image(bytes).or_else(|| is_pdf_after_junk(bytes).then_some(Format::Pdf))
}

/// Detects images by magic numbers: PNG 1.2, JFIF, TIFF 6.0 and BigTIFF, RIFF/WebP, BMP (Windows headers), GIF 87a and
/// 89a.
fn image(bytes: &[u8]) -> Option<Format> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let at = |from: usize, magic: &[u8]| bytes.get(from..from + magic.len()) == Some(magic);
    if starts(b"\x89PNG\r\n\x1a\n") {
        Some(Format::Png)
    } else if starts(b"\xff\xd8\xff") || bytes == b"\xff\xd8" {
        Some(Format::Jpeg)
    } else if starts(b"II*\0") || starts(b"MM\0*") || starts(b"II+\0") || starts(b"MM\0+") {
        Some(Format::Tiff)
    } else if starts(b"RIFF") && at(8, b"WEBP") {
        Some(Format::WebP)
    } else if starts(b"BM")
        && at(15, b"\0\0\0")
        && matches!(bytes.get(14), Some(12 | 40 | 52 | 56 | 64 | 108 | 124))
    {
        Some(Format::Bmp)
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Some(Format::Gif)
    } else {
        None
    }
}

/// Returns true if a PDF header follows some junk. It counts only if objects follow, so that a text about PDF stays a
/// text.
fn is_pdf_after_junk(bytes: &[u8]) -> bool {
    let head = bytes.get(..SNIFF_BYTES).unwrap_or(bytes);
    let Some(start) = find(head.get(..MAX_PDF_JUNK_BYTES).unwrap_or(head), b"%PDF-") else {
        return false;
    };
    let rest = head.get(start + 5..).unwrap_or_default();
    rest.first().is_some_and(u8::is_ascii_digit) && find(rest, b" obj").is_some()
}

fn textual(bytes: &[u8], named: Option<Format>) -> Option<Format> {
    let whole = bytes.len() <= SNIFF_BYTES;
    let head = match text::head(bytes, SNIFF_BYTES) {
        Some(head) => head,
        None if named == Some(Format::Html) => text::tagged_head(bytes, SNIFF_BYTES)?,
        None => return None,
    };
    let head = head.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if head.starts_with("{\\rtf") {
        return Some(Format::Rtf);
    }
    if let Some(format) = markup::json(head, whole).or_else(|| markup::tagged(head, whole, named)) {
        return Some(format);
    }
    if mail::is_message(head, named == Some(Format::Eml)) {
        return Some(Format::Eml);
    }
    match named {
        Some(named) if is_text_format(named) => Some(named),
        _ => Some(table::detect(head, whole).unwrap_or(Format::Text)),
    }
}

/// Returns true for text formats without a signature, which only the file name tells from plain text.
fn is_text_format(format: Format) -> bool {
    matches!(
        format,
        Format::Html
            | Format::Csv
            | Format::Tsv
            | Format::Eml
            | Format::Text
            | Format::Markdown
            | Format::Json
            | Format::Xml
    )
}
