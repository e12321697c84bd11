use super::Inline;

/// Returns `text` without control characters, and whether characters were removed that change its direction. Tabs stay;
/// line ends stay too if `keep_lines`, and are spaces otherwise. A pair of carriage return and newline is one line end.
pub(super) fn cleaned(text: &str, keep_lines: bool) -> (String, bool) {
    // Nearly every text has none, which a look at many bytes together tells. U+0080 to U+009F begin with 0xC2; the
    // characters of direction, and U+2028 and U+2029, with 0xE2 0x80 or 0xE2 0x81.
    let suspicious = |byte: u8| byte < 0x20 || byte == 0x7f || byte == 0xc2 || byte == 0xe2;
    if !text.bytes().fold(false, |found, byte| found | suspicious(byte)) {
        return (text.to_owned(), false);
    }
    let mut out = String::with_capacity(text.len());
    let mut removed = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => out.push(if keep_lines { '\n' } else { ' ' }),
            '\u{0b}' | '\u{0c}' => out.push(' '),
            '\t' => out.push(c),
            c if is_direction_control(c) => removed = true,
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    (out, removed)
}

/// Returns true for overrides and isolates: they can show other words than they hold.
fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns the inlines without the white space and the line breaks at both ends.
pub(super) fn trimmed(mut inlines: Vec<Inline>) -> Vec<Inline> {
    while let Some(last) = inlines.last_mut() {
        match last {
            Inline::Run(run) if run.image().is_some() => break,
            Inline::Run(run) => {
                run.text.truncate(run.text.trim_end().len());
                if !run.text.is_empty() {
                    break;
                }
            }
            Inline::Break => {}
        }
        inlines.pop();
    }
    let mut empty = 0;
    for inline in &mut inlines {
        match inline {
            Inline::Run(run) if run.image().is_some() => break,
            Inline::Run(run) => {
                run.text.drain(..run.text.len() - run.text.trim_start().len());
                if !run.text.is_empty() {
                    break;
                }
            }
            Inline::Break => {}
        }
        empty += 1;
    }
    inlines.drain(..empty);
    inlines
}
