use crate::rect::Point;

/// Likelihood of text from which on a pixel belongs to a component.
const MIN_LIKELIHOOD: f32 = 0.3;
/// Mean likelihood of a component of text, at least.
const MIN_SCORE: f32 = 0.6;
/// Pixels of a component of text, at least.
const MIN_PIXELS: usize = 6;
/// Components of a page, at most: no page has as many lines.
const MAX_COMPONENTS: usize = 2500;

/// Likelihood of text of each pixel of a picture.
pub(crate) struct Map<'a> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: &'a [f32],
}

/// Outlines of the connected parts of the map that are text: the corners of their pixels at the ends of each row.
pub(crate) fn outlines(map: &Map<'_>) -> Vec<Vec<Point>> {
    let mut seen: Vec<bool> = map
        .values
        .iter()
        .map(|&value| value < MIN_LIKELIHOOD || value.is_nan())
        .collect();
    let mut outlines = Vec::new();
    for start in 0..map.width * map.height {
        if outlines.len() == MAX_COMPONENTS {
            break;
        }
        if seen.get(start) == Some(&false) {
            outlines.extend(outline(map, start, &mut seen));
        }
    }
    outlines
}

/// Outline of the component that holds the pixel at `start`, if it is text.
fn outline(map: &Map<'_>, start: usize, seen: &mut [bool]) -> Option<Vec<Point>> {
    let mut rows: Vec<Row> = Vec::new();
    // The first pixel of a component in reading order is in its highest row.
    let top = start / map.width;
    let mut open = vec![start];
    if let Some(seen) = seen.get_mut(start) {
        *seen = true;
    }
    let (mut sum, mut count) = (0.0, 0_usize);
    while let Some(pixel) = open.pop() {
        let (x, y) = (pixel % map.width, pixel / map.width);
        sum += map.values.get(pixel).copied().unwrap_or_default();
        count += 1;
        if rows.len() <= y - top {
            rows.resize(
                y - top + 1,
                Row {
                    first: usize::MAX,
                    last: 0,
                },
            );
        }
        if let Some(row) = rows.get_mut(y - top) {
            row.first = row.first.min(x);
            row.last = row.last.max(x);
        }
        for y in y.saturating_sub(1)..=(y + 1).min(map.height - 1) {
            for x in x.saturating_sub(1)..=(x + 1).min(map.width - 1) {
                let neighbour = y * map.width + x;
                if let Some(seen @ false) = seen.get_mut(neighbour) {
                    *seen = true;
                    open.push(neighbour);
                }
            }
        }
    }
    let is_text = count >= MIN_PIXELS && sum / count as f32 >= MIN_SCORE;
    is_text.then(|| corners(&rows, top))
}

/// Pixels of a component in one row.
#[derive(Clone, Copy)]
struct Row {
    first: usize,
    last: usize,
}

fn corners(rows: &[Row], top: usize) -> Vec<Point> {
    let rows = rows.iter().enumerate().filter(|(_, row)| row.first <= row.last);
    let corners = rows.flat_map(|(index, row)| {
        let (left, right) = (row.first as f32, (row.last + 1) as f32);
        let (above, below) = ((top + index) as f32, (top + index + 1) as f32);
        [[left, above], [right, above], [left, below], [right, below]]
    });
    corners.collect()
}

#[cfg(test)]
mod tests {
    use super::{Map, outlines};

    /// Map of signs: `#` is text, `+` just likely enough, `.` nothing.
    fn found(signs: &str) -> Vec<usize> {
        let rows: Vec<&str> = signs.split_whitespace().collect();
        let value = |sign| match sign {
            '#' => 0.9,
            '+' => 0.4,
            _ => 0.1,
        };
        let values: Vec<f32> = rows.iter().flat_map(|row| row.chars()).map(value).collect();
        let map = Map {
            width: rows[0].len(),
            height: rows.len(),
            values: &values,
        };
        outlines(&map).iter().map(Vec::len).collect()
    }

    #[test]
    fn connected_pixels_are_one_component() {
        assert_eq!(found("###..### ###..###"), [8, 8]);
        assert_eq!(found("###..... ...##### ........"), [8], "also over a corner");
        assert_eq!(
            found("##...... ........ ......##"),
            [0_usize; 0],
            "too few pixels"
        );
        assert_eq!(found("++++++++ ++++++++"), [0_usize; 0], "too unlikely");
        assert_eq!(found("++###### .#######."), [8], "unlikely edges of a likely one");
        assert_eq!(found("........ ........"), [0_usize; 0]);
        assert_eq!(
            found("#..#.... ##.##... .###....").len(),
            1,
            "two arms that meet below"
        );
    }
}
