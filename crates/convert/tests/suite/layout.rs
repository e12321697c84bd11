//! Layout of JSON for people: a value that fits on a line stands on it, the others are broken. The text of the values,
//! and the order of their fields, stay as they are written.

const WIDTH: usize = 120;

/// Lays JSON out that has no white space between its tokens.
pub(crate) fn lines(json: &str) -> String {
    let mut layout = Layout {
        rest: json,
        out: String::new(),
    };
    layout.value(0, 0);
    layout.out.push('\n');
    layout.out
}

struct Layout<'a> {
    rest: &'a str,
    out: String,
}

impl Layout<'_> {
    /// Writes the next value: `indent` is that of its line, `used` what stands in front of it on the line.
    fn value(&mut self, indent: usize, used: usize) {
        let length = value_length(self.rest);
        let (value, rest) = self.rest.split_at(length);
        let spaced = spaced(value);
        if !value.starts_with(['{', '[']) || indent + used + spaced.chars().count() < WIDTH {
            self.out.push_str(&spaced);
            self.rest = rest;
            return;
        }
        self.take(1);
        loop {
            self.line(indent + 2);
            let mut used = 0;
            if value.starts_with('{') {
                let key = string_length(self.rest);
                self.out.push_str(&self.rest[..key]);
                self.out.push_str(": ");
                used = self.rest[..key].chars().count() + 2;
                self.rest = &self.rest[key + 1..];
            }
            self.value(indent + 2, used);
            if !self.rest.starts_with(',') {
                break;
            }
            self.take(1);
        }
        self.line(indent);
        self.take(1);
    }

    fn take(&mut self, length: usize) {
        let (token, rest) = self.rest.split_at(length);
        self.out.push_str(token);
        self.rest = rest;
    }

    fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
    }
}

/// Length of the string that `text` begins with, with its quotation marks.
fn string_length(text: &str) -> usize {
    let mut escaped = true;
    let end = text.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 1)
}

/// Length of the value that `text` begins with.
fn value_length(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(next) = text[at..].chars().next() {
        match next {
            '"' => at += string_length(&text[at..]),
            '{' | '[' => {
                depth += 1;
                at += 1;
            }
            '}' | ']' | ',' if depth == 0 => return at,
            '}' | ']' => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return at;
                }
            }
            other => at += other.len_utf8(),
        }
    }
    at
}

/// The value on one line, with a space behind each comma and colon.
fn spaced(value: &str) -> String {
    let (mut at, mut out) = (0, String::new());
    while let Some(next) = value[at..].chars().next() {
        let length = match next {
            '"' => string_length(&value[at..]),
            other => other.len_utf8(),
        };
        out.push_str(&value[at..at + length]);
        if matches!(next, ',' | ':') {
            out.push(' ');
        }
        at += length;
    }
    out
}
