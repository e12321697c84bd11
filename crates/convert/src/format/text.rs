//! Distinction of text and binary files: a few control characters are an accident, many are a binary file.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Characters per control character, at least, in a text.
const MIN_CHARS_PER_CONTROL: usize = 50;

/// Decodes the beginning of a text; `None` when the bytes are no text.
pub(super) fn head(bytes: &[u8], length: usize) -> Option<String> {
    let head = bytes.get(..length).unwrap_or(bytes);
    if !is_text(head) {
        return None;
    }
    let Some(encoding) = utf16(head) else {
        return Some(UTF_8.decode_with_bom_removal(head).0.replace('\0', ""));
    };
    let (text, _) = encoding.decode_with_bom_removal(head);
    let odd = |c: &char| c.is_control() && !c.is_whitespace() || *c == '\u{fffd}';
    is_rare(text.chars().filter(odd).count(), text.len()).then(|| text.into_owned())
}

/// Decodes the beginning of a file that starts like a tag, whatever control characters are in it: browsers show such
/// pages.
pub(super) fn tagged_head(bytes: &[u8], length: usize) -> Option<String> {
    let head = bytes.get(..length).unwrap_or(bytes);
    let text = UTF_8.decode_with_bom_removal(head).0.replace('\0', "");
    let tag = text.trim_start().strip_prefix('<')?;
    tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!')
        .then_some(text)
}

/// Returns true if the bytes look like text in any encoding.
fn is_text(bytes: &[u8]) -> bool {
    if utf16(bytes).is_some() {
        return true;
    }
    // Nearly every text has none, which a look at many bytes together tells.
    let has_controls = bytes.iter().fold(false, |found, &byte| found | is_control(byte));
    !has_controls
        || is_rare(
            bytes.iter().filter(|&&byte| is_control(byte)).count(),
            bytes.len(),
        )
}

/// Returns true if control characters are rare; a single one always is.
fn is_rare(controls: usize, length: usize) -> bool {
    controls <= 1 || controls.saturating_mul(MIN_CHARS_PER_CONTROL) <= length
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b) || byte == 0x7f
}

/// Detects UTF-16 by its byte order mark or its zero bytes: Latin text has one in nearly every pair, always on the same
/// side.
pub(crate) fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.starts_with(b"\xff\xfe") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\xfe\xff") {
        return Some(UTF_16BE);
    }
    let pairs = bytes.len() / 2;
    if pairs < 4 || !bytes.contains(&0) {
        return None;
    }
    let zeros = |side: usize| {
        bytes
            .iter()
            .skip(side)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    match (zeros(0), zeros(1)) {
        (first, second) if second * 10 >= pairs * 7 && first * 20 <= pairs => Some(UTF_16LE),
        (first, second) if first * 10 >= pairs * 7 && second * 20 <= pairs => Some(UTF_16BE),
        _ => None,
    }
}
