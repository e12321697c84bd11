use super::super::count::Counter;
use super::sentences::sentence_ends;

/// Text in parts of at most `limit` tokens, each with its count: cut between sentences, within a longer one between
/// words, within a longer word between characters. White space between parts is left out.
pub(super) fn cut<'t>(text: &'t str, limit: u32, counter: &Counter) -> Vec<(&'t str, u32)> {
    let mut parts = Vec::new();
    parts_at(
        text,
        &sentence_ends(text),
        limit,
        counter,
        &mut parts,
        |sentence, parts| {
            parts_at(
                sentence,
                &word_ends(sentence),
                limit,
                counter,
                parts,
                |word, parts| {
                    characters(word, limit, counter, parts);
                },
            );
        },
    );
    parts
}

/// Cuts at `ends`, and gives what is between two of them to `smaller` if it does not fit.
fn parts_at<'t>(
    text: &'t str,
    ends: &[usize],
    limit: u32,
    counter: &Counter,
    parts: &mut Vec<(&'t str, u32)>,
    mut smaller: impl FnMut(&'t str, &mut Vec<(&'t str, u32)>),
) {
    let mut start = 0;
    let mut next = 0;
    while start < text.len() {
        // As many pieces as fit by the sum of their tokens.
        let mut sum = 0;
        let (first, mut behind) = (next, next);
        while let Some(end) = ends.get(behind) {
            let from = if behind == first {
                start
            } else {
                ends.get(behind - 1).copied().unwrap_or(start)
            };
            let piece = text.get(from..*end).unwrap_or_default();
            let Some(tokens) = counter.within(piece.trim_end(), limit.saturating_sub(sum)) else {
                break;
            };
            sum += tokens;
            behind += 1;
        }
        // The tokens of all together may be more than those of the pieces.
        let part = loop {
            let end = behind.checked_sub(1).filter(|last| *last >= first);
            let Some(end) = end.and_then(|last| ends.get(last)) else {
                break None;
            };
            let part = text.get(start..*end).unwrap_or_default().trim();
            if let Some(tokens) = counter.within(part, limit) {
                break Some((part, tokens, *end));
            }
            behind -= 1;
        };
        match part {
            Some((part, tokens, end)) => {
                if !part.is_empty() {
                    parts.push((part, tokens));
                }
                (start, next) = (end, behind);
            }
            None => {
                let end = ends.get(first).copied().unwrap_or(text.len());
                smaller(text.get(start..end).unwrap_or_default(), parts);
                (start, next) = (end, first + 1);
            }
        }
    }
}

/// Ends of words, before the white space that follows them.
fn word_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut space = true;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() && !space {
            ends.push(at);
        }
        space = c.is_whitespace();
    }
    if ends.last() != Some(&text.len()) {
        ends.push(text.len());
    }
    ends
}

/// Cuts between characters.
fn characters<'t>(text: &'t str, limit: u32, counter: &Counter, parts: &mut Vec<(&'t str, u32)>) {
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (end, tokens) = longest(rest, limit, counter);
        let (part, behind) = rest.split_at(end);
        parts.push((part, tokens));
        rest = behind;
    }
}

/// Longest beginning of at most `limit` tokens, as far as it is looked for, and its count.
fn longest(text: &str, limit: u32, counter: &Counter) -> (usize, u32) {
    // A token has a byte at least, so that this many bytes always fit; one character has to, at the least.
    let first = text.chars().next().map_or(0, char::len_utf8);
    let mut fits = floor(text, usize::try_from(limit).unwrap_or(usize::MAX)).max(first);
    let mut tokens = counter.count(text.get(..fits).unwrap_or_default());
    // What follows has about as many tokens a byte, as far as is known.
    let mut share = SHARES;
    while share > 0 && fits < text.len() && tokens < limit - limit / 16 {
        let room = usize::try_from(limit - tokens).unwrap_or_default();
        let density = usize::try_from(tokens.max(1)).unwrap_or(1);
        let step = room.saturating_mul(fits) / density * share / SHARES;
        let end = floor(text, fits.saturating_add(step.max(1)));
        match text.get(..end).and_then(|text| counter.within(text, limit)) {
            Some(count) if end > fits => (fits, tokens) = (end, count),
            _ => share /= 2,
        }
    }
    (fits, tokens)
}

/// Parts of the room that is left, of which fewer are tried after each that was too much.
const SHARES: usize = 8;

/// Last character boundary that is not behind `at`.
fn floor(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}

/// The last words of a text, of at most `tokens` tokens; whole sentences, if one fits.
pub(in super::super) fn last_words<'t>(text: &'t str, tokens: u32, counter: &Counter) -> &'t str {
    // Nothing before this many bytes can fit.
    let most = usize::try_from(tokens).unwrap_or(usize::MAX).saturating_mul(16);
    let from = (text.len().saturating_sub(most)..=text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len());
    let tail = text.get(from..).unwrap_or_default();
    [sentence_ends(tail), word_ends(tail)]
        .iter()
        .find_map(|ends| last_of(tail, ends, tokens, counter))
        .unwrap_or_default()
}

/// The most of the last pieces that are within `limit`.
fn last_of<'t>(text: &'t str, ends: &[usize], limit: u32, counter: &Counter) -> Option<&'t str> {
    let (_, starts) = ends.split_last()?;
    let mut found = None;
    let mut sum = 0;
    let mut behind = text.len();
    for start in starts.iter().rev() {
        let piece = text.get(*start..behind).unwrap_or_default();
        sum += counter.count(piece);
        if sum > limit {
            break;
        }
        behind = *start;
        let words = text.get(*start..).unwrap_or_default().trim();
        found = Some(words).filter(|words| !words.is_empty());
    }
    found.filter(|words| counter.within(words, limit).is_some())
}
