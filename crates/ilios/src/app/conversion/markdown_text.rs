/// `text` on one line of Markdown that shows it as it is: no heading, link, address, HTML or emphasis comes of it.
#[must_use]
pub fn markdown_text(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut previous = ' ';
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let next = rest.clone().next().unwrap_or(' ');
        let escaped = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' | '|' | '@' => true,
            // Inside a word it is but a letter.
            '_' => !(previous.is_alphanumeric() && next.is_alphanumeric()),
            '#' => previous.is_whitespace() || previous == '#',
            '&' => next == '#' || next.is_ascii_alphabetic(),
            // An address without a scheme, and the schemes that make one without brackets.
            '.' => out
                .as_bytes()
                .rchunks(3)
                .next()
                .is_some_and(|end| end.eq_ignore_ascii_case(b"www")),
            ':' => {
                next == '/'
                    || matches!(
                        scheme(&out).as_str(),
                        "http" | "https" | "ftp" | "mailto" | "xmpp"
                    )
            }
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

/// The letters at the end of `text`.
fn scheme(text: &str) -> String {
    let letters: Vec<char> = text
        .chars()
        .rev()
        .take(8)
        .take_while(char::is_ascii_alphabetic)
        .collect();
    letters.into_iter().rev().collect::<String>().to_ascii_lowercase()
}
