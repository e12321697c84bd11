/// Ends of the sentences of a text, in bytes, behind the white space that follows them; the last one is the end of the
/// text.
pub(super) fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut state = State::Within;
    for (at, c) in text.char_indices() {
        state = match state {
            State::Ended | State::Spaced if c.is_whitespace() && c != '\n' => State::Spaced,
            State::Lined if c.is_whitespace() => State::Lined,
            // A small letter goes on with a sentence: "approx. ten".
            State::Spaced if c.is_lowercase() => State::Within,
            State::Spaced if c == '\n' => State::Lined,
            State::Spaced | State::Lined => {
                ends.push(at);
                state_of(c)
            }
            State::EndedWide if is_closing(c) || c.is_whitespace() || is_end(c) => State::EndedWide,
            State::EndedWide => {
                ends.push(at);
                state_of(c)
            }
            State::Ended if is_closing(c) => State::Ended,
            State::Within | State::Ended => state_of(c),
        };
    }
    if !text.is_empty() {
        ends.push(text.len());
    }
    ends
}

/// Place of a character among those of a sentence.
#[derive(Clone, Copy)]
enum State {
    Within,
    /// Behind the sign at its end.
    Ended,
    /// Behind such a sign of Chinese or Japanese, which no space follows.
    EndedWide,
    /// Behind the space that follows it.
    Spaced,
    /// Behind the end of a line.
    Lined,
}

fn state_of(c: char) -> State {
    match c {
        '。' | '！' | '？' | '｡' => State::EndedWide,
        '.' | '!' | '?' | '…' | '؟' | '۔' | '।' | '॥' => State::Ended,
        '\n' => State::Lined,
        _ => State::Within,
    }
}

fn is_end(c: char) -> bool {
    !matches!(state_of(c), State::Within)
}

/// Returns true for what may stand behind the sign at the end of a sentence.
fn is_closing(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | ')' | ']' | '}' | '*' | '_' | '”' | '’' | '»' | '«' | '“' | '」' | '』' | '）' | '》'
    )
}

#[cfg(test)]
mod tests {
    use super::sentence_ends;

    #[test]
    fn a_sentence_ends_behind_its_sign_and_space() {
        for (text, expected) in [
            ("One. Two! Three?", vec!["One. ", "Two! ", "Three?"]),
            ("He said “no.” Then", vec!["He said “no.” ", "Then"]),
            (
                "about approx. ten, 3.5 and e.g. this",
                vec!["about approx. ten, 3.5 and e.g. this"],
            ),
            (
                "吾輩は猫である。名前は「無い。」そう",
                vec!["吾輩は猫である。", "名前は「無い。」", "そう"],
            ),
            ("line\nnext", vec!["line\n", "next"]),
            ("... and", vec!["... and"]),
            ("", vec![]),
        ] {
            let mut start = 0;
            let parts: Vec<&str> = sentence_ends(text)
                .into_iter()
                .map(|end| &text[std::mem::replace(&mut start, end)..end])
                .collect();
            assert_eq!(parts, expected, "{text}");
        }
    }
}
