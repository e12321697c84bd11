//! Order of the words of one line that mixes directions of writing.

mod brackets;

use super::word::Word;

/// Returns true if the text has letters that are written from right to left.
pub(crate) fn is_right_to_left(text: &str) -> bool {
    !text.is_ascii()
        && text.chars().any(|c| {
            matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
                && !c.is_numeric()
        })
}

/// Puts words that are ordered from left to right into the order that they are read in.
pub(super) fn reading_order(mut words: Vec<Word>) -> Vec<Word> {
    let is_rtl: Vec<bool> = words.iter().map(|word| is_right_to_left(&word.text)).collect();
    if !is_rtl.contains(&true) {
        return words;
    }
    let letters = |rtl: bool| -> usize {
        let own = words.iter().zip(&is_rtl).filter(|(_, own)| **own == rtl);
        own.flat_map(|(word, _)| word.text.chars())
            .filter(|c| c.is_alphabetic())
            .count()
    };
    let base_is_rtl = letters(true) >= letters(false);
    // Parts that go against the line: words of the other direction, and what stands between two of them.
    let against = |word: &Word| match base_is_rtl {
        true => word.text.chars().any(char::is_alphanumeric) && !is_right_to_left(&word.text),
        false => is_right_to_left(&word.text),
    };
    if base_is_rtl {
        words.reverse();
        brackets::turn(&mut words);
    }
    let marks: Vec<bool> = words.iter().map(against).collect();
    let mut start = 0;
    while start < words.len() {
        if !marks[start] {
            start += 1;
            continue;
        }
        let mut end = start + 1;
        let mut next = end;
        while next < words.len() && (marks[next] || !words[next].text.chars().any(char::is_alphanumeric)) {
            next += 1;
            if marks[next - 1] {
                end = next;
            }
        }
        words[start..end].reverse();
        start = next.max(end);
    }
    // White space is painted before a word in the order of painting, which is now that after it.
    if base_is_rtl || marks.contains(&true) {
        let spaced: Vec<bool> = gaps(&words);
        for (word, spaced) in words.iter_mut().zip(spaced) {
            word.spaced = spaced;
        }
    }
    words
}

/// Tells for each word of a line, in reading order, whether white space stands between it and the one before.
fn gaps(words: &[Word]) -> Vec<bool> {
    let mut gaps = vec![false];
    for pair in words.windows(2) {
        if let [before, word] = pair {
            let (left, right) = if before.left <= word.left {
                (before, word)
            } else {
                (word, before)
            };
            let neighbours = right.left - left.right < 3.0 * word.size;
            gaps.push(!neighbours || left.is_apart_from(right) || left.spaced && left.left > right.left);
        }
    }
    gaps
}
