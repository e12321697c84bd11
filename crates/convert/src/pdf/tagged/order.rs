/// Distance of a sequence from its sorted order: the share of the pairs that stand in the wrong order (Kendall).
pub(super) fn distance(mut places: Vec<u32>) -> f64 {
    let count = places.len() as u64;
    let pairs = count * count.saturating_sub(1) / 2;
    if pairs == 0 {
        return 0.0;
    }
    let mut buffer = vec![0; places.len()];
    let mut wrong: u64 = 0;
    let mut width = 1;
    // Merge sort from the bottom: each element that is taken from the right overtakes what is left on the left.
    while width < places.len() {
        for (part, out) in places.chunks(2 * width).zip(buffer.chunks_mut(2 * width)) {
            let (left, right) = part.split_at(width.min(part.len()));
            wrong += merge(left, right, out);
        }
        std::mem::swap(&mut places, &mut buffer);
        width *= 2;
    }
    #[expect(clippy::cast_precision_loss, reason = "words of a page are few")]
    let share = wrong as f64 / pairs as f64;
    share
}

fn merge(mut left: &[u32], mut right: &[u32], out: &mut [u32]) -> u64 {
    let mut wrong = 0;
    for place in out {
        match (left.split_first(), right.split_first()) {
            (Some((first, rest)), other) if other.is_none_or(|(second, _)| first <= second) => {
                *place = *first;
                left = rest;
            }
            (_, Some((second, rest))) => {
                *place = *second;
                wrong += left.len() as u64;
                right = rest;
            }
            (_, None) => {}
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn pairs_in_the_wrong_order_are_counted() {
        for (places, expected) in [
            (vec![], 0.0),
            (vec![7], 0.0),
            (vec![1, 1, 2, 3], 0.0),
            (vec![3, 2, 1], 1.0),
            (vec![2, 1, 3, 4], 1.0 / 6.0),
            (vec![4, 1, 2, 3, 5], 3.0 / 10.0),
        ] {
            let found = distance(places.clone());
            assert!((found - expected).abs() < 1e-9, "{places:?}: {found}");
        }
    }
}
