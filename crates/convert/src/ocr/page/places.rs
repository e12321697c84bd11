use ilios_ocr::{Reading, TextLine};

use crate::ir::{Block, Region};
use crate::layout::extent::{Extent, Viewport};
use crate::layout::line::LEFT_TO_RIGHT;
use crate::places::WordBox;

/// Degrees from which on a turn is told.
const MIN_ANGLE_DEGREES: f32 = 0.5;
/// Size of most of the text as the layout sees it, in points. The true size is not known of a picture, and thresholds of
/// the layout are made for print.
const BODY_POINTS: f32 = 10.0;

/// Scale of the layout: pixels to points above the lower edge of the upright page.
pub(super) struct Scale {
    points: f32,
    width: f32,
    height: f32,
}

impl Scale {
    /// Scale for a page whose text is `body` pixels large.
    pub(super) fn of(reading: &Reading, body: f32) -> Self {
        Self {
            points: BODY_POINTS / body.max(1.0),
            width: reading.width,
            height: reading.height,
        }
    }

    /// Length in points.
    pub(super) fn length(&self, pixels: f32) -> f32 {
        pixels * self.points
    }

    /// Height above the lower edge of a place so far below the upper edge.
    pub(super) fn height_of(&self, below_top: f32) -> f32 {
        (self.height - below_top) * self.points
    }

    /// The page as the layout sees it, whose text is turned by so many degrees in the picture.
    pub(super) fn viewport(&self, page: u32, turn: u16) -> Viewport {
        Viewport {
            page,
            visible: Extent {
                left: 0.0,
                bottom: 0.0,
                right: self.length(self.width),
                top: self.length(self.height),
            },
            rotation: turn,
        }
    }
}

/// Gives blocks the confidence of their lines, and turns their regions to where the text stands in the picture. `unit` is
/// the length of a pixel in the unit of the page.
pub(super) fn finish(blocks: &mut [Block], reading: &Reading, scale: &Scale, unit: f32) {
    let viewport = scale.viewport(0, reading.turn);
    let lines: Vec<Placed> = reading
        .lines
        .iter()
        .filter_map(|line| placed(line, scale, &viewport))
        .collect();
    let back = Back::of(reading, unit / scale.points, unit);
    for block in blocks {
        block.visit_mut(&mut |block| {
            block.confidence = confidence(&block.regions, &lines);
            block.regions.iter_mut().for_each(|region| back.turn(region));
        });
    }
}

/// Words of a page where they stand in the picture.
pub(super) fn words(reading: &Reading, scale: &Scale, viewport: &Viewport, unit: f32) -> Vec<WordBox> {
    let back = Back::of(reading, unit / scale.points, unit);
    let words = reading
        .lines
        .iter()
        .flat_map(|line| line.words.iter().map(move |word| (line, word)));
    let placed = words.filter_map(|(line, word)| {
        let (left, right) = (scale.length(word.left), scale.length(word.right));
        let (baseline, size) = (scale.height_of(line.baseline), scale.length(line.size));
        let extent = Extent::of_text(left, right, baseline, size);
        let mut region = viewport.region(extent, LEFT_TO_RIGHT)?;
        back.turn(&mut region);
        Some(WordBox {
            text: word.text.clone(),
            region,
            confidence: Some(word.confidence),
        })
    });
    placed.collect()
}

/// Line in the coordinates of regions.
struct Placed {
    middle: [f32; 2],
    /// Sum of the confidence of its words, and their number.
    sum: f32,
    words: f32,
}

fn placed(line: &TextLine, scale: &Scale, viewport: &Viewport) -> Option<Placed> {
    let left = scale.length(line.words.first()?.left);
    let right = scale.length(line.words.last()?.right);
    let (baseline, size) = (scale.height_of(line.baseline), scale.length(line.size));
    let extent = Extent::of_text(left, right, baseline, size);
    let [left, top, right, bottom] = viewport.region(extent, LEFT_TO_RIGHT)?.bbox;
    Some(Placed {
        middle: [left.midpoint(right), top.midpoint(bottom)],
        sum: line.words.iter().map(|word| word.confidence).sum(),
        words: line.words.len() as f32,
    })
}

fn confidence(regions: &[Region], lines: &[Placed]) -> Option<f32> {
    let inside = |line: &&Placed| {
        let [x, y] = line.middle;
        regions
            .iter()
            .map(|region| region.bbox)
            .any(|[left, top, right, bottom]| (left..=right).contains(&x) && (top..=bottom).contains(&y))
    };
    let (sum, words) = lines
        .iter()
        .filter(inside)
        .fold((0.0, 0.0), |(sum, words), line| {
            (sum + line.sum, words + line.words)
        });
    (words > 0.0).then(|| sum / words)
}

/// Way from the level page of the layout back to the picture.
struct Back {
    /// Units of the page for a point of the layout.
    scale: f32,
    skew: f32,
    width: f32,
    height: f32,
}

impl Back {
    fn of(reading: &Reading, scale: f32, unit: f32) -> Self {
        let (width, height) = match reading.turn % 180 {
            90 => (reading.height, reading.width),
            _ => (reading.width, reading.height),
        };
        Self {
            scale,
            skew: reading.skew,
            width: width * unit,
            height: height * unit,
        }
    }

    fn turn(&self, region: &mut Region) {
        region.bbox = region.bbox.map(|edge| edge * self.scale);
        let degrees = self.skew.to_degrees();
        if degrees.abs() < MIN_ANGLE_DEGREES {
            return;
        }
        let (sin, cos) = self.skew.sin_cos();
        let [left, top, right, bottom] = region.bbox;
        let (x, y) = (
            left.midpoint(right) - self.width / 2.0,
            top.midpoint(bottom) - self.height / 2.0,
        );
        let middle = [
            self.width / 2.0 + x * cos - y * sin,
            self.height / 2.0 + x * sin + y * cos,
        ];
        // The box around the turned one.
        let half = [
            ((right - left) * cos + (bottom - top) * sin.abs()) / 2.0,
            ((right - left) * sin.abs() + (bottom - top) * cos) / 2.0,
        ];
        region.bbox = [
            (middle[0] - half[0]).clamp(0.0, self.width),
            (middle[1] - half[1]).clamp(0.0, self.height),
            (middle[0] + half[0]).clamp(0.0, self.width),
            (middle[1] + half[1]).clamp(0.0, self.height),
        ];
        let angle = (region.angle.unwrap_or_default() + degrees)
            .round()
            .rem_euclid(360.0);
        region.angle = (angle != 0.0).then_some(angle);
    }
}
