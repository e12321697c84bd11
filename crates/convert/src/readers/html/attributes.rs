/// Attributes that an element may have. The parser compares each with all before it.
pub(super) const MAX_ATTRIBUTES: usize = 4_096;

/// Returns true if an element of the page has more attributes than [`MAX_ATTRIBUTES`].
pub(super) fn are_too_many(html: &str) -> bool {
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(start) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|&b| b == b'<'))
    {
        at += start + 1;
        if bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            let (attributes, length) = tag(bytes.get(at..).unwrap_or_default());
            if attributes > MAX_ATTRIBUTES {
                return true;
            }
            at += length;
        }
    }
    false
}

/// The attributes of the tag whose name `bytes` begin with, and the bytes up to its end.
fn tag(bytes: &[u8]) -> (usize, usize) {
    let (mut attributes, mut quote, mut in_name, mut after_equals) = (0, None, true, false);
    for (at, &byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return (attributes, at),
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (None, b'=') => after_equals = true,
            (None, b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'/') => {
                in_name = false;
                continue;
            }
            (None, _) if !in_name => {
                // After an equals sign it is the value that begins here.
                attributes += usize::from(!after_equals);
                (in_name, after_equals) = (true, false);
            }
            (None, _) => after_equals = false,
        }
        if quote.is_some() {
            (in_name, after_equals) = (false, false);
        }
    }
    (attributes, bytes.len())
}
