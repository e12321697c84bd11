use crate::crop::{Crop, HEIGHT};

/// Share of the way from the background to the ink at which a pixel counts as ink.
const INK_SHARE: f32 = 0.35;
/// Rows at the upper and lower edge in which neighbouring lines may stand.
const EDGE_ROWS: usize = 2;
/// Share of the fullest row from which on a row belongs to the bodies of the letters.
const BODY_SHARE: f32 = 0.4;

/// Ink of a line: the columns without any, and the rows between which the letters stand.
pub(crate) struct Ink {
    blank: Vec<bool>,
    /// Upper and lower edge of the bodies of the letters: of x if most are small, else of X. In rows.
    pub(crate) body: (f32, f32),
    /// Width of a stroke in pixels.
    pub(crate) stroke: f32,
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
        let rows: Vec<f32> = crop
            .rows()
            .map(|row| row.iter().map(|&gray| levels.ink(gray)).sum())
            .collect();
        let body = body(&rows);
        Self {
            blank,
            body,
            stroke: stroke(crop, &levels, body),
        }
    }

    /// First column with ink, and the one after the last.
    pub(crate) fn edges(&self) -> (usize, usize) {
        let first = self.blank.iter().position(|blank| !blank).unwrap_or(0);
        let last = self.blank.iter().rposition(|blank| !blank);
        (first, last.map_or(self.blank.len(), |last| last + 1))
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

/// Upper and lower edge of the rows that are full enough, between pixels.
fn body(rows: &[f32]) -> (f32, f32) {
    let most = rows.iter().copied().fold(0.0, f32::max);
    let full = |row: f32| most > 0.0 && row >= BODY_SHARE * most;
    // How much of the row outside an edge is needed to reach the share.
    let part = |outside: Option<&f32>, inside: f32| {
        let outside = outside.copied().unwrap_or_default();
        let limit = BODY_SHARE * most;
        if inside > outside {
            ((inside - limit) / (inside - outside)).clamp(0.0, 1.0) - 0.5
        } else {
            0.0
        }
    };
    let first = rows.iter().position(|&row| full(row)).unwrap_or(0);
    let last = rows
        .iter()
        .rposition(|&row| full(row))
        .unwrap_or(rows.len().saturating_sub(1));
    let row = |index: usize| rows.get(index).copied().unwrap_or_default();
    let above = first.checked_sub(1).and_then(|index| rows.get(index));
    (
        first as f32 - part(above, row(first)),
        (last + 1) as f32 + part(rows.get(last + 1), row(last)),
    )
}

/// Mean width of the strokes that cross the middle of the letters.
fn stroke(crop: &Crop, levels: &Levels, (top, bottom): (f32, f32)) -> f32 {
    let (top, height) = (top.max(0.0), (bottom - top).max(1.0));
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
