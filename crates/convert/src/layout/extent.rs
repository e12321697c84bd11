use super::line::{LEFT_TO_RIGHT, Line};
use crate::ir::Region;

/// Height of letters above the baseline, in multiples of the text size.
const ASCENT_EM: f32 = 0.85;
/// Depth of letters below the baseline, in multiples of the text size.
const DESCENT_EM: f32 = 0.25;
/// Width of a letter of turned text, whose length is not known, in multiples of the text size.
const LETTER_EM: f32 = 0.5;
/// Share of the smaller width by which boxes of one column overlap, at least.
const SAME_COLUMN_SHARE: f32 = 0.1;

/// Heights of the letters of a font, in multiples of the text size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LetterHeights {
    /// Above the baseline.
    pub(crate) ascent: f32,
    /// Below the baseline.
    pub(crate) descent: f32,
}

impl Default for LetterHeights {
    /// Creates the heights that most fonts have, about.
    fn default() -> Self {
        Self {
            ascent: ASCENT_EM,
            descent: DESCENT_EM,
        }
    }
}

/// Box in the coordinates of the page: points from its lower left corner, before it is turned for display.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Extent {
    pub(crate) left: f32,
    pub(crate) bottom: f32,
    pub(crate) right: f32,
    pub(crate) top: f32,
}

impl Extent {
    /// Box of the ink of a line.
    pub(crate) fn of_line(line: &Line) -> Self {
        let upright = Self::of_text(line.left, line.right, line.baseline, line.size);
        let turned = line.runs.iter().filter(|run| run.rotated);
        turned.fold(upright, |extent, run| {
            #[expect(clippy::cast_precision_loss, reason = "runs are short")]
            let length = run.text.trim_end().chars().count() as f32 * LETTER_EM * run.size;
            let end = line.baseline + run.direction[1] * length;
            extent.with(Self {
                left: run.left,
                bottom: line.baseline.min(end),
                right: run.ink_right,
                top: line.baseline.max(end),
            })
        })
    }

    /// Box of upright text.
    pub(crate) fn of_text(left: f32, right: f32, baseline: f32, size: f32) -> Self {
        Self {
            left,
            bottom: baseline - DESCENT_EM * size,
            right,
            top: baseline + ASCENT_EM * size,
        }
    }

    /// Smallest box that holds both.
    pub(crate) fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            bottom: self.bottom.min(other.bottom),
            right: self.right.max(other.right),
            top: self.top.max(other.top),
        }
    }

    /// Boxes of the lines of one block: a new one where they go on in another column.
    pub(crate) fn of_lines(lines: &[Line]) -> Vec<Self> {
        let mut extents: Vec<Self> = Vec::new();
        for line in lines {
            let own = Self::of_line(line);
            match extents.last_mut() {
                Some(last) if !own.is_in_next_column(last) => *last = last.with(own),
                _ => extents.push(own),
            }
        }
        extents
    }

    /// Returns true for a line that stands higher than the end of the lines before it, and beside them.
    fn is_in_next_column(&self, before: &Self) -> bool {
        let overlap = self.right.min(before.right) - self.left.max(before.left);
        let width = (self.right - self.left).min(before.right - before.left);
        self.bottom > before.bottom + (self.top - self.bottom) && overlap < SAME_COLUMN_SHARE * width
    }
}

/// Visible part of a page, and the turn by which a viewer shows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewport {
    /// 1-based number of the page.
    pub(crate) page: u32,
    /// Visible part, before the turn.
    pub(crate) visible: Extent,
    /// Degrees clockwise: 0, 90, 180 or 270.
    pub(crate) rotation: u16,
}

impl Viewport {
    /// Region of the page as a viewer shows it; `None` for a box without a place. `direction` is the one that the text
    /// of the box reads in.
    pub(crate) fn region(&self, extent: Extent, direction: [f32; 2]) -> Option<Region> {
        let (visible, rotation) = (self.visible, self.rotation);
        let (width, height) = (visible.right - visible.left, visible.top - visible.bottom);
        let across = |x: f32| (x - visible.left).clamp(0.0, width.max(0.0));
        let down = |y: f32| (visible.top - y).clamp(0.0, height.max(0.0));
        let (left, right) = (across(extent.left), across(extent.right));
        let (top, bottom) = (down(extent.top), down(extent.bottom));
        let bbox = match rotation {
            90 => [height - bottom, left, height - top, right],
            180 => [width - right, height - bottom, width - left, height - top],
            270 => [top, width - right, bottom, width - left],
            _ => [left, top, right, bottom],
        };
        let turn = f32::from(rotation) - direction[1].atan2(direction[0]).to_degrees();
        let angle = turn.round().rem_euclid(360.0);
        bbox.iter().all(|edge| edge.is_finite()).then(|| Region {
            angle: (angle != 0.0 && angle.is_finite()).then_some(angle),
            ..Region::new(self.page, bbox)
        })
    }

    /// Regions of the lines of one block.
    pub(super) fn regions(&self, lines: &[Line]) -> Vec<Region> {
        let runs = lines.iter().flat_map(|line| &line.runs);
        let direction = runs.map(|run| run.direction).next().unwrap_or(LEFT_TO_RIGHT);
        Extent::of_lines(lines)
            .into_iter()
            .filter_map(|extent| self.region(extent, direction))
            .collect()
    }
}
