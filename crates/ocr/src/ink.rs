use crate::crop::{Crop, HEIGHT};

/// Share of the way from the background to the ink at which a pixel counts as ink.
const INK_SHARE: f32 = 0.35;
/// Columns without ink, at least, behind which another text may stand.
const MIN_OUTER_GAP: usize = 5;
/// Rows at the upper and lower edge in which neighbouring lines may stand.
const EDGE_ROWS: usize = 2;
/// Share of the fullest row from which on a row belongs to the bodies of the letters.
const BODY_SHARE: f32 = 0.4;
/// Share of the fullest row from which on a row above them belongs to taller letters.
const TALL_SHARE: f32 = 0.07;

/// Ink of a line: the columns without any, and the rows between which the letters stand.
pub(crate) struct Ink {
    blank: Vec<bool>,
    pub(crate) edges: Edges,
    /// Width of a stroke in pixels.
    pub(crate) stroke: f32,
}

/// Heights within a line, in rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edges {
    /// Upper edge of the highest letters.
    pub(crate) top: f32,
    /// Upper edge of the bodies of most letters.
    pub(crate) body: f32,
    /// Baseline.
    pub(crate) baseline: f32,
}

/// Stretch of columns without ink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl Gap {
    pub(crate) fn width(self) -> usize {
        self.to - self.from
    }
}

impl Ink {
    /// Measures a line.
    pub(crate) fn of(crop: &Crop) -> Self {
        let levels = Levels::of(crop);
        let inner = || crop.rows().skip(EDGE_ROWS).take(HEIGHT - 2 * EDGE_ROWS);
        let mut blank = vec![true; crop.filled];
        for row in inner() {
            for (blank, &gray) in blank.iter_mut().zip(row) {
                *blank &= levels.ink(gray) < INK_SHARE;
            }
        }
        let is_ink = |gray: &&f32| levels.ink(**gray) >= INK_SHARE;
        let rows: Vec<f32> = crop
            .rows()
            .map(|row| row.iter().filter(is_ink).count() as f32)
            .collect();
        let edges = Edges::of(&rows);
        Self {
            blank,
            stroke: stroke(crop, &levels, &edges),
            edges,
        }
    }

    /// Left edge of the ink that goes on to a column, and right edge of that which goes on from another one. Beyond a gap,
    /// text of another column of the page may stand at the edge of the line.
    pub(crate) fn edges_around(&self, first: f32, last: f32) -> (usize, usize) {
        let end = self.blank.len();
        let (first, last) = (
            (first.max(0.0) as usize).min(end),
            (last.max(0.0) as usize).min(end),
        );
        let before = self.blank.get(..first).unwrap_or_default();
        let after = self.blank.get(last..).unwrap_or_default();
        let left = first - inked_length(before.iter().rev());
        (left, last + inked_length(after.iter()))
    }

    /// Widest gap between two columns; an empty one in the middle if there is none.
    pub(crate) fn widest_gap(&self, from: f32, to: f32) -> Gap {
        let (from, to) = (from.max(0.0) as usize, to.max(0.0) as usize);
        let middle = from.midpoint(to);
        let mut widest = Gap {
            from: middle,
            to: middle,
        };
        let mut start = None;
        for column in from..=to {
            match (self.blank.get(column), start) {
                (Some(true), None) => start = Some(column),
                (Some(true), Some(_)) => {}
                (_, open) => {
                    let gap = Gap {
                        from: open.unwrap_or(column),
                        to: column,
                    };
                    if gap.width() > widest.width() {
                        widest = gap;
                    }
                    start = None;
                }
            }
        }
        match start.map(|from| Gap { from, to: to + 1 }) {
            Some(gap) if gap.width() > widest.width() => gap,
            _ => widest,
        }
    }
}

/// Columns up to the first gap, without it.
fn inked_length<'a>(blank: impl Iterator<Item = &'a bool>) -> usize {
    let (mut inked, mut gap) = (0, 0);
    for (index, blank) in blank.enumerate() {
        if !blank {
            (inked, gap) = (index + 1, 0);
            continue;
        }
        gap += 1;
        if gap >= MIN_OUTER_GAP {
            break;
        }
    }
    inked
}

/// Grey of the background and of the ink.
struct Levels {
    background: f32,
    ink: f32,
}

impl Levels {
    fn of(crop: &Crop) -> Self {
        let mut sorted: Vec<f32> = crop.rows().flatten().copied().collect();
        sorted.sort_by(f32::total_cmp);
        let at = |percent: usize| {
            sorted
                .get(sorted.len() * percent / 100)
                .copied()
                .unwrap_or_default()
        };
        // Text covers a fifth of its line at most; what is lighter than the paper is light print on a dark ground.
        let (dark, middle, light) = (at(2), at(50), at(98));
        if middle - dark >= light - middle {
            Self {
                background: at(70),
                ink: dark,
            }
        } else {
            Self {
                background: at(30),
                ink: light,
            }
        }
    }

