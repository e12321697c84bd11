use crate::markup::reference_end;

/// Text as the content of an element or as an attribute's value in double quotes.
pub(super) fn push_text(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(reference) = reference(byte) {
            out.push_str(text.get(from..at).unwrap_or_default());
            out.push_str(reference);
            from = at + 1;
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
}

/// The same of text that has character references already; they stay.
pub(super) fn push_markup_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, reference) = rest.split_at(start);
        push_text(out, before);
        let length = match reference_end(reference) {
            Some(length) => {
                out.push_str(reference.get(..length).unwrap_or_default());
                length
            }
            None => {
                out.push_str("&amp;");
                1
            }
        };
        rest = reference.get(length..).unwrap_or_default();
    }
    push_text(out, rest);
}

fn reference(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        _ => None,
    }
}
