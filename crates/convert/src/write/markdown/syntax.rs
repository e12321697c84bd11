//! Markdown syntax (CommonMark with GFM tables): escapes, headings, tables, code.
//!
//! Only characters that Markdown would read as markup are escaped, so that text stays readable in its source.

use pulldown_cmark::Options;

/// Extensions of our Markdown to CommonMark: tables, strikethrough and task lists as GFM has them, and footnotes.
pub(crate) const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES);

/// Writes a fenced code block; its fence is longer than any run of backticks inside.
pub(crate) fn code(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
    format!(
        "{fence}{language}\n{}\n{fence}",
        text.trim_end_matches(['\n', '\r'])
    )
}

/// Writes a code span; its fence is longer than any run of backticks inside.
pub(crate) fn code_span(text: &str) -> String {
    let fence = "`".repeat(longest_run(text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{}{pad}{fence}", text.replace(['\n', '\r'], " "))
}

fn longest_run(text: &str, mark: char) -> usize {
    text.split(|c| c != mark).map(str::len).max().unwrap_or(0)
}

/// Escapes text for the middle of a line.
pub(crate) fn escape(text: &str) -> String {
    // Without an early end, so that many bytes are looked at together.
    if !text
        .bytes()
        .fold(false, |found, byte| found | may_be_markup(byte))
    {
        return text.to_owned();
    }
    let ticks = text.matches('`').nth(1).is_some();
    let links = text.contains("](") || text.contains("][") || text.contains("]:");
    let mut out = String::with_capacity(text.len() + 8);
    let mut previous = ' ';
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let after = rest.as_str();
        let next = after.chars().next().unwrap_or(' ');
        let both = |test: fn(char) -> bool| test(previous) && test(next);
        let escaped = match c {
            '\\' => next.is_ascii_punctuation() || after.is_empty(),
            '`' => ticks,
            '*' => !both(char::is_whitespace),
            '_' => !both(char::is_whitespace) && !both(char::is_alphanumeric),
            '~' => next == '~' || previous == '~',
            '[' => links || next == '^',
            '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'),
            '&' => is_entity(after),
            _ => false,
        };
        if escaped {
            out.push('\\');
        }
        out.push(c);
        previous = c;
    }
    out
}

/// Returns true for bytes that may need an escape; most text has none and is copied as it is.
fn may_be_markup(byte: u8) -> bool {
    matches!(byte, b'\\' | b'`' | b'*' | b'_' | b'~' | b'[' | b'<' | b'&')
}

/// Returns true if the text after an `&` would be read as a character reference.
pub(super) fn is_entity(after: &str) -> bool {
    let Some(end) = after.bytes().take(33).position(|byte| byte == b';') else {
        return false;
    };
    let name = after.get(..end).unwrap_or_default();
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

/// Escapes a line of text that begins a line of Markdown.
pub(crate) fn escape_line(text: &str) -> String {
    guard_line(&escape(text))
}

/// Escapes the start of a line whose text is escaped already, so that it does not begin a heading, list, quote,
/// thematic break or code fence.
pub(crate) fn guard_line(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let blank_at = |at: usize| line[at..].chars().next().is_none_or(char::is_whitespace);
    if (1..=9).contains(&digits) && line[digits..].starts_with(['.', ')']) && blank_at(digits + 1) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    let marks = line.bytes().take_while(|&byte| byte == b'#').count();
    let rule = |mark: char| line.starts_with(mark) && line.trim_end().chars().all(|c| c == mark || c == ' ');
    let block = (1..=6).contains(&marks) && blank_at(marks)
        || line.starts_with(['-', '+', '*']) && blank_at(1)
        || line.starts_with('>')
        || line.starts_with("```")
        || line.starts_with("~~~")
        || rule('-')
        || rule('=')
        || rule('_');
    if block {
        format!("\\{line}")
    } else {
        line.to_owned()
    }
}

/// Removes control characters except line ends and tabs: a terminal would execute escape sequences.
#[must_use]
pub fn printable(text: String) -> String {
    let hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    // Nearly every text has none, which a look at many bytes together tells.
    if text
        .bytes()
        .fold(false, |found, byte| found | may_be_control(byte))
    {
        text.replace(hidden, "")
    } else {
        text
    }
}

/// Returns true for the control characters that [`printable`] removes: those of ASCII, and the first byte of U+0080 to
/// U+009F.
fn may_be_control(byte: u8) -> bool {
    byte < 0x20 && byte != b'\n' && byte != b'\t' || byte == 0x7f || byte == 0xc2
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn control_characters_go_and_every_other_character_stays() {
        for c in ('\0'..='\u{17f}').chain(['\u{2028}', '\u{feff}', '😀']) {
            let kept = !c.is_control() || c == '\n' || c == '\t';
            let text = printable(format!("before{c}after"));
            let expected = if kept {
                format!("before{c}after")
            } else {
                "beforeafter".into()
            };
            assert_eq!(text, expected, "{c:?}");
        }
    }
}
