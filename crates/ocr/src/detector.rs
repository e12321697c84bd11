use crate::components::{Map, outlines};
use crate::network::{Input, Network};
use crate::picture::Picture;
use crate::rect::{Point, Rect, convex_hull};

/// Longer side of the picture that the detector looks at, in pixels, at most.
const MAX_SIDE: f32 = 1280.0;
/// The sides are multiples of this.
const SIDE_STEP: usize = 32;
/// Mean and standard deviation of the colours that the detector was trained with.
const COLOURS: [[f32; 2]; 3] = [[0.485, 0.229], [0.456, 0.224], [0.406, 0.225]];
/// Smaller side of a line of text, in pixels of the detector, at least.
const MIN_HEIGHT: f32 = 3.0;
/// The detector finds the core of a line: its area in relation to the margin around it, which is found again by this.
const MARGIN_RATIO: f32 = 1.5;

/// Stretch of text that was found in a picture.
pub(crate) struct Region {
    /// Corners of its convex hull.
    hull: Vec<Point>,
    /// Margin around the hull.
    margin: f32,
    pub(crate) rect: Rect,
}

impl Region {
    pub(crate) fn of(hull: Vec<Point>, margin: f32) -> Self {
        Self {
            rect: Rect::smallest(&hull).grown(margin),
            hull,
            margin,
        }
    }

    /// Margin around its core, which may reach into the stretch beside it.
    pub(crate) fn margin(&self) -> f32 {
        self.margin
    }

    /// The same stretch with a rectangle along another axis.
    pub(crate) fn along(&mut self, axis: Point) {
        self.rect = Rect::around(&self.hull, axis).grown(self.margin);
    }
}

/// Finds stretches of text.
///
/// # Errors
/// Reason, in words.
pub(crate) fn find(network: &Network, picture: Picture<'_>) -> Result<Vec<Region>, String> {
    let longer = picture.width.max(picture.height) as f32;
    let scale = (MAX_SIDE / longer).min(1.0);
    let side = |pixels: usize| {
        let steps = (pixels as f32 * scale / SIDE_STEP as f32).round() as usize;
        steps.max(1) * SIDE_STEP
    };
    let (width, height) = (side(picture.width), side(picture.height));
    let output = network.run(Input {
        width,
        height,
        gray: picture.resized(width, height),
        channels: COLOURS.map(|[mean, deviation]| [1.0 / (255.0 * deviation), -mean / deviation]),
    })?;
    if output.values.len() != width * height {
        return Err("the detector gives a map of another size".into());
    }
    let map = Map {
        width,
        height,
        values: &output.values,
    };
    let scale = [
        picture.width as f32 / width as f32,
        picture.height as f32 / height as f32,
    ];
    Ok(outlines(&map)
        .into_iter()
        .filter_map(|outline| region(outline, scale))
        .collect())
}

/// Region of an outline in the map, in pixels of the picture, which are `scale` times as many.
fn region(outline: Vec<Point>, scale: [f32; 2]) -> Option<Region> {
    let hull = convex_hull(outline);
    let core = Rect::smallest(&hull);
    if core.width.min(core.height) < MIN_HEIGHT {
        return None;
    }
    let margin = core.width * core.height * MARGIN_RATIO / (2.0 * (core.width + core.height));
    let hull: Vec<Point> = hull.iter().map(|[x, y]| [x * scale[0], y * scale[1]]).collect();
    Some(Region::of(hull, margin * (scale[0] * scale[1]).sqrt()))
}
