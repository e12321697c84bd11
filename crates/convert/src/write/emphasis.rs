use super::markdown::escape;

/// Inline style of a piece of text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style<'a> {
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) struck: bool,
    pub(super) link: Option<&'a str>,
}

/// Piece: text of one style.
pub(super) struct Piece<'a> {
    pub(super) text: String,
    pub(super) style: Style<'a>,
}

/// Writes pieces as one line of Markdown.
pub(super) fn markdown(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        let text = escape(&piece.text);
        let next = pieces.get(index + 1).and_then(|next| next.text.chars().next());
        match piece.style.link.and_then(link_destination) {
            Some(destination) if !text.trim().is_empty() => {
                let label = text.trim().replace(']', "\\]");
                let (front, back) = surrounding_space(&text);
                out.push_str(&format!("{front}[{label}]({destination}){back}"));
            }
            _ => emphasize(&mut out, &text, piece.style, next),
        }
    }
    out
}

/// Writes `text` between its delimiters. CommonMark ignores a delimiter next to white space, or between a letter and
/// punctuation (left- and right-flanking runs, section 6.2): there the text stays plain.
fn emphasize(out: &mut String, text: &str, style: Style<'_>, next: Option<char>) {
    let marks = match (style.bold, style.italic) {
        (true, true) => "***",
        (true, false) => "**",
        (false, true) => "*",
        (false, false) => "",
    };
    let strike = if style.struck { "~~" } else { "" };
    let core = text.trim();
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (front, back) = surrounding_space(text);
    // Only a character directly at the delimiter decides whether it can open or close emphasis.
    let before = if front.is_empty() {
        out.chars().next_back()
    } else {
        None
    };
    let after = if back.is_empty() { next } else { None };
    let stuck = is_letter(before) && !core.starts_with(char::is_alphanumeric)
        || is_letter(after) && !core.ends_with(char::is_alphanumeric)
        || before.is_some_and(|c| matches!(c, '*' | '~'));
    if marks.is_empty() && strike.is_empty() || stuck || !core.contains(char::is_alphanumeric) {
        out.push_str(text);
        return;
    }
    out.push_str(&format!("{front}{marks}{strike}{core}{strike}{marks}{back}"));
}

/// Leading and trailing white space of the text.
fn surrounding_space(text: &str) -> (&str, &str) {
    let front = text.len() - text.trim_start().len();
    let back = text.trim_end().len().max(front);
    (&text[..front], &text[back..])
}

/// Returns the URI as a link destination; `None` for a scheme that may run code or open local files.
fn link_destination(uri: &str) -> Option<String> {
    let scheme = uri.split_once(':')?.0;
    let known = ["http", "https", "ftp", "mailto", "tel"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    if !known || uri.chars().any(char::is_control) {
        return None;
    }
    let mut out = String::with_capacity(uri.len());
    for c in uri.trim().chars() {
        match c {
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            ' ' => out.push_str("%20"),
            _ => out.push(c),
        }
    }
    Some(out)
}
