//! Lines of text as the search for tables needs them: words of one baseline, in pieces between wide gaps.

use crate::layout::extent::Extent;
use crate::layout::word::Word;

/// Gap between two pieces of a line, in multiples of the text size: wider than between words, narrower than the gap
/// between most columns.
const PIECE_GAP_EM: f32 = 0.55;
/// Gap that parts two cells for certain, in multiples of the text size.
pub(super) const CELL_GAP_EM: f32 = 1.0;
/// The same as between pieces, between two figures.
const FIGURES_GAP_EM: f32 = 0.42;
/// Height by which baselines of one line differ, at most, in multiples of the text size.
const BASELINE_EM: f32 = 0.35;
/// The same for a raised or lowered word, which is smaller than this share of the others.
const RAISED_EM: f32 = 0.55;
const RAISED_SIZE: f32 = 0.85;
/// Smallest text size in points that thresholds are made of: damaged fonts have zero.
const MIN_SIZE: f32 = 1.0;
/// Distance of two lines, at most, in multiples of the text size, for them to be beside each other.
const INTERLEAVED_EM: f32 = 0.8;
/// Height of interleaved lines, at most, in multiples of the text size.
const INTERLEAVED_HEIGHT_EM: f32 = 12.0;
/// Height of the middle of a letter above the baseline, in multiples of the text size.
const MIDDLE_EM: f32 = 0.3;
/// Gap in multiples of the text size over which a sign of currency belongs to the amount behind it.
const CURRENCY_GAP_EM: f32 = 6.0;

/// Piece of a line: words with no wide gap between them.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Numbers of its words, from left to right.
    pub(super) words: Vec<usize>,
    pub(super) left: f32,
    pub(super) right: f32,
    /// Lines that it consists of: more than one in interleaved lines.
    pub(super) lines: usize,
}

/// Line of text.
#[derive(Debug, Clone)]
pub(super) struct TextLine {
    pub(super) pieces: Vec<Piece>,
    /// Baseline; the lowest one where lines are interleaved.
    pub(super) baseline: f32,
    /// The highest baseline.
    pub(super) first: f32,
    pub(super) size: f32,
}

impl Piece {
    pub(super) fn width(&self) -> f32 {
        self.right - self.left
    }

    /// Words of each of its lines on average.
    pub(super) fn words_per_line(&self) -> usize {
        self.words.len() / self.lines.max(1)
    }
}

impl TextLine {
    pub(super) fn left(&self) -> f32 {
        self.pieces.first().map_or(0.0, |piece| piece.left)
    }

    pub(super) fn right(&self) -> f32 {
        self.pieces
            .iter()
            .map(|piece| piece.right)
            .fold(f32::MIN, f32::max)
    }

    /// Height of the middle of its letters.
    pub(super) fn middle(&self) -> f32 {
        self.baseline + MIDDLE_EM * self.size
    }

    /// Box of the line.
    pub(super) fn extent(&self) -> Extent {
        let last = Extent::of_text(self.left(), self.right(), self.baseline, self.size);
        last.with(Extent::of_text(self.left(), self.right(), self.first, self.size))
    }

    /// Returns true if text of the other line stands above or below text of this one.
    fn overlaps(&self, other: &Self) -> bool {
        let mut others = other.pieces.iter();
        others.any(|piece| {
            self.pieces
                .iter()
                .any(|own| own.left < piece.right && piece.left < own.right)
        })
    }

    /// Takes the pieces of the next line, those above each other as one.
    fn absorb(&mut self, next: Self) {
        self.pieces.extend(next.pieces);
        self.pieces.sort_by(|a, b| a.left.total_cmp(&b.left));
        let mut joined: Vec<Piece> = Vec::new();
        for mut piece in self.pieces.drain(..) {
            match joined.last_mut() {
                Some(last) if piece.left < last.right => {
                    last.words.append(&mut piece.words);
                    last.right = last.right.max(piece.right);
                    last.lines += piece.lines;
                }
                _ => joined.push(piece),
            }
        }
        self.pieces = joined;
        self.baseline = self.baseline.min(next.baseline);
        self.size = self.size.max(next.size);
    }

    /// Numbers of its words.
    pub(super) fn words(&self) -> impl Iterator<Item = usize> + '_ {
        self.pieces.iter().flat_map(|piece| piece.words.iter().copied())
    }

    /// The part of the line between two positions, by the middles of its pieces; `None` when nothing is there.
    pub(super) fn between(&self, left: f32, right: f32) -> Option<Self> {
        let inside = |piece: &&Piece| {
            let middle = (piece.left + piece.right) / 2.0;
            (left..right).contains(&middle)
        };
        let pieces: Vec<Piece> = self.pieces.iter().filter(inside).cloned().collect();
        (!pieces.is_empty()).then_some(Self { pieces, ..*self })
    }
}

