//! Files of several messages (mbox, RFC 4155): each begins with a line `From ADDRESS TIME` behind a blank one.

use std::borrow::Cow;

/// Divides a file into its messages, without the lines that separate them; a file that is none is one message.
pub(super) fn messages(bytes: &[u8]) -> Vec<&[u8]> {
    if !bytes.starts_with(b"From ") {
        return vec![bytes];
    }
    let mut starts: Vec<usize> = vec![0];
    let separators = memchr::memmem::find_iter(bytes, b"\nFrom ").map(|at| at + 1);
    starts.extend(separators.filter(|&at| begins_message(bytes, at)));
    let ends = starts.iter().copied().skip(1).chain([bytes.len()]);
    let parts = starts.iter().zip(ends).map(|(&start, end)| {
        let message = bytes.get(start..end).unwrap_or_default();
        let line = memchr::memchr(b'\n', message).map_or(message.len(), |end| end + 1);
        message.get(line..).unwrap_or_default()
    });
    parts.collect()
}

/// Returns true if a blank line is before this place, and a header field behind its line.
fn begins_message(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(..at).unwrap_or_default();
    let is_blank = before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
    let rest = bytes.get(at..).unwrap_or_default();
    let Some(end) = memchr::memchr(b'\n', rest).filter(|_| is_blank) else {
        return false;
    };
    let next = rest.get(end + 1..).unwrap_or_default();
    let name = next
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    name > 0 && next.get(name) == Some(&b':')
}

/// Takes away the mark from lines of the text that would have begun a message.
pub(super) fn unquoted(message: &[u8]) -> Cow<'_, [u8]> {
    const MARKED: &[u8] = b"\n>From ";
    let mut out = Vec::new();
    let mut copied = 0;
    for at in memchr::memmem::find_iter(message, MARKED) {
        out.extend_from_slice(message.get(copied..=at).unwrap_or_default());
        copied = at + 2;
    }
    if copied == 0 {
        return Cow::Borrowed(message);
    }
    out.extend_from_slice(message.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{messages, unquoted};

    #[test]
    fn messages_begin_behind_blank_lines_and_before_header_fields() {
        let file = b"From a\nSubject: One\n\nText\n\nFrom here on it is text.\n\n>From me\n\nFrom b\nSubject: Two\n\nText\n";
        let messages = messages(file);
        assert_eq!(messages.len(), 2);
        assert!(messages[0].ends_with(b"\n\n>From me\n\n"));
        assert!(messages[1].starts_with(b"Subject: Two\n"));
        assert!(unquoted(messages[0]).ends_with(b"\n\nFrom me\n\n"));
    }
}
