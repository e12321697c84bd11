use crate::markdown::escape;

/// How a piece of text is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style<'a> {
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) struck: bool,
    pub(super) link: Option<&'a str>,
}

/// Text of one style.
pub(super) struct Piece<'a> {
    pub(super) text: String,
    pub(super) style: Style<'a>,
}

/// The pieces as one line of Markdown.
pub(super) fn markdown(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        let text = escape(&piece.text);
        let next = pieces.get(index + 1).and_then(|next| next.text.chars().next());
        match piece.style.link.and_then(address) {
            Some(address) if !text.trim().is_empty() => {
                let label = text.trim().replace(']', "\\]");
                let (front, back) = around(&text);
                out.push_str(&format!("{front}[{label}]({address}){back}"));
            }
            _ => emphasize(&mut out, &text, piece.style, next),
        }
    }
    out
}

/// Writes `text` between its marks, which stand against no white space and not between a letter and a
/// punctuation mark: there they would mark nothing.
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
    let (front, back) = around(text);
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

/// The white space before and behind the text.
fn around(text: &str) -> (&str, &str) {
    let front = text.len() - text.trim_start().len();
    let back = text.trim_end().len().max(front);
    (&text[..front], &text[back..])
}

/// The address as a link's target; `None` for one that no reader should follow.
fn address(uri: &str) -> Option<String> {
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
