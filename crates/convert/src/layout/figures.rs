//! Parts of a page that are drawings with labels: charts, diagrams, placeholders of pictures. Their text is short and
//! stands anywhere, in any size, so that it is no heading of the text around it.
//!
//! ```text
//!   areas    large rectangles                    ┐
//!   shapes   curves and slanted lines, joined    ├─► boxes ─► those whose text is labels rather than sentences
//!            where they are close to each other  ┘
//! ```

use super::drawing::Drawing;
use super::extent::Extent;
use super::line::Line;

/// Width and height of a drawing in points, at least.
const MIN_SIDE_POINTS: f32 = 50.0;
/// Share of the page that a drawing covers, at most: larger areas are backgrounds.
const MAX_PAGE_SHARE: f32 = 0.6;
/// Areas that are looked at, at most.
const MAX_AREAS: usize = 100;
/// Lines of text in a box, at least, where they fill it: it may also be the background of a title.
const MIN_LINES: usize = 3;
/// Share of the height of a box that the text of a drawing takes, at most, where it has fewer lines.
const MAX_TITLE_SHARE: f32 = 0.25;
/// Words of a line on average, at most, in a drawing.
const MAX_MEAN_WORDS: usize = 4;
/// Words of a line from which on it is a sentence.
const SENTENCE_WORDS: usize = 9;
/// Side of the squares in points by which shapes are joined.
const CELL_POINTS: f32 = 18.0;
/// Squares along a side of the page, at most.
const MAX_CELLS: usize = 120;
/// Squares that shapes are put into, at most, for a page.
const MAX_FILLED: usize = 400_000;
/// Shapes of a drawing, at least: fewer are ornaments.
const MIN_SHAPES: usize = 6;

/// Boxes of the drawings of a page of a size, by its drawing and lines.
pub(crate) fn boxes(drawing: &Drawing, lines: &[Line], [width, height]: [f32; 2]) -> Vec<Extent> {
    if drawing.areas.is_empty() && drawing.shapes.is_empty() {
        return Vec::new();
    }
    let fits = |extent: &Extent| {
        let (own_width, own_height) = (extent.right - extent.left, extent.top - extent.bottom);
        own_width >= MIN_SIDE_POINTS
            && own_height >= MIN_SIDE_POINTS
            && own_width * own_height <= MAX_PAGE_SHARE * width * height
    };
    let mut areas: Vec<Extent> = drawing
        .areas
        .iter()
        .map(|area| area.extent)
        .filter(fits)
        .collect();
    areas.sort_by(|a, b| size(b).total_cmp(&size(a)));
    areas.truncate(MAX_AREAS);
    areas.retain(|area| has_labels(area, lines));
    let clusters = clusters(&drawing.shapes, [width, height]);
    areas.extend(
        clusters
            .into_iter()
            .filter(|cluster| fits(cluster) && has_labels(cluster, lines)),
    );
    areas
}

/// Returns true if the line stands in one of the boxes.
pub(crate) fn hold(boxes: &[Extent], line: &Line) -> bool {
    boxes.iter().any(|extent| is_inside(line, extent))
}

fn size(extent: &Extent) -> f32 {
    (extent.right - extent.left) * (extent.top - extent.bottom)
}

fn is_inside(line: &Line, extent: &Extent) -> bool {
    let middle = (line.left + line.right) / 2.0;
    (extent.left..=extent.right).contains(&middle)
        && (extent.bottom..=extent.top).contains(&(line.baseline + 0.3 * line.size))
        && line.left >= extent.left - line.size
        && line.right <= extent.right + line.size
}

/// Returns true if the text in a box is labels: short lines, and more of them or less of the box than a title takes.
fn has_labels(extent: &Extent, lines: &[Line]) -> bool {
    let (mut count, mut words, mut largest, mut height) = (0, 0, 0, 0.0);
    for line in lines.iter().filter(|line| is_inside(line, extent)) {
        let own = line.text.split_whitespace().count();
        count += 1;
        words += own;
        largest = largest.max(own);
        height += line.size;
    }
    let is_sparse = height <= MAX_TITLE_SHARE * (extent.top - extent.bottom);
    count > 0
        && (count >= MIN_LINES || is_sparse)
        && words <= MAX_MEAN_WORDS * count
        && largest < SENTENCE_WORDS
}

/// Grid of squares over the page.
struct Grid {
    columns: usize,
    rows: usize,
    /// Shapes that begin in a square; `None` where none is.
    cells: Vec<Option<u32>>,
    left: usize,
}

impl Grid {
    fn new([width, height]: [f32; 2]) -> Self {
        let (columns, rows) = (index(width) + 1, index(height) + 1);
        Self {
            columns,
            rows,
            cells: vec![None; columns * rows],
            left: MAX_FILLED,
        }
    }

    fn fill(&mut self, shape: &Extent) {
        let (first, last) = (index(shape.left), index(shape.right).min(self.columns - 1));
        let (bottom, top) = (index(shape.bottom), index(shape.top).min(self.rows - 1));
        let mut begins = 1;
        for row in bottom..=top {
            for column in first..=last {
                if self.left == 0 {
                    return;
                }
                self.left -= 1;
                if let Some(cell) = self.cells.get_mut(row * self.columns + column) {
                    *cell = Some(cell.unwrap_or(0).saturating_add(begins));
                    begins = 0;
                }
            }
        }
    }

    /// Takes the squares that touch each other from `start` on: first and last column, first and last row, shapes.
    fn take(&mut self, start: usize) -> Option<([usize; 4], u32)> {
        let mut shapes = self.cells.get_mut(start)?.take()?;
        let (column, row) = (start % self.columns, start / self.columns);
        let mut bounds = [column, column, row, row];
        let mut open = vec![(column, row)];
        while let Some((column, row)) = open.pop() {
            for row in row.saturating_sub(1)..=(row + 1).min(self.rows - 1) {
                for column in column.saturating_sub(1)..=(column + 1).min(self.columns - 1) {
                    let cell = self.cells.get_mut(row * self.columns + column);
                    if let Some(own) = cell.and_then(Option::take) {
                        shapes = shapes.saturating_add(own);
                        bounds = [
                            bounds[0].min(column),
                            bounds[1].max(column),
                            bounds[2].min(row),
                            bounds[3].max(row),
                        ];
                        open.push((column, row));
                    }
                }
            }
        }
        Some((bounds, shapes))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the grid"
)]
fn index(place: f32) -> usize {
    ((place / CELL_POINTS).max(0.0) as usize).min(MAX_CELLS)
}

/// Boxes around shapes that are close to each other, where they are many.
fn clusters(shapes: &[Extent], page: [f32; 2]) -> Vec<Extent> {
    if shapes.len() < MIN_SHAPES || !page.iter().all(|side| side.is_finite()) {
        return Vec::new();
    }
    let mut grid = Grid::new(page);
    for shape in shapes {
        let is_background = size(shape) > MAX_PAGE_SHARE * page[0] * page[1];
        if !is_background {
            grid.fill(shape);
        }
    }
    let mut clusters = Vec::new();
    for start in 0..grid.cells.len() {
        let Some((bounds, count)) = grid.take(start) else {
            continue;
        };
        if count as usize >= MIN_SHAPES {
            #[expect(clippy::cast_precision_loss, reason = "squares of a page are few")]
            let edge = |index: usize| index as f32 * CELL_POINTS;
            clusters.push(Extent {
                left: edge(bounds[0]),
                bottom: edge(bounds[2]),
                right: edge(bounds[1] + 1),
                top: edge(bounds[3] + 1),
            });
        }
    }
    clusters
}
