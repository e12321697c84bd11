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
    /// Right before a link or picture.
    pub(super) before_link: bool,
}

/// Escapes a piece of text.
pub(super) fn escape(text: &str, around: Around) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let edge = |at_line: bool| if at_line { ' ' } else { '*' };
    let mut previous = edge(around.starts);
    let mut rest = text.chars();
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
        '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'),
        '&' => is_entity(after),
        '|' => around.place == Place::Cell,
        _ => false,
    }
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

/// Destination of a link, whatever the address holds.
pub(super) fn destination(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for (at, c) in address.char_indices() {
        match c {
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            ' ' => out.push_str("%20"),
            '\\' => out.push_str("%5C"),
            '`' => out.push_str("%60"),
            '|' => out.push_str("%7C"),
            '&' if is_entity(&address[at + 1..]) => out.push_str("\\&"),
            _ => out.push(c),
        }
    }
    out
}

/// Comment of HTML; its text cannot end it.
pub(super) fn comment(text: &str) -> String {
    let mut out = String::from("<!-- ");
    let mut previous = ' ';
    for c in text.chars() {
        match c {
            '-' if previous == '-' => out.push_str(" -"),
            '|' => out.push('/'),
            c if c.is_whitespace() && previous.is_whitespace() => continue,
            c if c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
        previous = c;
    }
    out.truncate(out.trim_end().len());
    out.push_str(" -->");
    out
}

/// Comment in the place of a picture.
pub(super) fn image_comment(alt: &str) -> String {
    if alt.trim().is_empty() {
        comment("image")
    } else {
        comment(&format!("image: {alt}"))
    }
}
