use std::ops::Range;

use super::super::count::Counter;
use super::cut::cut;
use super::pieces::Pieces;

/// Part of a block.
pub(super) struct Part {
    pub(super) text: String,
    pub(super) tokens: u32,
    /// Pieces of which it is.
    pub(super) pieces: Range<usize>,
}

/// Puts as many pieces together as fit, in parts of `first` and then `limit` tokens, at most. Each has the head and the
/// tail of all.
pub(super) fn pack(pieces: Pieces, counter: &Counter, first: u32, limit: u32) -> Vec<Part> {
    let fixed = [&pieces.head, &pieces.tail]
        .iter()
        .try_fold(0, |sum, text| Some(sum + counter.within(text, limit / 2)?));
    let (pieces, fixed) = match fixed.filter(|fixed| *fixed <= limit / 2) {
        Some(fixed) => (pieces, fixed),
        None => (pieces.without_frame(), 0),
    };
    let mut packer = Packer {
        pieces: &pieces,
        counter,
        fixed,
        budget: first,
        limit,
        part: 0..0,
        sum: fixed,
        parts: Vec::new(),
    };
    for (index, piece) in pieces.items.iter().enumerate() {
        packer.take(index, piece);
    }
    packer.close();
    packer.parts
}

struct Packer<'a> {
    pieces: &'a Pieces,
    counter: &'a Counter,
    /// Tokens of head and tail.
    fixed: u32,
    /// Tokens of the part that is being made, at most.
    budget: u32,
    /// Tokens of those behind it.
    limit: u32,
    /// Pieces of the part that is being made.
    part: Range<usize>,
    /// Tokens of the part, about.
    sum: u32,
    parts: Vec<Part>,
}

impl Packer<'_> {
    fn take(&mut self, index: usize, piece: &str) {
        // A line end between pieces is a token, at most.
        let cost = self.counter.within(piece, self.limit).map(|tokens| tokens + 1);
        match cost {
            Some(cost) if self.sum + cost <= self.budget => self.push(index, cost),
            Some(cost) if self.fixed + cost <= self.limit => {
                self.close();
                self.push(index, cost);
            }
            _ => {
                self.close();
                self.cut(index);
            }
        }
    }

    fn push(&mut self, index: usize, cost: u32) {
        if self.part.is_empty() {
            self.part = index..index;
        }
        self.part.end = index + 1;
        self.sum += cost;
    }

    /// Ends the part. What is too large after all is made in several.
    fn close(&mut self) {
        let mut rest = std::mem::replace(&mut self.part, 0..0);
        self.sum = self.fixed;
        while !rest.is_empty() {
            let mut pieces = rest.clone();
            while !pieces.is_empty() {
                let items = self.pieces.items.get(pieces.clone()).unwrap_or_default();
                let text = items.join(self.pieces.joint);
                if text.trim().is_empty() {
                    rest.start = pieces.end;
                    break;
                }
                let text = self.framed(&text);
                if let Some(tokens) = self.counter.within(&text, self.budget) {
                    rest.start = pieces.end;
                    self.parts.push(Part { text, tokens, pieces });
                    break;
                }
                pieces.end -= 1;
                if pieces.is_empty() && self.budget == self.limit {
                    self.cut(rest.start);
                    rest.start += 1;
                }
            }
            self.budget = self.limit;
        }
    }

    /// Makes parts of a piece that is too large for one.
    fn cut(&mut self, index: usize) {
        let budget = std::mem::replace(&mut self.budget, self.limit);
        let piece = self.pieces.items.get(index).map_or("", String::as_str);
        let cut_to = |limit| cut(piece, limit, self.counter).into_iter();
        let parts: Vec<(String, u32)> = if self.pieces.frames_parts {
            // The tokens at the ends of a frame may be others beside text.
            let inner = cut_to(budget.saturating_sub(self.fixed + 4).max(1));
            inner.flat_map(|(text, _)| self.framed_or_cut(text)).collect()
        } else {
            cut_to(budget)
                .map(|(text, tokens)| (text.to_owned(), tokens))
                .collect()
        };
        self.parts.extend(parts.into_iter().map(|(text, tokens)| Part {
            text,
            tokens,
            pieces: index..index + 1,
        }));
    }

    fn framed_or_cut(&self, text: &str) -> Vec<(String, u32)> {
        let framed = self.framed(text);
        match self.counter.within(&framed, self.limit) {
            Some(tokens) => vec![(framed, tokens)],
            None => {
                let parts = cut(text, self.limit, self.counter).into_iter();
                parts.map(|(text, tokens)| (text.to_owned(), tokens)).collect()
            }
        }
    }

    fn framed(&self, text: &str) -> String {
        let framed = format!("{}{text}{}", self.pieces.head, self.pieces.tail);
        framed.trim().to_owned()
    }
}
