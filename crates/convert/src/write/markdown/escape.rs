use super::syntax::{guard_line, is_entity};

/// Kind of the place of inline text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Lines of their own.
    Lines,
    /// Line of a heading.
    Heading,
    /// Cell of a table.
    Cell,
}

/// Facts about the whole of a text, which decide on the escapes of each part.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    ticks: usize,
    tildes: usize,
    links: bool,
}

impl Facts {
    /// Facts about a text of which only a part is known.
    pub(super) fn wary() -> Self {
        Self {
            ticks: 2,
            tildes: 2,
            links: true,
        }
    }

    /// Takes a part of the text into account.
    pub(super) fn add(&mut self, text: &str) {
        self.ticks += text.matches('`').count();
        self.tildes += text.matches('~').count();
        self.links |= text.contains("](") || text.contains("][") || text.contains("]:");
    }

    /// Takes a code span into account.
    pub(super) fn add_code(&mut self) {
        self.ticks += 1;
    }

    /// Takes struck text into account.
    pub(super) fn add_strike(&mut self) {
        self.tildes += 1;
    }
}

/// Surroundings of a piece of text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    pub(super) place: Place,
    pub(super) facts: Facts,
    /// Within the text of a link.
    pub(super) in_link: bool,
    /// At the start of a line.
    pub(super) starts: bool,
    /// At the end of a line.
    pub(super) ends: bool,
    /// Right behind a reference to a footnote, which is none before a parenthesis or a colon.
    pub(super) after_note: bool,
    /// Right before a link or picture.
    pub(super) before_link: bool,
}

/// Escapes a piece of text.
pub(super) fn escape(text: &str, around: Around) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let edge = |at_line: bool| if at_line { ' ' } else { '*' };
    let mut previous = edge(around.starts);
    let mut rest = text.chars();
    if around.after_note && text.starts_with(['(', ':']) {
        out.push('\\');
        out.extend(rest.next());
    }
    while let Some(c) = rest.next() {
        let after = rest.as_str();
        let next = after.chars().next().unwrap_or(edge(around.ends));
        if is_markup(c, previous, next, after, around) {
            out.push('\\');
        }
        out.push(c);
        previous = c;
    }
    if around.place == Place::Heading && around.ends {
        guard_heading_end(&mut out, around.starts);
    }
    if around.place == Place::Lines && around.starts {
        return guard(out);
    }
    out
}

fn is_markup(c: char, previous: char, next: char, after: &str, around: Around) -> bool {
    let both = |test: fn(char) -> bool| test(previous) && test(next);
    let spaced = both(char::is_whitespace);
    match c {
        '\\' => next.is_ascii_punctuation() || after.is_empty(),
        '`' => around.facts.ticks > 1,
        '*' => !spaced,
        '_' => !spaced && !both(is_letter),
        '~' => around.facts.tildes > 1 && !spaced,
        '[' => around.facts.links || around.in_link || next == '^',
        ']' => around.in_link,
        '!' => after.is_empty() && around.before_link,
        '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?') || begins_address(after),
        '&' => is_entity(after),
        '|' => around.place == Place::Cell,
        _ => false,
    }
}

/// Returns true if the text after a `<` may be a mail address, which would be a link there.
fn begins_address(after: &str) -> bool {
    let local = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let rest = after.trim_start_matches(local);
    rest.len() < after.len() && (rest.is_empty() || rest.starts_with('@'))
}

/// Returns true for what CommonMark takes neither for white space nor for punctuation, for certain.
pub(super) fn is_letter(c: char) -> bool {
    let symbol = matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}');
    c.is_alphanumeric() && !symbol
}

/// Escapes the last `#` of a heading that would be taken for its closing sequence.
fn guard_heading_end(text: &mut String, whole: bool) {
    let kept = text.trim_end_matches('#');
    if kept.len() < text.len() && (kept.ends_with([' ', '\t']) || whole && kept.is_empty()) {
        text.insert(text.len() - 1, '\\');
    }
}

/// Escapes the start of a line, so that it begins no block.
fn guard(line: String) -> String {
    let bytes = line.as_bytes();
    let task = matches!(bytes, [b'[', b' ' | b'x' | b'X', b']', ..]);
    let definition = matches!(bytes, [b':'] | [b':', b' ' | b'\t', ..]);
    let delimiters = bytes.contains(&b'-') && bytes.iter().all(|byte| b"|:- ".contains(byte));
    if task || definition || delimiters {
        return format!("\\{line}");
    }
    guard_line(&line)
}

/// Address without the characters that would end a link's destination.
pub(super) fn encoded(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            ' ' => out.push_str("%20"),
            '\\' => out.push_str("%5C"),
            '`' => out.push_str("%60"),
            '|' => out.push_str("%7C"),
            c => out.push(c),
        }
    }
    out
}

/// Destination of a link to an address that is [`encoded`].
pub(super) fn destination(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for (at, c) in address.char_indices() {
        if c == '&' && is_entity(address.get(at + 1..).unwrap_or_default()) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Text that can stand in a comment of HTML, since nothing in it ends one.
pub(super) fn comment_text(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '-' if out.ends_with('-') => out.push_str(" -"),
            '|' => out.push('/'),
            c if c.is_whitespace() && (out.is_empty() || out.ends_with(' ')) => {}
            c if c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Comment in the place of a picture.
pub(super) fn image_comment(alt: &str) -> String {
    let alt = comment_text(alt);
    if alt.is_empty() {
        "<!-- image -->".into()
    } else {
        format!("<!-- image: {alt} -->")
    }
}
