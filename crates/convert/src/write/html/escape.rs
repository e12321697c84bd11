use super::Scope;

/// Writes text as the content of an element.
pub(super) fn push(out: &mut String, text: &str, scope: Scope) {
    let markdown = scope == Scope::Markdown;
    let mut last = 0;
    escaped(out, text, |byte| {
        // Programs that read no HTML in Markdown would find a link.
        let link = markdown && byte == b'(' && last == b']';
        last = byte;
        match byte {
            b'(' if link => Some("&#40;"),
            b'&' => Some("&amp;"),
            b'<' => Some("&lt;"),
            b'>' => Some("&gt;"),
            _ => None,
        }
    });
}

/// Writes preformatted text. In Markdown a blank line would end the HTML.
pub(super) fn push_code(out: &mut String, text: &str, scope: Scope) {
    if scope != Scope::Markdown {
        push(out, text, scope);
        return;
    }
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push_str("&#10;");
        }
        push(out, line, scope);
    }
}

/// Writes text as the value of an attribute in double quotes.
pub(super) fn push_value(out: &mut String, text: &str) {
    escaped(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\n' => Some(" "),
        _ => None,
    });
}

fn escaped(out: &mut String, text: &str, mut reference: impl FnMut(u8) -> Option<&'static str>) {
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

/// Text for a comment, which its dashes must not end.
pub(super) fn comment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '-' if out.ends_with('-') => out.push_str(" -"),
            '\n' => out.push(' '),
            '>' if out.is_empty() || out.ends_with(['-', '!']) => out.push_str(" >"),
            c => out.push(c),
        }
    }
    out
}

/// Name for an anchor: letters and digits as they are, everything else by its bytes.
pub(super) fn anchor(label: &str) -> String {
    let mut out = String::from("fn-");
    for byte in label.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("_{byte:02x}"));
        }
    }
    out
}
