use super::{Format, container, mail, markup, table, text};

/// How far into a file a PDF's header may be pushed by junk; readers look at 1,024 bytes, producers err more.
const PDF_JUNK: usize = 8 * 1024;
/// Bytes of a text that are looked at.
const HEAD: usize = 64 * 1024;

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
    picture(bytes).or_else(|| is_pdf_after_junk(bytes).then_some(Format::Pdf))
}

/// By magic numbers: PNG 1.2, JFIF, TIFF 6.0 and BigTIFF, RIFF/WebP, BMP (Windows headers), GIF 87a and 89a.
fn picture(bytes: &[u8]) -> Option<Format> {
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

/// A header further in counts only when objects follow, so that a text about PDF stays a text.
fn is_pdf_after_junk(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let Some(start) = find(head.get(..PDF_JUNK).unwrap_or(head), b"%PDF-") else {
        return false;
    };
    let rest = head.get(start + 5..).unwrap_or_default();
    rest.first().is_some_and(u8::is_ascii_digit) && find(rest, b" obj").is_some()
}

pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn textual(bytes: &[u8], named: Option<Format>) -> Option<Format> {
    let whole = bytes.len() <= HEAD;
    let head = match text::head(bytes, HEAD) {
        Some(head) => head,
        None if named == Some(Format::Html) => text::tagged_head(bytes, HEAD)?,
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

/// Whether a text without a signature may be what its name says.
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
