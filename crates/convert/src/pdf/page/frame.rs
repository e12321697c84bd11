use crate::layout::drawing::{Area, Drawing, Rule};
use crate::layout::extent::{Extent, Viewport};

/// Deviation from an axis, as a share of its length, up to which text runs along it.
const AXIS_TOLERANCE: f32 = 0.2;

/// Direction that text reads in, on the shown page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::pdf) enum Direction {
    Right,
    Down,
    Left,
    Up,
    /// Along no axis: degrees against the clock.
    Askew(i16),
}

impl Direction {
    pub(super) fn of([x, y]: [f32; 2]) -> Self {
        if y.abs() <= AXIS_TOLERANCE {
            if x > 0.0 { Self::Right } else { Self::Left }
        } else if x.abs() <= AXIS_TOLERANCE {
            if y > 0.0 { Self::Up } else { Self::Down }
        } else {
            #[expect(clippy::cast_possible_truncation, reason = "between -180 and 180")]
            let degrees = (y.atan2(x).to_degrees() / 2.0).round() as i16 * 2;
            Self::Askew(degrees)
        }
    }

    /// Frame in which the text of a page of this size reads to the right.
    pub(in crate::pdf) fn frame(self, width: f32, height: f32) -> Frame {
        let (across, up) = match self {
            Self::Right => ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
            Self::Down => ([0.0, -1.0, height], [1.0, 0.0, 0.0]),
            Self::Left => ([-1.0, 0.0, width], [0.0, -1.0, height]),
            Self::Up => ([0.0, 1.0, 0.0], [-1.0, 0.0, width]),
            Self::Askew(degrees) => {
                let (sin, cos) = f32::from(degrees).to_radians().sin_cos();
                ([cos, sin, 0.0], [-sin, cos, 0.0])
            }
        };
        let (width, height) = match self {
            Self::Down | Self::Up => (height, width),
            _ => (width, height),
        };
        Frame {
            direction: self,
            across,
            up,
            width,
            height,
        }
    }
}

/// Frame that the text of one direction is laid out in.
#[derive(Debug, Clone, Copy)]
pub(in crate::pdf) struct Frame {
    pub(in crate::pdf) direction: Direction,
    across: [f32; 3],
    up: [f32; 3],
    pub(in crate::pdf) width: f32,
    pub(in crate::pdf) height: f32,
}

impl Frame {
    /// Place in the frame of a place on the page.
    pub(super) fn place(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let along = |axis: &[f32; 3]| axis[0] * x + axis[1] * y + axis[2];
        [along(&self.across), along(&self.up)]
    }

    /// Box in the frame of a box on the page.
    pub(in crate::pdf) fn extent(&self, extent: Extent) -> Extent {
        let [a, b] = [
            self.place([extent.left, extent.bottom]),
            self.place([extent.right, extent.top]),
        ];
        Extent {
            left: a[0].min(b[0]),
            bottom: a[1].min(b[1]),
            right: a[0].max(b[0]),
            top: a[1].max(b[1]),
        }
    }

    /// Drawing in the frame; none for text that runs along no axis.
    pub(in crate::pdf) fn drawing(&self, drawing: &Drawing) -> Drawing {
        if matches!(self.direction, Direction::Askew(_)) {
            return Drawing::default();
        }
        let rules = drawing.rules.iter().map(|rule| {
            let [a, b] = [self.place(rule.from), self.place(rule.to)];
            Rule {
                from: [a[0].min(b[0]), a[1].min(b[1])],
                to: [a[0].max(b[0]), a[1].max(b[1])],
                ..*rule
            }
        });
        let areas = drawing.areas.iter().map(|area| Area {
            extent: self.extent(area.extent),
            ..*area
        });
        Drawing {
            rules: rules.collect(),
            areas: areas.collect(),
            shapes: drawing.shapes.iter().map(|shape| self.extent(*shape)).collect(),
        }
    }

    /// Viewport that tells places on the shown page; `None` for text that runs along no axis.
    pub(in crate::pdf) fn viewport(&self, page: u32) -> Option<Viewport> {
        let rotation = match self.direction {
            Direction::Right => 0,
            Direction::Down => 90,
            Direction::Left => 180,
            Direction::Up => 270,
            Direction::Askew(_) => return None,
        };
        Some(Viewport {
            page,
            visible: Extent {
                left: 0.0,
                bottom: 0.0,
                right: self.width,
                top: self.height,
            },
            rotation,
        })
    }
}
