//! Lattices: borders that touch each other, and the faces between them.

use super::borders::{Borders, SNAP, Stroke};
use crate::layout::extent::Extent;

/// Distance in points over which the end of a line still touches another line.
const TOUCH: f32 = 3.0;
/// Length in points by which horizontal lines stick out over the outermost vertical one, from which on there is a
/// column beside it.
const OPEN_SIDE: f32 = 10.0;
/// Fields of a lattice, at most.
const MAX_FIELDS: usize = 40_000;

/// Connected borders as a lattice of fields.
#[derive(Debug)]
pub(super) struct Lattice {
    /// Vertical positions from left to right.
    pub(super) xs: Vec<f32>,
    /// Heights from the top down.
    pub(super) ys: Vec<f32>,
    /// Faces, by row and column.
    pub(super) faces: Vec<Face>,
    /// Number of the face of each field, row by row.
    fields: Vec<usize>,
}

/// Face: fields with no border between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Face {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) row_span: usize,
    pub(super) column_span: usize,
}

impl Lattice {
    /// Box of the lattice.
    pub(super) fn extent(&self) -> Extent {
        Extent {
            left: self.xs.first().copied().unwrap_or_default(),
            bottom: self.ys.last().copied().unwrap_or_default(),
            right: self.xs.last().copied().unwrap_or_default(),
            top: self.ys.first().copied().unwrap_or_default(),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    pub(super) fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// Number of the face at a row and column.
    pub(super) fn face_at(&self, row: usize, column: usize) -> Option<usize> {
        let inside = column < self.columns();
        let field = row.checked_mul(self.columns())?.checked_add(column)?;
        self.fields.get(field).copied().filter(|_| inside)
    }

    /// Row and column of a point; `None` outside.
    pub(super) fn field_of(&self, [x, y]: [f32; 2]) -> Option<(usize, usize)> {
        let column = self.xs.partition_point(|edge| *edge <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|edge| *edge >= y).checked_sub(1)?;
        (column < self.columns() && row < self.rows()).then_some((row, column))
    }
}

/// Finds the lattices of a page, the largest first.
pub(super) fn lattices(borders: &Borders) -> Vec<Lattice> {
    let mut lattices: Vec<Lattice> = connected(borders)
        .iter()
        .filter_map(|(across, down)| lattice(across, down))
        .collect();
    let area = |lattice: &Lattice| {
        let extent = lattice.extent();
        (extent.right - extent.left) * (extent.top - extent.bottom)
    };
    lattices.sort_by(|a, b| area(b).total_cmp(&area(a)));
    lattices
}

/// Groups the borders that touch each other.
fn connected(borders: &Borders) -> Vec<(Vec<Stroke>, Vec<Stroke>)> {
    let count = borders.across.len();
    let mut sets = Sets::new(count + borders.down.len());
    for (index, down) in borders.down.iter().enumerate() {
        let first = borders
            .across
            .partition_point(|across| across.at < down.from - TOUCH);
        let near = borders.across.iter().enumerate().skip(first);
        for (other, across) in near.take_while(|(_, across)| across.at <= down.to + TOUCH) {
            if (across.from - TOUCH..=across.to + TOUCH).contains(&down.at) {
                sets.join(other, count + index);
            }
        }
    }
    let mut groups: Vec<(Vec<Stroke>, Vec<Stroke>)> = Vec::new();
    let mut group_of = vec![None; count + borders.down.len()];
    for index in 0..group_of.len() {
        let root = sets.root(index);
        let at = match group_of.get(root).copied().flatten() {
            Some(at) => at,
            None => {
                groups.push((Vec::new(), Vec::new()));
                groups.len() - 1
            }
        };
        if let Some(entry) = group_of.get_mut(root) {
            *entry = Some(at);
        }
        if let Some((across, down)) = groups.get_mut(at) {
            match index.checked_sub(count) {
                None => across.extend(borders.across.get(index)),
                Some(index) => down.extend(borders.down.get(index)),
            }
        }
    }
    groups
}

/// Makes the lattice of connected borders; `None` when they are too few or too many.
fn lattice(across: &[Stroke], down: &[Stroke]) -> Option<Lattice> {
    let mut ys = positions(across);
    ys.reverse();
    let mut xs = positions(down);
    add_open_sides(&mut xs, across);
    let (rows, columns) = (ys.len().checked_sub(1)?, xs.len().checked_sub(1)?);
    if rows == 0 || columns == 0 || across.len() < 2 || rows.saturating_mul(columns) > MAX_FIELDS {
        return None;
    }
    let mut sets = Sets::new(rows * columns);
    let walls = walls(&xs, &ys, across, down);
    for row in 0..rows {
        for column in 0..columns {
            let field = row * columns + column;
            if column + 1 < columns && !walls.right.get(field).copied().unwrap_or(true) {
                sets.join(field, field + 1);
            }
            if row + 1 < rows && !walls.below.get(field).copied().unwrap_or(true) {
                sets.join(field, field + columns);
            }
        }
    }
    let faces = faces(&mut sets, rows, columns);
    Some(Lattice {
        fields: owners(&faces, rows, columns),
        faces,
        xs,
        ys,
    })
}

/// Distinct positions, in ascending order.
fn positions(strokes: &[Stroke]) -> Vec<f32> {
    let mut positions: Vec<f32> = strokes.iter().map(|stroke| stroke.at).collect();
    positions.sort_by(f32::total_cmp);
    positions.dedup_by(|a, b| (*a - *b).abs() <= SNAP);
    positions
}

/// Adds the sides of a table that draws no line at its left or right end.
fn add_open_sides(xs: &mut Vec<f32>, across: &[Stroke]) {
    let long = across.iter().map(Stroke::length).fold(0.0, f32::max);
    let whole = || across.iter().filter(|stroke| stroke.length() >= 0.5 * long);
    let left = whole().map(|stroke| stroke.from).fold(f32::INFINITY, f32::min);
    let right = whole().map(|stroke| stroke.to).fold(f32::NEG_INFINITY, f32::max);
    if let (Some(&first), Some(&last)) = (xs.first(), xs.last()) {
        if left < first - OPEN_SIDE {
            xs.insert(0, left);
        }
        if right > last + OPEN_SIDE {
            xs.push(right);
        }
    }
}

/// Borders at the right and below each field.
struct Walls {
    right: Vec<bool>,
    below: Vec<bool>,
}

fn walls(xs: &[f32], ys: &[f32], across: &[Stroke], down: &[Stroke]) -> Walls {
    let (rows, columns) = (ys.len().saturating_sub(1), xs.len().saturating_sub(1));
    let mut walls = Walls {
        right: vec![false; rows * columns],
        below: vec![false; rows * columns],
    };
    let middles = |positions: &[f32]| -> Vec<f32> {
        let pairs = positions.windows(2);
        pairs.map(|pair| pair.iter().sum::<f32>() / 2.0).collect()
    };
    let (across_middles, down_middles) = (middles(xs), middles(ys));
    for stroke in across {
        let Some(row) = nearest(ys, stroke.at).and_then(|line| line.checked_sub(1)) else {
            continue;
        };
        for (column, middle) in across_middles.iter().enumerate() {
            if let Some(wall) = walls.below.get_mut(row * columns + column) {
                *wall |= stroke.passes(*middle);
            }
        }
    }
    for stroke in down {
        let Some(column) = nearest(xs, stroke.at).and_then(|line| line.checked_sub(1)) else {
            continue;
        };
        for (row, middle) in down_middles.iter().enumerate() {
            if let Some(wall) = walls
                .right
                .get_mut(row * columns + column)
                .filter(|_| column < columns)
            {
                *wall |= stroke.passes(*middle);
            }
        }
    }
    walls
}

/// Number of the position that is nearest.
fn nearest(positions: &[f32], at: f32) -> Option<usize> {
    let distance = |position: &f32| (position - at).abs();
    let numbered = positions.iter().enumerate();
    let nearest = numbered.min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
    nearest.map(|(index, _)| index)
}

/// Faces of joined fields. Fields whose union is no rectangle stay apart: a border between them is missing by mistake.
fn faces(sets: &mut Sets, rows: usize, columns: usize) -> Vec<Face> {
    // First and last row, first and last column, and number of fields of each set.
    let mut bounds: Vec<Option<[usize; 5]>> = vec![None; rows * columns];
    for field in 0..rows * columns {
        let (row, column) = (field / columns, field % columns);
        if let Some(entry) = bounds.get_mut(sets.root(field)) {
            let [top, bottom, left, right, count] = entry.unwrap_or([row, row, column, column, 0]);
            *entry = Some([
                top.min(row),
                bottom.max(row),
                left.min(column),
                right.max(column),
                count + 1,
            ]);
        }
    }
    let mut faces = Vec::new();
    for field in 0..rows * columns {
        let (row, column) = (field / columns, field % columns);
        let Some([top, bottom, left, right, count]) = bounds.get(sets.root(field)).copied().flatten() else {
            continue;
        };
        let (row_span, column_span) = (bottom + 1 - top, right + 1 - left);
        if row_span * column_span != count {
            faces.push(Face {
                row,
                column,
                row_span: 1,
                column_span: 1,
            });
        } else if (row, column) == (top, left) {
            faces.push(Face {
                row,
                column,
                row_span,
                column_span,
            });
        }
    }
    faces
}

/// Number of the face of each field.
fn owners(faces: &[Face], rows: usize, columns: usize) -> Vec<usize> {
    let mut owners = vec![0; rows * columns];
    for (index, face) in faces.iter().enumerate() {
        for row in face.row..face.row + face.row_span {
            let start = row * columns + face.column;
            let part = owners.get_mut(start..start + face.column_span);
            part.into_iter().flatten().for_each(|owner| *owner = index);
        }
    }
    owners
}

/// Disjoint sets.
struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self {
            parents: (0..count).collect(),
        }
    }

    fn root(&mut self, mut index: usize) -> usize {
        while let Some(&parent) = self.parents.get(index).filter(|parent| **parent != index) {
            // Halving the path keeps the next search short.
            let above = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(entry) = self.parents.get_mut(index) {
                *entry = above;
            }
            index = parent;
        }
        index
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(entry) = self.parents.get_mut(a.max(b)) {
            *entry = a.min(b);
        }
    }
}
