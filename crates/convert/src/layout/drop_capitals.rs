//! Drop capitals: a large first letter beside the first lines of a paragraph.

use super::word::Word;

/// Size of a drop capital, at least, in multiples of the text beside it.
const MIN_RATIO: f32 = 1.8;
/// Distance of the text beside it, at most, in multiples of the size of that text.
const MAX_DISTANCE_EM: f32 = 1.2;
/// Gap, in multiples of the size of the text, from which on a letter that can be a word is one.
const WORD_GAP_EM: f32 = 0.3;
/// Letters that are words by themselves.
const WORDS: [&str; 4] = ["A", "I", "O", "À"];
/// Words that are looked at for a page, at most.
const MAX_CAPITALS: usize = 20;

/// Puts drop capitals onto the first of the lines beside them.
pub(super) fn attach(words: &mut [Word]) {
    let capitals: Vec<usize> = (0..words.len())
        .filter(|index| words.get(*index).is_some_and(is_capital))
        .collect();
    let mut usual: Vec<f32> = words.iter().map(|word| word.size).collect();
    usual.sort_by(f32::total_cmp);
    let Some(median) = usual.get(usual.len() / 2).copied() else {
        return;
    };
    let large = |index: &&usize| {
        words
            .get(**index)
            .is_some_and(|word| word.size >= MIN_RATIO * median)
    };
    let found: Vec<usize> = capitals
        .iter()
        .filter(large)
        .copied()
        .take(MAX_CAPITALS)
        .collect();
    for index in found {
        let Some((first, baseline, size, left)) = first_beside(words, index) else {
            continue;
        };
        let Some(capital) = words.get_mut(index) else {
            continue;
        };
        let apart = left - capital.right > WORD_GAP_EM * size && WORDS.contains(&capital.text.as_str());
        (capital.baseline, capital.size) = (baseline, size);
        if !apart {
            capital.right = left;
            if let Some(first) = words.get_mut(first) {
                first.spaced = false;
            }
        }
    }
}

fn is_capital(word: &Word) -> bool {
    let mut letters = word.text.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
}

/// First word of the text beside a capital, if there are two lines of it at least.
fn first_beside(words: &[Word], index: usize) -> Option<(usize, f32, f32, f32)> {
    let capital = words.get(index)?;
    let top = capital.baseline + 0.9 * capital.size;
    let beside: Vec<(usize, &Word)> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| {
            let distance = word.left - capital.right;
            word.size * MIN_RATIO <= capital.size
                && word.baseline >= capital.baseline - 0.3 * word.size
                && word.baseline < top
                && (-0.3 * word.size..MAX_DISTANCE_EM * word.size).contains(&distance)
        })
        .collect();
    let (first, word) = *beside
        .iter()
        .max_by(|a, b| a.1.baseline.total_cmp(&b.1.baseline))?;
    let lines = beside
        .iter()
        .filter(|(_, other)| (other.baseline - word.baseline).abs() > 0.5 * word.size);
    (lines.count() > 0).then_some((first, word.baseline, word.size, word.left))
}
