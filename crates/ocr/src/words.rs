use crate::ctc::Sign;
use crate::ink::Ink;

/// Gap that parts two words although the recognizer tells no space, in multiples of the usual gap of the line.
const GAP_RATIO: f32 = 0.65;
/// The same in pixels, at least.
const MIN_GAP: f32 = 4.0;
/// The same where the line has too few spaces to measure by.
const UNKNOWN_GAP: f32 = 7.0;
/// Spaces of a line, at least, by which its gaps are measured.
const MIN_SPACES: usize = 2;

/// Word of a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LineWord {
    pub(crate) text: String,
    /// Left and right edge, in columns of the line.
    pub(crate) left: f32,
    pub(crate) right: f32,
    /// Mean likelihood of its signs, 0 to 1.
    pub(crate) confidence: f32,
}

/// Parts the signs of a line into words.
pub(crate) fn words(signs: &[Sign<'_>], crop_width: usize, ink: &Ink) -> Vec<LineWord> {
    let column = |sign: &Sign<'_>| sign.middle * crop_width as f32;
    let limit = gap_limit(signs, ink, column);
    let mut told = signs.iter().filter(|sign| !is_space(sign));
    let Some(first) = told.next() else {
        return Vec::new();
    };
    let last = told.next_back().unwrap_or(first);
    let (first, last) = ink.edges_around(column(first), column(last));
    let mut words = Vec::new();
    let mut open = Open::at(first as f32);
    let mut before: Option<&Sign<'_>> = None;
    let mut told = false;
    for sign in signs {
        if is_space(sign) {
            told = true;
            continue;
        }
        if let Some(before) = before {
            let gap = ink.widest_gap(column(before), column(sign));
            if told || is_spaced(before) && is_spaced(sign) && gap.width() as f32 >= limit {
                words.extend(open.close(gap.from as f32));
                open = Open::at(gap.to as f32);
            }
        }
        open.push(sign);
        (before, told) = (Some(sign), false);
    }
    words.extend(open.close(last as f32));
    join_stops(words)
}

/// Puts full stops and commas to the words that they end: the recognizer tells a space before some of them.
fn join_stops(words: Vec<LineWord>) -> Vec<LineWord> {
    let mut joined: Vec<LineWord> = Vec::with_capacity(words.len());
    for word in words {
        match joined.last_mut() {
            Some(before)
                if matches!(word.text.as_str(), "." | ",")
                    && before.text.ends_with(char::is_alphanumeric) =>
            {
                before.text.push_str(&word.text);
                before.right = word.right;
            }
            _ => joined.push(word),
        }
    }
    joined
}

fn is_space(sign: &Sign<'_>) -> bool {
    sign.text.trim().is_empty()
}

/// Returns true for a sign of a script that has spaces between words.
fn is_spaced(sign: &Sign<'_>) -> bool {
    sign.text
        .chars()
        .all(|c| c < '\u{0e00}' || matches!(c, '\u{2000}'..='\u{20ff}'))
}

/// Gap from which on two signs stand in different words.
fn gap_limit(signs: &[Sign<'_>], ink: &Ink, column: impl Fn(&Sign<'_>) -> f32) -> f32 {
    let mut gaps: Vec<usize> = signs
        .windows(3)
        .filter_map(|signs| match signs {
            [before, space, after] if is_space(space) => {
                Some(ink.widest_gap(column(before), column(after)).width())
            }
            _ => None,
        })
        .collect();
    gaps.sort_unstable();
    match gaps.get(gaps.len() / 2) {
        Some(&usual) if gaps.len() >= MIN_SPACES => (GAP_RATIO * usual as f32).max(MIN_GAP),
        _ => UNKNOWN_GAP,
    }
}

/// Word whose end has not been found.
struct Open {
    text: String,
    left: f32,
    sum: f32,
    signs: usize,
}

impl Open {
    fn at(left: f32) -> Self {
        Self {
            text: String::new(),
            left,
            sum: 0.0,
            signs: 0,
        }
    }

    fn push(&mut self, sign: &Sign<'_>) {
        self.text.push_str(sign.text);
        self.sum += sign.likelihood;
        self.signs += 1;
    }

    fn close(self, right: f32) -> Option<LineWord> {
        (self.signs > 0).then(|| LineWord {
            right: right.max(self.left),
            left: self.left,
            confidence: self.sum / self.signs as f32,
            text: self.text,
        })
    }
}
