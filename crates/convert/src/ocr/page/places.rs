use crate::ir::{Block, Region};
use crate::layout::extent::{Extent, Viewport};
use crate::layout::line::LEFT_TO_RIGHT;
use ilios_ocr::{Reading, TextLine};

/// Degrees from which on a turn is told.
const MIN_ANGLE_DEGREES: f32 = 0.5;

/// Gives blocks the confidence of their lines, and turns their regions back to where the text stands in the picture.
pub(super) fn finish(blocks: &mut [Block], reading: &Reading, viewport: &Viewport, unit: f32) {
    let lines: Vec<Placed> = reading
        .lines
        .iter()
        .filter_map(|line| placed(line, reading, viewport, unit))
        .collect();
    for block in blocks {
        block.visit_mut(&mut |block| {
            block.confidence = confidence(&block.regions, &lines);
            for region in &mut block.regions {
                turn_back(region, reading, unit);
            }
        });
    }
}

/// Line in the coordinates of regions.
struct Placed {
    middle: [f32; 2],
    /// Sum of the confidence of its words, and their number.
    sum: f32,
    words: f32,
}

fn placed(line: &TextLine, reading: &Reading, viewport: &Viewport, unit: f32) -> Option<Placed> {
    let left = line.words.first()?.left * unit;
    let right = line.words.last()?.right * unit;
    let baseline = (reading.height - line.baseline) * unit;
    let extent = Extent::of_text(left, right, baseline, line.size * unit);
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

/// Turns a region of the level page as far as the page is turned in the picture.
fn turn_back(region: &mut Region, reading: &Reading, unit: f32) {
    let degrees = reading.skew.to_degrees();
    if degrees.abs() < MIN_ANGLE_DEGREES {
        return;
    }
    let (width, height) = match reading.turn % 180 {
        90 => (reading.height * unit, reading.width * unit),
        _ => (reading.width * unit, reading.height * unit),
    };
    let (sin, cos) = reading.skew.sin_cos();
    let [left, top, right, bottom] = region.bbox;
    let (x, y) = (
        left.midpoint(right) - width / 2.0,
        top.midpoint(bottom) - height / 2.0,
    );
    let middle = [width / 2.0 + x * cos - y * sin, height / 2.0 + x * sin + y * cos];
    // The box around the turned one.
    let half = [
        ((right - left) * cos + (bottom - top) * sin.abs()) / 2.0,
        ((right - left) * sin.abs() + (bottom - top) * cos) / 2.0,
    ];
    region.bbox = [
        (middle[0] - half[0]).clamp(0.0, width),
        (middle[1] - half[1]).clamp(0.0, height),
        (middle[0] + half[0]).clamp(0.0, width),
        (middle[1] + half[1]).clamp(0.0, height),
    ];
    let angle = (region.angle.unwrap_or_default() + degrees)
        .round()
        .rem_euclid(360.0);
    region.angle = (angle != 0.0).then_some(angle);
}
