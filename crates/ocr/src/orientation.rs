use crate::detector::Region;
use crate::rect::Point;

/// Ratio of the sides from which on a stretch of text has a direction.
const DIRECTED_RATIO: f32 = 2.5;
/// Ratio of the sides from which on the angle of a stretch is exact.
const EXACT_RATIO: f32 = 4.0;
/// Ratio of the sides of a line by which the page is tried: a longer one takes too much time.
const MAX_SAMPLE_RATIO: f32 = 25.0;
/// Lines by which the page is tried.
const SAMPLES: usize = 5;
/// Returns true if most of the text runs up or down.
pub(crate) fn is_sideways(regions: &[Region]) -> bool {
    let (mut across, mut along) = (0.0, 0.0);
    for rect in regions.iter().map(|region| region.rect) {
        if rect.height > DIRECTED_RATIO * rect.width {
            across += rect.height;
        } else if rect.width > DIRECTED_RATIO * rect.height {
            along += rect.width;
        }
    }
    across > along
}

/// Direction of the lines of an upright page: that in the middle, by their lengths.
pub(crate) fn axis(regions: &[Region]) -> Point {
    let mut angles: Vec<(f32, f32)> = regions
        .iter()
        .map(|region| region.rect)
        .filter(|rect| rect.width > EXACT_RATIO * rect.height)
        .map(|rect| (rect.angle(), rect.width))
        .collect();
    angles.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rest = angles.iter().map(|(_, width)| width).sum::<f32>() / 2.0;
    for (angle, width) in angles {
        rest -= width;
        if rest <= 0.0 {
            let (sin, cos) = angle.sin_cos();
            return [cos, sin];
        }
    }
    [1.0, 0.0]
}

/// Lays short stretches along the axis of the page, since the angle of a short one is chance.
pub(crate) fn straighten(regions: &mut [Region], axis: Point) {
    for region in regions {
        let rect = region.rect;
        if rect.width.max(rect.height) < EXACT_RATIO * rect.width.min(rect.height) {
            region.along(axis);
        }
    }
}

/// Indexes of some long lines, by which it is tried which way up the page is.
pub(crate) fn samples(regions: &[Region]) -> Vec<usize> {
    let mut lines: Vec<(usize, f32)> = regions
        .iter()
        .map(|region| region.rect.width / region.rect.height.max(1.0))
        .enumerate()
        .filter(|(_, ratio)| *ratio < MAX_SAMPLE_RATIO)
        .collect();
    lines.sort_by(|a, b| b.1.total_cmp(&a.1));
    lines.into_iter().take(SAMPLES).map(|(index, _)| index).collect()
}
