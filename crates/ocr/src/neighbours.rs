//! Stretches of text that stand side by side, as in two columns: the margins of one may reach into the other, whose first
//! letter would be read twice.

use crate::detector::Region;

/// Share of the height of the lower one that two stretches of one row have in common, at least.
const SAME_ROW_SHARE: f32 = 0.4;

/// Part of the margins of a stretch that is cut off.
#[derive(Clone, Copy, Default)]
struct Cut {
    left: f32,
    right: f32,
}

/// Parts stretches whose margins overlap, in the middle between their cores.
pub(crate) fn part(regions: &mut [Region]) {
    let mut order: Vec<usize> = (0..regions.len()).collect();
    let top = |index: &usize| {
        regions
            .get(*index)
            .map_or(0.0, |region| region.rect.center[1] - region.rect.height / 2.0)
    };
    order.sort_by(|a, b| top(a).total_cmp(&top(b)));
    let mut cuts = vec![Cut::default(); regions.len()];
    for (place, &first) in order.iter().enumerate() {
        let Some(one) = regions.get(first) else { continue };
        let bottom = one.rect.center[1] + one.rect.height / 2.0;
        let after = order.get(place + 1..).unwrap_or_default();
        for &second in after.iter().take_while(|index| top(index) < bottom) {
            let Some(other) = regions.get(second) else {
                continue;
            };
            let (left, right) = match one.rect.center[0] <= other.rect.center[0] {
                true => (first, second),
                false => (second, first),
            };
            let Some([from_left, from_right]) = overlap(regions, left, right) else {
                continue;
            };
            if let Some(cut) = cuts.get_mut(left) {
                cut.right = cut.right.max(from_left);
            }
            if let Some(cut) = cuts.get_mut(right) {
                cut.left = cut.left.max(from_right);
            }
        }
    }
    for (region, cut) in regions.iter_mut().zip(cuts) {
        region.rect = region.rect.without_ends(cut.left, cut.right);
    }
}

/// Lengths to be cut off the right end of one stretch and the left end of another, if these overlap.
fn overlap(regions: &[Region], left: usize, right: usize) -> Option<[f32; 2]> {
    let (left, right) = (regions.get(left)?, regions.get(right)?);
    let axis = left.rect.axis;
    let way = [
        right.rect.center[0] - left.rect.center[0],
        right.rect.center[1] - left.rect.center[1],
    ];
    let (along, across) = (
        way[0] * axis[0] + way[1] * axis[1],
        way[1] * axis[0] - way[0] * axis[1],
    );
    let lower = left.rect.height.min(right.rect.height);
    let common = f32::midpoint(left.rect.height, right.rect.height) - across.abs();
    let ends = [left.rect.width / 2.0, along - right.rect.width / 2.0];
    if common < SAME_ROW_SHARE * lower || ends[0] <= ends[1] {
        return None;
    }
    let cores = [ends[0] - left.margin(), ends[1] + right.margin()];
    // Stretches that lie upon each other are no neighbours.
    (cores[0] < cores[1]).then(|| {
        let middle = f32::midpoint(cores[0], cores[1]);
        [(ends[0] - middle).max(0.0), (middle - ends[1]).max(0.0)]
    })
}

#[cfg(test)]
mod tests {
    use super::part;
    use crate::detector::Region;

    /// Stretch whose core has these edges.
    fn region(left: f32, right: f32, top: f32, bottom: f32) -> Region {
        let corners = vec![[left, top], [right, top], [right, bottom], [left, bottom]];
        Region::of(corners, 12.0)
    }

    fn ends(region: &Region) -> [f32; 2] {
        let half = region.rect.width / 2.0;
        [region.rect.center[0] - half, region.rect.center[0] + half]
    }

    #[test]
    fn the_margins_of_two_columns_meet_in_the_middle_between_them() {
        let mut regions = [
            region(100.0, 400.0, 50.0, 66.0),
            region(410.0, 700.0, 53.0, 69.0),
            region(410.0, 700.0, 90.0, 106.0),
            region(760.0, 900.0, 90.0, 106.0),
        ];
        part(&mut regions);
        assert_eq!(ends(&regions[0]), [88.0, 405.0]);
        assert_eq!(ends(&regions[1]), [405.0, 712.0]);
        assert_eq!(ends(&regions[2]), [398.0, 712.0]);
        assert_eq!(ends(&regions[3]), [748.0, 912.0]);
    }
}
