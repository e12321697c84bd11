//! Brackets and full stops in lines that are read from right to left.
//!
//! A line has the shapes that it shows: what opens a bracket looks like `)` there, and `(14:30` is a number before the
//! end of a bracket. Some programs write the characters of the text in place of the shapes; then the brackets are right
//! already.

use super::is_right_to_left;
use crate::layout::word::Word;

const PAIRS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

/// Turns the brackets of a line, whose words are in their order, if they close before they open.
pub(super) fn turn(words: &mut [Word]) {
    let turned: Vec<String> = words.iter().map(|word| turned(&word.text)).collect();
    let is_sound = closes_what_opens(turned.iter().map(String::as_str));
    if !is_sound && closes_what_opens(words.iter().map(|word| word.text.as_str())) {
        return;
    }
    for (word, text) in words.iter_mut().zip(turned) {
        word.text = text;
    }
}

/// Text of a word whose signs go the way of the line.
fn turned(text: &str) -> String {
    if is_right_to_left(text) {
        return text.chars().map(mirrored).collect();
    }
    let is_letter = |c: char| c.is_alphanumeric();
    let (Some(first), Some(last)) = (text.find(is_letter), text.rfind(is_letter)) else {
        return text.chars().rev().map(mirrored).collect();
    };
    let rest = text.get(last..).and_then(|rest| rest.chars().next());
    let end = last + rest.map_or(0, char::len_utf8);
    let (before, inner, after) = (
        text.get(..first).unwrap_or_default(),
        text.get(first..end).unwrap_or_default(),
        text.get(end..).unwrap_or_default(),
    );
    // A sign that belongs to the number stays with it, and so does a full stop that is behind it already.
    if !before.contains(is_sign) && !after.contains(|c| mirrored(c) != c) {
        return text.to_owned();
    }
    let turn = |part: &str| part.chars().rev().map(mirrored).collect::<String>();
    [turn(after).as_str(), inner, turn(before).as_str()].concat()
}

fn is_sign(c: char) -> bool {
    matches!(c, '.' | ',' | ':' | '!' | '?') || mirrored(c) != c
}

fn mirrored(c: char) -> char {
    let pair = PAIRS.iter().find(|(open, close)| c == *open || c == *close);
    pair.map_or(c, |(open, close)| if c == *open { *close } else { *open })
}

/// Returns true if no bracket closes before one opens.
fn closes_what_opens<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    let mut depth = 0_i32;
    for c in words.flat_map(str::chars) {
        depth += i32::from(PAIRS.iter().any(|(open, _)| c == *open));
        depth -= i32::from(PAIRS.iter().any(|(_, close)| c == *close));
        if depth < 0 {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{closes_what_opens, turned};

    #[test]
    fn signs_go_the_way_of_the_line() {
        for (shown, expected) in [
            (")בשעה", "(בשעה"),
            ("(14:30", "14:30)"),
            (".2024", "2024."),
            ("(HTML)", "(HTML)"),
            ("2024.", "2024."),
            ("-5", "-5"),
            ("3%", "3%"),
            ("(", ")"),
            ("word", "word"),
        ] {
            assert_eq!(turned(shown), expected, "{shown}");
        }
    }

    #[test]
    fn brackets_that_close_first_are_known() {
        assert!(closes_what_opens(["(a", "b)"].into_iter()));
        assert!(!closes_what_opens([")a", "b("].into_iter()));
    }
}
