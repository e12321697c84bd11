/// Place in a picture: pixels to the right and downwards.
pub(crate) type Point = [f32; 2];

/// Distance from the axis, as a share of the height, up to which letters stand.
const CORE_SHARE: f32 = 0.3;

/// Rectangle at any angle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) center: Point,
    /// Length along the axis.
    pub(crate) width: f32,
    /// Length across the axis.
    pub(crate) height: f32,
    /// Direction of the axis, of length 1. Less than 45 degrees off the horizontal, to the right.
    pub(crate) axis: Point,
}

impl Rect {
    /// Smallest rectangle around the corners of a convex hull.
    pub(crate) fn smallest(hull: &[Point]) -> Self {
        let turned = hull.iter().skip(1).chain(hull.first());
        let edges = hull.iter().zip(turned).map(|(from, to)| {
            let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
            let length = dx.hypot(dy);
            if length < 1e-3 {
                [1.0, 0.0]
            } else {
                [dx / length, dy / length]
            }
        });
        edges
            .map(|axis| Self::around(hull, axis))
            .min_by(|a, b| (a.width * a.height).total_cmp(&(b.width * b.height)))
            .unwrap_or_else(|| Self::around(hull, [1.0, 0.0]))
    }

    /// Rectangle around points, along an axis or across it.
    pub(crate) fn around(points: &[Point], axis: Point) -> Self {
        let axis = nearest_to_horizontal(axis);
        let (mut along, mut across) = ([f32::MAX, f32::MIN], [f32::MAX, f32::MIN]);
        for point in points {
            let (a, b) = (
                point[0] * axis[0] + point[1] * axis[1],
                point[1] * axis[0] - point[0] * axis[1],
            );
            along = [along[0].min(a), along[1].max(a)];
            across = [across[0].min(b), across[1].max(b)];
        }
        if points.is_empty() {
            (along, across) = ([0.0; 2], [0.0; 2]);
        }
        let (a, b) = ((along[0] + along[1]) / 2.0, (across[0] + across[1]) / 2.0);
        Self {
            center: [a * axis[0] - b * axis[1], a * axis[1] + b * axis[0]],
            width: along[1] - along[0],
            height: across[1] - across[0],
            axis,
        }
    }

    /// The rectangle with its edges moved outwards by `distance`.
    pub(crate) fn grown(self, distance: f32) -> Self {
        Self {
            width: self.width + 2.0 * distance,
            height: self.height + 2.0 * distance,
            ..self
        }
    }

    /// The rectangle without so much of its ends.
    pub(crate) fn without_ends(self, left: f32, right: f32) -> Self {
        Self {
            center: self.place((left - right) / 2.0, 0.0),
            width: (self.width - left - right).max(1.0),
            ..self
        }
    }

    /// Angle of the axis in radians, clockwise.
    pub(crate) fn angle(self) -> f32 {
        self.axis[1].atan2(self.axis[0])
    }

    /// Place so far along and across the axis from the centre.
    pub(crate) fn place(self, along: f32, across: f32) -> Point {
        let [x, y] = self.axis;
        [
            self.center[0] + along * x - across * y,
            self.center[1] + along * y + across * x,
        ]
    }

    /// Returns true for a place in its middle, where the letters of a line stand.
    pub(crate) fn has_in_its_core(self, [x, y]: Point) -> bool {
        let (dx, dy) = (x - self.center[0], y - self.center[1]);
        let along = dx * self.axis[0] + dy * self.axis[1];
        let across = dy * self.axis[0] - dx * self.axis[1];
        along.abs() < 0.5 * self.width && across.abs() < CORE_SHARE * self.height
    }

    /// The same rectangle, read from bottom to top: its axis is turned by 90 degrees counter-clockwise.
    pub(crate) fn upwards(self) -> Self {
        Self {
            width: self.height,
            height: self.width,
            axis: [self.axis[1], -self.axis[0]],
            ..self
        }
    }

    /// The same rectangle, read upside down.
    pub(crate) fn reversed(self) -> Self {
        Self {
            axis: self.axis.map(|part| -part),
            ..self
        }
    }
}

/// Direction of the edges of a rectangle along `axis` that is nearest to the horizontal and points to the right.
fn nearest_to_horizontal([x, y]: Point) -> Point {
    let [x, y] = if x.abs() < y.abs() { [-y, x] } else { [x, y] };
    if x < 0.0 { [-x, -y] } else { [x, y] }
}

/// Corners of the convex hull of points, in order.
pub(crate) fn convex_hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let mut hull = half_hull(points.iter());
    hull.extend(half_hull(points.iter().rev()));
    hull
}

/// One side of the hull, without its last corner, which is the first of the other side.
fn half_hull<'a>(points: impl Iterator<Item = &'a Point>) -> Vec<Point> {
    let turn = |o: Point, a: Point, b: Point| (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
    let mut side: Vec<Point> = Vec::new();
    for &point in points {
        while let [.., before, last] = side.as_slice()
            && turn(*before, *last, point) <= 0.0
        {
            side.pop();
        }
        side.push(point);
    }
    side.pop();
    side
}

#[cfg(test)]
mod tests {
    use super::{Rect, convex_hull};

    #[test]
    fn the_smallest_rectangle_of_a_turned_one_is_itself() {
        for degrees in [-40.0_f32, -8.0, 0.0, 3.0, 30.0] {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let corner = |a: f32, b: f32| [50.0 + a * cos - b * sin, 40.0 + a * sin + b * cos];
            let points = vec![
                corner(-20.0, -3.0),
                corner(20.0, -3.0),
                corner(20.0, 3.0),
                corner(-20.0, 3.0),
                corner(0.0, 0.0),
            ];
            let hull = convex_hull(points);
            assert_eq!(hull.len(), 4, "{degrees}");
            let rect = Rect::smallest(&hull);
            let near = |a: f32, b: f32| (a - b).abs() < 0.01;
            assert!(
                near(rect.width, 40.0) && near(rect.height, 6.0),
                "{degrees}: {rect:?}"
            );
            assert!(near(rect.angle().to_degrees(), degrees), "{degrees}: {rect:?}");
            let [x, y] = rect.place(20.0, 3.0);
            assert!(
                near(x, corner(20.0, 3.0)[0]) && near(y, corner(20.0, 3.0)[1]),
                "{rect:?}"
            );
        }
    }

    #[test]
    fn points_of_no_area_have_a_rectangle_too() {
        for points in [
            vec![],
            vec![[1.0, 2.0]],
            vec![[1.0, 2.0], [4.0, 2.0]],
            vec![[0.0, 0.0]; 9],
        ] {
            let rect = Rect::smallest(&convex_hull(points));
            assert!(rect.height.abs() < 1e-3 && rect.width.is_finite(), "{rect:?}");
        }
    }
}
