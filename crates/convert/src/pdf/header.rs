use std::borrow::Cow;

/// How far from the start of the file the header is looked for. Readers in the field look into the first
/// 1,024 bytes; mail gateways and web servers prepend more.
const SEARCH: usize = 8 * 1024;
const MAGIC: &[u8] = b"%PDF-";

/// The document inside `bytes`, its header at the start: what stands before the header is cut away, or
/// overwritten where the file's own offsets count it.
pub(super) fn document(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    let head = bytes.get(..bytes.len().min(SEARCH))?;
    let start = head.windows(MAGIC.len()).position(|window| window == MAGIC)?;
    let stripped = bytes.get(start..)?;
    let counted = start >= MAGIC.len() && !xref_at_offset(stripped) && xref_at_offset(bytes);
    Some(if counted {
        Cow::Owned(with_header_first(bytes, start))
    } else {
        Cow::Borrowed(stripped)
    })
}

/// The bytes with their header, which stands at `start`, in place of what stands before it.
fn with_header_first(bytes: &[u8], start: usize) -> Vec<u8> {
    let version = bytes.iter().skip(start).take(8).copied();
    let header = version
        .chain(std::iter::repeat(b' '))
        .take(start.saturating_sub(1))
        .chain([b'\n']);
    header.chain(bytes.iter().skip(start).copied()).collect()
}

/// Whether the last `startxref` names a place in `bytes` where a cross-reference table or stream begins.
fn xref_at_offset(bytes: &[u8]) -> bool {
    startxref(bytes)
        .and_then(|offset| bytes.get(offset..))
        .is_some_and(|rest| {
            let rest = rest.trim_ascii_start();
            rest.starts_with(b"xref") || starts_object(rest)
        })
}

fn startxref(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.get(bytes.len().saturating_sub(SEARCH)..)?;
    let at = tail.windows(9).rposition(|window| window == b"startxref")?;
    let digits = tail.get(at + 9..)?.trim_ascii_start();
    let end = digits
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(digits.len());
    std::str::from_utf8(digits.get(..end)?).ok()?.parse().ok()
}

/// `12 0 obj`
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