    /// Share of ink in a pixel, 0 to 1.
    fn ink(&self, gray: f32) -> f32 {
        let span = self.ink - self.background;
        if span.abs() < 1.0 {
            return 0.0;
        }
        ((gray - self.background) / span).clamp(0.0, 1.0)
    }
}

impl Edges {
    /// Finds the edges in the number of pixels of ink of each row.
    fn of(rows: &[f32]) -> Self {
        let most = rows.iter().copied().fold(0.0, f32::max);
        let full = |row: &f32| most > 0.0 && *row >= BODY_SHARE * most;
        let body = rows.iter().position(full).unwrap_or(0);
        let last = rows
            .iter()
            .rposition(full)
            .unwrap_or(rows.len().saturating_sub(1));
        let above = rows.get(..body).unwrap_or_default();
        // What stands above a row without ink is of the line above.
        let inked = above.iter().rev().take_while(|row| **row >= TALL_SHARE * most);
        let top = body - inked.count();
        Self {
            top: upper_edge(rows, top, TALL_SHARE * most),
            body: upper_edge(rows, body, BODY_SHARE * most),
            baseline: lower_edge(rows, last, BODY_SHARE * most),
        }
    }
}

/// Place between two rows at which the ink reaches a limit, from above.
fn upper_edge(rows: &[f32], row: usize, limit: f32) -> f32 {
    let outside = row.checked_sub(1).and_then(|row| rows.get(row));
    row as f32 - part(outside, rows.get(row), limit)
}

fn lower_edge(rows: &[f32], row: usize, limit: f32) -> f32 {
    (row + 1) as f32 + part(rows.get(row + 1), rows.get(row), limit)
}

/// Part of a row outside an edge that belongs to the letters, less half a row.
fn part(outside: Option<&f32>, inside: Option<&f32>, limit: f32) -> f32 {
    let (outside, inside) = (
        outside.copied().unwrap_or_default(),
        inside.copied().unwrap_or_default(),
    );
    if inside > outside {
        ((inside - limit) / (inside - outside)).clamp(0.0, 1.0) - 0.5
    } else {
        0.0
    }
}

/// Mean width of the strokes that cross the middle of the letters.
fn stroke(crop: &Crop, levels: &Levels, edges: &Edges) -> f32 {
    let (top, height) = (edges.body.max(0.0), (edges.baseline - edges.body).max(1.0));
    let rows = crop
        .rows()
        .skip((top + 0.25 * height) as usize)
        .take((0.5 * height).ceil() as usize);
    let (mut ink, mut strokes) = (0.0, 0_usize);
    for row in rows {
        let mut inside = false;
        for &gray in row {
            let share = levels.ink(gray);
            ink += share;
            let now = share > if inside { 0.4 } else { 0.5 };
            strokes += usize::from(now && !inside);
            inside = now;
        }
    }
    ink / strokes.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::{Edges, Ink};

    #[test]
    fn letters_stand_between_their_edges_and_not_below_the_line_above() {
        // Descenders of the line above, tall letters, bodies, descenders.
        let rows = [
            [9.0; 3].as_slice(),
            &[0.0; 3],
            &[20.0; 8],
            &[100.0; 14],
            &[12.0; 6],
            &[0.0; 4],
        ]
        .concat();
        let edges = Edges::of(&rows);
        assert!((edges.top - 5.5).abs() < 0.6, "{edges:?}");
        assert!((edges.body - 13.7).abs() < 0.6, "{edges:?}");
        assert!((edges.baseline - 28.2).abs() < 0.6, "{edges:?}");
        let empty = Edges::of(&[0.0; 48]);
        assert!(empty.top.is_finite() && empty.baseline.is_finite());
        assert!(Edges::of(&[]).baseline.is_finite());
    }

    #[test]
    fn ink_beyond_a_gap_is_of_another_text() {
        let columns = "##......###.##.####.....#";
        let ink = Ink {
            blank: columns.chars().map(|sign| sign == '.').collect(),
            edges: Edges::of(&[]),
            stroke: 1.0,
        };
        assert_eq!(ink.edges_around(9.0, 17.0), (8, 19));
        assert_eq!(ink.edges_around(0.0, 0.0), (0, 2));
        assert_eq!(ink.edges_around(-1.0, 99.0), (0, 25));
        assert_eq!(ink.widest_gap(9.0, 17.0).width(), 1);
    }
}
