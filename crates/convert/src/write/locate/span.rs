use std::ops::Range;

/// Part of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// Place of the passage in its stream.
    pub(super) passage: usize,
    /// Range of its text in bytes.
    pub(super) bytes: Range<usize>,
}

/// Place where a quotation stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Match {
    /// True if it stands beside the text of the pages.
    pub(super) aside: bool,
    /// Parts of passages, in reading order.
    pub(super) spans: Vec<Span>,
    /// Likeness, 0 to 1; 1 if it has the same letters.
    pub(super) score: f32,
    /// It has the same letters.
    pub(super) exact: bool,
}
