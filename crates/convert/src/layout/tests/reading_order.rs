use super::tables::word;
use crate::layout::Word;
use crate::layout::line::Line;
use crate::layout::reading_order::{lines, scanned_lines};

const LEFT: f32 = 50.0;
const TOP: f32 = 600.0;
const PITCH: f32 = 13.0;

/// Sentence of this many characters in one word, at the left edge and the number of a row.
fn sentence(name: &str, length: usize, left: f32, row: f32) -> Word {
    word(&format!("{name:x<length$}"), left, TOP - row * PITCH)
}

fn texts(lines: &[Line]) -> Vec<String> {
    let names = lines
        .iter()
        .map(|line| line.text.trim_end_matches('x').replace('x', ""));
    names.collect()
}

/// Two columns, `gap` points apart, whose lines stand at heights of their own.
fn columns(gap: f32) -> Vec<Word> {
    let first = sentence("l0", 40, LEFT, 0.0);
    let right = first.right + gap;
    let lefts = (0_u8..14).map(|row| sentence(&format!("l{row}"), 40, LEFT, f32::from(row)));
    let rights = (0_u8..14).map(|row| sentence(&format!("r{row}"), 40, right, f32::from(row) + 0.2));
    let words = lefts.chain(rights).enumerate();
    words
        .map(|(number, word)| Word {
            order: u32::try_from(number).unwrap(),
            ..word
        })
        .collect()
}

fn expected() -> Vec<String> {
    let numbered = |side: char| (0..14).map(move |row| format!("{side}{row}"));
    numbered('l').chain(numbered('r')).collect()
}

#[test]
fn columns_may_stand_closer_than_words() {
    let gap = 0.3 * columns(0.0)[0].size;
    assert_eq!(texts(&scanned_lines(columns(gap))), expected());
    assert_eq!(texts(&lines(columns(gap))), expected());
}

#[test]
fn a_header_over_two_columns_belongs_to_neither() {
    let size = columns(0.0)[0].size;
    let mut words = columns(2.0 * size);
    let right = words[14].left;
    words.push(sentence("page", 4, LEFT, -9.0));
    words.push(sentence("author", 20, right, -9.0));
    words.push(sentence("foot", 4, LEFT, 24.0));
    words.push(sentence("title", 20, right, 24.0));
    let mut whole = expected();
    whole.insert(0, "page author".into());
    whole.push("foot title".into());
    assert_eq!(texts(&lines(words)), whole);
}
