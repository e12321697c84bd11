//! Borders: the straight lines of a drawing, snapped to common positions and joined from their pieces.

use crate::layout::drawing::{Area, Drawing, Rule};

/// Lines of a page, at most: a page with more is a drawing.
const MAX_STROKES: usize = 40_000;
/// Joined lines of one direction, at most.
const MAX_JOINED: usize = 4_000;
/// Positions that differ by less, in points, are one border.
pub(super) const SNAP: f32 = 2.5;
/// Gap between two pieces of one line, at most, in points.
const JOIN: f32 = 3.0;
/// Length of a line in points, at least: shorter ones are dashes, marks and parts of signs.
const MIN_LENGTH: f32 = 6.0;
/// Slope of a line that still counts as straight, in points.
const SLOPE: f32 = 1.0;
/// Brightness of a filling that does not show on paper.
const WHITE: u8 = 250;

/// Straight line: its position across its direction, and its ends along it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stroke {
    pub(super) at: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

/// Borders that a page draws.
#[derive(Debug, Default)]
pub(super) struct Borders {
    /// Horizontal ones by their height, from the lowest up.
    pub(super) across: Vec<Stroke>,
    /// Vertical ones by their position, from left to right.
    pub(super) down: Vec<Stroke>,
}

impl Stroke {
    pub(super) fn length(&self) -> f32 {
        self.to - self.from
    }

    /// Returns true if it passes this position along its direction.
    pub(super) fn passes(&self, position: f32) -> bool {
        (self.from - SNAP..=self.to + SNAP).contains(&position)
    }
}

impl Borders {
    /// Collects the borders of a drawing: its rules and the edges of its areas. A drawing of too many has none.
    pub(super) fn of(drawing: &Drawing) -> Self {
        let edges = drawing.areas.len().saturating_mul(4);
        if drawing.rules.len().saturating_add(edges) > MAX_STROKES {
            return Self::default();
        }
        let (mut across, mut down) = (Vec::new(), Vec::new());
        for rule in drawing.rules.iter().filter(|rule| is_finite(rule)) {
            let ([left, bottom], [right, top]) = (rule.from, rule.to);
            if rule.is_horizontal() && (top - bottom).abs() <= SLOPE {
                across.push(stroke((top + bottom) / 2.0, left, right));
            } else if !rule.is_horizontal() && (right - left).abs() <= SLOPE {
                down.push(stroke((left + right) / 2.0, bottom, top));
            }
        }
        for area in drawing.areas.iter().filter(|area| shows(area)) {
            let extent = area.extent;
            for at in [extent.bottom, extent.top] {
                across.push(stroke(at, extent.left, extent.right));
            }
            for at in [extent.left, extent.right] {
                down.push(stroke(at, extent.bottom, extent.top));
            }
        }
        let (across, down) = (joined(across), joined(down));
        if across.len() > MAX_JOINED || down.len() > MAX_JOINED {
            return Self::default();
        }
        Self { across, down }
    }
}

fn stroke(at: f32, from: f32, to: f32) -> Stroke {
    Stroke {
        at,
        from: from.min(to),
        to: from.max(to),
    }
}

fn is_finite(rule: &Rule) -> bool {
    rule.from.iter().chain(&rule.to).all(|number| number.is_finite())
}

/// Returns true for an area whose edges can be seen.
fn shows(area: &Area) -> bool {
    let edges = [
        area.extent.left,
        area.extent.bottom,
        area.extent.right,
        area.extent.top,
    ];
    let white = |fill: [u8; 3]| fill.iter().all(|part| *part >= WHITE);
    edges.iter().all(|edge| edge.is_finite()) && (area.edged || area.fill.is_some_and(|fill| !white(fill)))
}

/// Moves lines to common positions and joins the pieces of each.
fn joined(mut strokes: Vec<Stroke>) -> Vec<Stroke> {
    strokes.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut out = Vec::new();
    for group in strokes.chunk_by_mut(|a, b| b.at - a.at <= SNAP / 2.0) {
        // A chain of near positions may drift: it is cut where it has become wider than one border.
        let mut rest = group;
        while let Some(first) = rest.first().map(|stroke| stroke.at) {
            let end = rest.partition_point(|stroke| stroke.at - first <= SNAP);
            let (near, others) = rest.split_at_mut(end.max(1));
            join_pieces(near, &mut out);
            rest = others;
        }
    }
    out
}

/// Joins lines of one position.
fn join_pieces(near: &mut [Stroke], out: &mut Vec<Stroke>) {
    let length: f32 = near.iter().map(|stroke| stroke.length().max(0.1)).sum();
    let weighted: f32 = near
        .iter()
        .map(|stroke| stroke.at * stroke.length().max(0.1))
        .sum();
    let at = weighted / length;
    near.sort_by(|a, b| a.from.total_cmp(&b.from));
    let start = out.len();
    for piece in near.iter() {
        match out.get_mut(start..).and_then(<[Stroke]>::last_mut) {
            Some(last) if piece.from - last.to <= JOIN => last.to = last.to.max(piece.to),
            _ => out.push(Stroke { at, ..*piece }),
        }
    }
    let mut long = out.split_off(start);
    long.retain(|stroke| stroke.length() >= MIN_LENGTH);
    out.append(&mut long);
}
