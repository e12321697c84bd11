use hayro::kurbo::{Point, Rect};

/// Deviation in points up to which a line runs along an axis.
pub(super) const AXIS_TOLERANCE: f64 = 0.5;
/// Pieces of one path, at most.
const MAX_PIECES: usize = 20_000;

/// Path under construction, on the shown page with y downwards.
#[derive(Default)]
pub(super) struct Path {
    pub(super) lines: Vec<(Point, Point)>,
    pub(super) rects: Vec<Rect>,
    pub(super) bounds: Option<Rect>,
    /// Corners of the open part, as long as it may become a rectangle.
    corners: Vec<Point>,
    start: Point,
    at: Point,
    pub(super) curved: bool,
    pub(super) clips: bool,
}

impl Path {
    fn reach(&mut self, to: Point) {
        let own = Rect::from_points(to, to);
        self.bounds = Some(self.bounds.map_or(own, |bounds| bounds.union(own)));
        self.at = to;
    }

    pub(super) fn move_to(&mut self, to: Point) {
        self.finish_part();
        self.start = to;
        self.corners.push(to);
        self.reach(to);
    }

    pub(super) fn line_to(&mut self, to: Point) {
        if self.lines.len() < MAX_PIECES {
            self.lines.push((self.at, to));
        }
        if self.corners.len() <= 5 {
            self.corners.push(to);
        }
        self.reach(to);
    }

    pub(super) fn curve_to(&mut self, to: Point) {
        self.curved = true;
        self.corners.clear();
        self.reach(to);
    }

    pub(super) fn close(&mut self) {
        if self.at != self.start {
            let start = self.start;
            self.line_to(start);
        }
        self.finish_part();
    }

    /// Ends a part of the path: one that goes around a rectangle is one.
    pub(super) fn finish_part(&mut self) {
        if let Some(rect) = rectangle(&self.corners) {
            self.lines
                .truncate(self.lines.len().saturating_sub(self.corners.len() - 1));
            self.push_rect(rect);
        }
        self.corners.clear();
    }

    fn push_rect(&mut self, rect: Rect) {
        if self.rects.len() < MAX_PIECES {
            self.rects.push(rect);
        }
    }

    pub(super) fn rectangle(&mut self, rect: Rect) {
        self.finish_part();
        self.bounds = Some(self.bounds.map_or(rect, |bounds| bounds.union(rect)));
        self.push_rect(rect);
        self.start = Point::new(rect.x0, rect.y0);
        self.at = self.start;
    }
}

/// Rectangle of corners that go around one along the axes.
fn rectangle(corners: &[Point]) -> Option<Rect> {
    let (first, rest) = corners.split_first()?;
    let closed = match rest {
        [_, _, _] => true,
        [_, _, _, last] => (*last - *first).hypot() < AXIS_TOLERANCE,
        _ => false,
    };
    let along = |pair: &[Point]| match pair {
        [a, b] => (a.x - b.x).abs() < AXIS_TOLERANCE || (a.y - b.y).abs() < AXIS_TOLERANCE,
        _ => false,
    };
    let third = corners.get(2)?;
    let rect = Rect::from_points(*first, *third);
    (closed && corners.windows(2).all(along)).then_some(rect)
}
