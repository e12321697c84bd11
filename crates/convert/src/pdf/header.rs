use std::borrow::Cow;

use crate::ConvertError;

/// Bytes at the start of the file that are searched for the header, and at the end for `startxref`. Viewers search the
/// first 1,024 bytes; mail gateways and web servers prepend more.
const SEARCH_BYTES: usize = 8 * 1024;
const MAGIC: &[u8] = b"%PDF-";

/// As [`locate_document`].
///
/// # Errors
/// `InvalidDocument` if there is no header.
pub(super) fn require_document(bytes: &[u8]) -> Result<Cow<'_, [u8]>, ConvertError> {
    locate_document(bytes).ok_or_else(|| ConvertError::InvalidDocument {
        reason: "it has no PDF header".into(),
    })
}

/// Returns the document inside `bytes` with its header at the start. Bytes before the header are cut away, or
/// overwritten if the offsets in the file count them.
pub(super) fn locate_document(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    let head = bytes.get(..bytes.len().min(SEARCH_BYTES))?;
    let start = head.windows(MAGIC.len()).position(|window| window == MAGIC)?;
    let stripped = bytes.get(start..)?;
    // The offsets are right for exactly one of the two beginnings; the cut one is the rule, so it is tried first.
    let counted = start >= MAGIC.len() && !xref_at_offset(stripped) && xref_at_offset(bytes);
    Some(if counted {
        Cow::Owned(with_header_first(bytes, start))
    } else {
        Cow::Borrowed(stripped)
    })
}

/// Returns the bytes with the header, which is at `start`, in place of the junk before it.
fn with_header_first(bytes: &[u8], start: usize) -> Vec<u8> {
    let version = bytes.iter().skip(start).take(8).copied();
    let header = version
        .chain(std::iter::repeat(b' '))
        .take(start.saturating_sub(1))
        .chain([b'\n']);
    header.chain(bytes.iter().skip(start).copied()).collect()
}

/// Returns true if the last `startxref` is the offset of a cross-reference table or stream in `bytes`.
fn xref_at_offset(bytes: &[u8]) -> bool {
    startxref(bytes)
        .and_then(|offset| bytes.get(offset..))
        .is_some_and(|rest| {
            let rest = rest.trim_ascii_start();
            rest.starts_with(b"xref") || starts_object(rest)
        })
}

fn startxref(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.get(bytes.len().saturating_sub(SEARCH_BYTES)..)?;
    let at = tail.windows(9).rposition(|window| window == b"startxref")?;
    let digits = tail.get(at + 9..)?.trim_ascii_start();
    let end = digits
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(digits.len());
    std::str::from_utf8(digits.get(..end)?).ok()?.parse().ok()
}

/// Returns true for `12 0 obj`.
fn starts_object(bytes: &[u8]) -> bool {
    let mut words = bytes
        .get(..bytes.len().min(32))
        .unwrap_or_default()
        .split(u8::is_ascii_whitespace);
    let mut number = || {
        words
            .next()
            .is_some_and(|word| !word.is_empty() && word.iter().all(u8::is_ascii_digit))
    };
    number() && number() && words.next().is_some_and(|word| word.starts_with(b"obj"))
}
