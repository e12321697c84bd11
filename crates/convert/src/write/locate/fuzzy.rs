//! Places that are like a quotation: windows that share most of its words are looked for, and the best of them aligned
//! with it word by word.

use std::collections::HashMap;
use std::ops::Range;

use super::letters::words;
use super::span::{Match, Span};
use super::stream::Stream;

/// Words of a quotation from which on something like it is looked for.
const MIN_WORDS: usize = 4;
/// Words of a quotation that are compared, at most.
const MAX_WORDS: usize = 400;
/// Share of the words of a quotation that a window has, at least.
const MIN_SHARE: f32 = 0.5;
/// Likeness of a place, at least.
const MIN_SCORE: f32 = 0.7;
/// Windows that are aligned, at most.
const MAX_WINDOWS: usize = 40;
/// Letters of a word from which on one of them may differ.
const MIN_SIMILAR_LETTERS: usize = 4;

/// Word of a passage.
struct Word {
    letters: String,
    passage: usize,
    bytes: Range<usize>,
}

/// Finds up to `most` places, the most alike first.
pub(super) fn find(stream: &Stream, quote: &str, most: usize) -> Vec<Match> {
    let wanted: Vec<String> = words(quote)
        .into_iter()
        .map(|(_, word)| word)
        .take(MAX_WORDS)
        .collect();
    if wanted.len() < MIN_WORDS {
        return Vec::new();
    }
    let text = words_of(stream);
    let mut matches: Vec<(Range<usize>, f32)> = Vec::new();
    for start in windows(&text, &wanted) {
        let reach = wanted.len() / 2;
        let from = start.saturating_sub(reach);
        let to = (start + wanted.len() + reach).min(text.len());
        let Some(near) = text.get(from..to) else { continue };
        let Some((range, score)) = aligned(near, &wanted) else {
            continue;
        };
        let range = from + range.start..from + range.end;
        let overlaps = |other: &Range<usize>| range.start < other.end && other.start < range.end;
        if score >= MIN_SCORE && !matches.iter().any(|(other, _)| overlaps(other)) {
            matches.push((range, score));
        }
    }
    matches.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.start.cmp(&b.0.start)));
    matches.truncate(most);
    matches
        .into_iter()
        .map(|(range, score)| Match {
            aside: false,
            spans: spans(text.get(range).unwrap_or_default()),
            score,
            exact: false,
        })
        .collect()
}

fn words_of(stream: &Stream) -> Vec<Word> {
    let passages = stream.passages.iter().enumerate();
    passages
        .flat_map(|(passage, content)| {
            words(&content.text)
                .into_iter()
                .map(move |(bytes, letters)| Word {
                    letters,
                    passage,
                    bytes,
                })
        })
        .collect()
}

/// First words of the windows, as long as the quotation, that share the most of its words, the best ones first. Of
/// windows that overlap the best one is taken.
fn windows(text: &[Word], wanted: &[String]) -> Vec<usize> {
    let mut needs: HashMap<&str, i64> = HashMap::new();
    for word in wanted {
        *needs.entry(word).or_default() += 1;
    }
    let (mut shared, size) = (0_usize, wanted.len());
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for (index, word) in text.iter().enumerate() {
        if let Some(need) = needs.get_mut(word.letters.as_str()) {
            shared += usize::from(*need > 0);
            *need -= 1;
        }
        if let Some(left) = index.checked_sub(size).and_then(|left| text.get(left))
            && let Some(need) = needs.get_mut(left.letters.as_str())
        {
            *need += 1;
            shared -= usize::from(*need > 0);
        }
        #[expect(clippy::cast_precision_loss, reason = "a few hundred words")]
        if shared as f32 >= MIN_SHARE * size as f32 {
            counts.push((shared, (index + 1).saturating_sub(size)));
        }
    }
    counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut starts: Vec<usize> = Vec::new();
    for (_, start) in counts {
        if starts.len() == MAX_WINDOWS {
            break;
        }
        if starts.iter().all(|other| other.abs_diff(start) >= size) {
            starts.push(start);
        }
    }
    starts
}

/// Range of the words that are aligned with the quotation, and the share of the words of both that are the same in the
/// same order.
fn aligned(near: &[Word], wanted: &[String]) -> Option<(Range<usize>, f32)> {
    let width = near.len() + 1;
    // Longest common sequence; `lengths[i * width + j]` is that of the first i words of the quotation and j of the text.
    let mut lengths = vec![0_u32; width * (wanted.len() + 1)];
    for (row, want) in wanted.iter().enumerate() {
        for (column, word) in near.iter().enumerate() {
            let at = |row: usize, column: usize| lengths.get(row * width + column).copied().unwrap_or(0);
            let length = match is_like(want, &word.letters) {
                true => at(row, column) + 1,
                false => at(row, column + 1).max(at(row + 1, column)),
            };
            if let Some(cell) = lengths.get_mut((row + 1) * width + column + 1) {
                *cell = length;
            }
        }
    }
    let at = |row: usize, column: usize| lengths.get(row * width + column).copied().unwrap_or(0);
    let (mut row, mut column, mut range) = (wanted.len(), near.len(), None::<Range<usize>>);
    let common = at(row, column);
    while row > 0 && column > 0 {
        if at(row, column) == at(row - 1, column) {
            row -= 1;
        } else if at(row, column) == at(row, column - 1) {
            column -= 1;
        } else {
            (row, column) = (row - 1, column - 1);
            range.get_or_insert(column..column + 1).start = column;
        }
    }
    let range = range?;
    #[expect(clippy::cast_precision_loss, reason = "a few hundred words")]
    let score = 2.0 * common as f32 / (wanted.len() + range.len()) as f32;
    Some((range, score))
}

/// Returns true for the same word, or one that differs in a letter.
fn is_like(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    if a.len().abs_diff(b.len()) > 4 {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().min(b.len()) < MIN_SIMILAR_LETTERS || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let first = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let last = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    first + last + 1 >= a.len().max(b.len())
}

/// Spans of words that follow each other, one for each passage.
fn spans(words: &[Word]) -> Vec<Span> {
    words
        .chunk_by(|a, b| a.passage == b.passage)
        .filter_map(|words| {
            let (first, last) = (words.first()?, words.last()?);
            Some(Span {
                passage: first.passage,
                bytes: first.bytes.start..last.bytes.end,
            })
        })
        .collect()
}
