//! Lines and areas that a page draws beside its text.

use super::extent::Extent;

/// Drawing of a page, in the coordinates of its words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawing {
    pub(crate) rules: Vec<Rule>,
    pub(crate) areas: Vec<Area>,
    /// Boxes of what is drawn with curves or slanted lines.
    pub(crate) shapes: Vec<Extent>,
}

/// Straight line along one axis, or a rectangle so thin that it is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rule {
    /// Ends, the lower left one first.
    pub(crate) from: [f32; 2],
    pub(crate) to: [f32; 2],
    /// Thickness in points.
    pub(crate) width: f32,
    /// Position in the order of painting, which it shares with the words.
    pub(crate) order: u32,
}

/// Rectangle that is filled or has an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) extent: Extent,
    /// Colour of its filling, if it has one.
    pub(crate) fill: Option<[u8; 3]>,
    /// Set if its edge is drawn.
    pub(crate) edged: bool,
    /// Position in the order of painting.
    pub(crate) order: u32,
}

impl Rule {
    /// Returns true if it runs across the page.
    pub(crate) fn is_horizontal(&self) -> bool {
        (self.to[0] - self.from[0]).abs() >= (self.to[1] - self.from[1]).abs()
    }
}
