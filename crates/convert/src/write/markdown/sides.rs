use super::escape::is_letter;
use super::pieces::{Look, MARKS, Piece};

/// Place of the link among the marks that can be open: behind those of [`Look::marks`].
pub(super) const LINK: usize = MARKS;

/// For each piece and mark, the end of the pieces from there on that have it.
pub(super) fn ends(pieces: &[Piece]) -> Vec<[usize; MARKS + 1]> {
    let mut ends = vec![[0; MARKS + 1]; pieces.len()];
    let mut behind: Option<(&Piece, [usize; MARKS + 1])> = None;
    for ((at, piece), ends) in pieces.iter().enumerate().zip(&mut ends).rev() {
        for (mark, end) in ends.iter_mut().enumerate() {
            *end = match behind {
                Some((next, ends))
                    if has(&next.look, mark) && (mark != LINK || next.look.link == piece.look.link) =>
                {
                    ends[mark]
                }
                _ => at + 1,
            };
        }
        behind = Some((piece, *ends));
    }
    ends
}

pub(super) fn has(look: &Look, mark: usize) -> bool {
    look.marks.get(mark).copied().unwrap_or(look.link.is_some())
}

/// Returns true if CommonMark reads a delimiter between what is outside of it and what is inside of it.
pub(super) fn opens_or_closes(outside: Side, inside: Side) -> bool {
    inside == Side::Letter || inside != Side::Space && outside.is_apart()
}

/// Returns true if a delimiter between these characters could end emphasis that is open.
pub(super) fn closes(before: Side, after: Side) -> bool {
    before != Side::Space && !(before == Side::Mark && after == Side::Letter)
}

/// Character at the side of a delimiter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// White space, or none.
    Space,
    /// Neither white space nor punctuation.
    Letter,
    /// Punctuation, for certain.
    Mark,
    /// Other characters.
    Other,
}

impl Side {
    pub(super) fn of(c: char) -> Self {
        if c.is_whitespace() {
            Self::Space
        } else if c.is_ascii_punctuation() {
            Self::Mark
        } else if is_letter(c) {
            Self::Letter
        } else {
            Self::Other
        }
    }

    /// Returns true if punctuation on the other side of the delimiter is no obstacle.
    pub(super) fn is_apart(self) -> bool {
        matches!(self, Self::Space | Self::Mark)
    }
}
