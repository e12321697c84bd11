use ilios_ocr::TextLine;

use super::styles::Style;

/// Distance of two baselines, in multiples of the text size, up to which they are one.
const SAME_BASELINE_EM: f32 = 0.28;

/// Baselines of lines in pixels: one for all that stand in a row, which are measured within a pixel or two.
pub(super) fn even(lines: &[TextLine], styles: &[Style]) -> Vec<f32> {
    let mut baselines: Vec<f32> = lines.iter().map(|line| line.baseline).collect();
    let mut order: Vec<(usize, f32, f32)> = lines
        .iter()
        .zip(styles)
        .enumerate()
        .map(|(index, (line, style))| (index, line.baseline, style.size))
        .collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut rest = order.as_slice();
    while let [(_, first, size), ..] = rest {
        let near = |(_, baseline, other): &&(usize, f32, f32)| {
            baseline - first <= SAME_BASELINE_EM * size.min(*other)
        };
        let count = rest.iter().take_while(near).count().max(1);
        let (row, after) = rest.split_at(count.min(rest.len()));
        let mean = row.iter().map(|(_, baseline, _)| baseline).sum::<f32>() / row.len() as f32;
        for (index, ..) in row {
            if let Some(baseline) = baselines.get_mut(*index) {
                *baseline = mean;
            }
        }
        rest = after;
    }
    baselines
}