/// Returns true if a gap parts the line that is wider than between words.
pub(super) fn has_cells(line: &TextLine) -> bool {
    line.pieces.windows(2).any(|pair| match pair {
        [before, after] => after.left - before.right >= CELL_GAP_EM * line.size,
        _ => false,
    })
}

/// Middle of a word, by which it belongs to a cell.
pub(super) fn middle(word: &Word) -> [f32; 2] {
    [word.middle(), word.baseline + MIDDLE_EM * word.size]
}

/// Text size of a word, for thresholds.
pub(super) fn size(word: &Word) -> f32 {
    word.size.max(MIN_SIZE)
}

/// Makes lines of these words, from the top of the page to its bottom.
pub(super) fn lines_of(words: &[Word], indices: impl Iterator<Item = usize>) -> Vec<TextLine> {
    let mut sorted: Vec<(usize, &Word)> = indices
        .filter_map(|index| words.get(index).map(|word| (index, word)))
        .collect();
    sorted.sort_by(|(_, a), (_, b)| b.baseline.total_cmp(&a.baseline));
    let mut lines = Vec::new();
    let mut open: Vec<(usize, &Word)> = Vec::new();
    let mut anchor: Option<&Word> = None;
    for (index, word) in sorted {
        if anchor.is_some_and(|anchor| is_below(word, anchor)) {
            lines.extend(line_of(std::mem::take(&mut open)));
            anchor = None;
        }
        // The largest word has the baseline of the line: others may be raised.
        if anchor.is_none_or(|anchor| size(word) > size(anchor)) {
            anchor = Some(word);
        }
        open.push((index, word));
    }
    lines.extend(line_of(open));
    lines
}

/// Joins lines that stand beside each other although their heights differ: cells that are centred beside longer ones.
pub(super) fn interleaved(lines: Vec<TextLine>) -> Vec<TextLine> {
    let mut out: Vec<TextLine> = Vec::new();
    // Last line as it was before it was joined with others.
    let mut joined: Option<TextLine> = None;
    for line in lines {
        let beside = joined.as_ref().or(out.last()).is_some_and(|last| {
            let near = last.baseline - line.baseline < INTERLEAVED_EM * last.size.min(line.size);
            near && !last.overlaps(&line)
        });
        match out.last_mut() {
            Some(open) if beside && open.first - line.baseline < INTERLEAVED_HEIGHT_EM * line.size => {
                joined = Some(line.clone());
                open.absorb(line);
            }
            _ => {
                joined = None;
                out.push(line);
            }
        }
    }
    out
}

/// Returns true if a word is too low for the line of another.
fn is_below(word: &Word, anchor: &Word) -> bool {
    let (large, small) = (size(anchor).max(size(word)), size(anchor).min(size(word)));
    let raised = small < RAISED_SIZE * large;
    let reach = if raised { RAISED_EM } else { BASELINE_EM };
    anchor.baseline - word.baseline > reach * large
}

/// Makes one line of words of one height.
fn line_of(mut words: Vec<(usize, &Word)>) -> Option<TextLine> {
    words.sort_by(|(_, a), (_, b)| a.left.total_cmp(&b.left));
    let largest = words
        .iter()
        .max_by(|(_, a), (_, b)| size(a).total_cmp(&size(b)))
        .map(|(_, word)| (word.baseline, size(word)))?;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut before: Option<&Word> = None;
    for (index, word) in words {
        match pieces.last_mut() {
            Some(piece) if before.is_some_and(|before| joins(piece, before, word)) => {
                piece.words.push(index);
                piece.right = piece.right.max(word.right);
            }
            _ => pieces.push(Piece {
                words: vec![index],
                left: word.left,
                right: word.right.max(word.left),
                lines: 1,
            }),
        }
        before = Some(word);
    }
    let (baseline, size) = largest;
    Some(TextLine {
        pieces,
        baseline,
        first: baseline,
        size,
    })
}

/// Returns true if the word goes on with the piece that ends with `before`.
fn joins(piece: &Piece, before: &Word, word: &Word) -> bool {
    let (gap, size) = (word.left - piece.right, size(before).max(size(word)));
    let amount = word
        .text
        .starts_with(|c: char| c.is_ascii_digit() || "(-–−".contains(c));
    let currency = is_currency(&before.text) && amount && gap <= CURRENCY_GAP_EM * size;
    let figures = is_figure(&before.text) && is_figure(&word.text);
    let least = if figures { FIGURES_GAP_EM } else { PIECE_GAP_EM };
    gap <= least * size || currency
}

fn is_currency(text: &str) -> bool {
    let mut signs = text.trim_end_matches('(').chars();
    matches!(
        (signs.next(), signs.next()),
        (Some('$' | '€' | '£' | '¥' | '₹' | '₩' | '₽'), None)
    )
}

/// Returns true for a number with its signs, and for the marks that stand for a missing one.
pub(super) fn is_figure(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    digits > letters || matches!(text, "-" | "–" | "—" | "−" | "*" | "n/a" | "N/A" | "%")
}
