use crate::picture::Picture;
use crate::rect::Point;

/// Share of the pixels that are darker than the paper, at most.
const PAPER_PERCENT: usize = 70;
/// Grey steps by which ink is darker than the paper, at least.
const INK_STEPS: u8 = 56;
/// Length of a stretch of ink within one row of pixels, at least.
const MIN_STRETCH: usize = 24;
/// Length of a rule as a share of the shorter side of the page, at least.
const MIN_LENGTH_SHARE: f32 = 0.03;
/// The same in multiples of the height of the lines of text.
const MIN_LENGTH_HEIGHTS: f32 = 2.5;
/// Length of a rule in multiples of its width, at least.
const MIN_SLENDERNESS: f32 = 10.0;
/// Pixels that a stretch of ink may be interrupted for.
const MAX_GAP: usize = 1;
/// Rules of one direction, at most.
const MAX_RULES: usize = 2000;

/// Line that is drawn along the lines of text or across them, in pixels of the level page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Left or upper end.
    pub from: [f32; 2],
    /// Right or lower end.
    pub to: [f32; 2],
    /// Thickness.
    pub width: f32,
}

impl Rule {
    pub(crate) fn is_level(&self) -> bool {
        self.to[0] - self.from[0] > self.to[1] - self.from[1]
    }

    pub(crate) fn middle(&self) -> Point {
        [
            self.from[0].midpoint(self.to[0]),
            self.from[1].midpoint(self.to[1]),
        ]
    }
}

/// Finds rules along and across the axis of a page whose lines of text are so many pixels high.
pub(crate) fn find(picture: Picture<'_>, axis: Point, text_height: f32) -> Vec<Rule> {
    let ink = Ink::of(picture, axis);
    let shortest = MIN_STRETCH.max(text_height as usize);
    let along = stretches(&ink, shortest);
    let turned = ink.transposed();
    let across = stretches(&turned, shortest);
    let shorter = picture.width.min(picture.height) as f32;
    let least = (MIN_LENGTH_SHARE * shorter).max(MIN_LENGTH_HEIGHTS * text_height);
    let flat = rules(&along, least);
    let steep = rules(&across, least).map(|rule| Rule {
        from: [rule.from[1], rule.from[0]],
        to: [rule.to[1], rule.to[0]],
        ..rule
    });
    flat.chain(steep).collect()
}

/// Dark pixels of the level page.
struct Ink {
    width: usize,
    height: usize,
    dark: Vec<bool>,
}

impl Ink {
    fn of(picture: Picture<'_>, [cos, sin]: Point) -> Self {
        let limit = picture.percentile(PAPER_PERCENT).saturating_sub(INK_STEPS);
        let (width, height) = (picture.width, picture.height);
        let (x0, y0) = (width as f32 / 2.0, height as f32 / 2.0);
        let mut dark = Vec::with_capacity(width * height);
        for y in 0..height {
            let down = y as f32 - y0;
            for x in 0..width {
                let right = x as f32 - x0;
                let gray = picture.nearest(x0 + right * cos - down * sin, y0 + right * sin + down * cos);
                dark.push(gray.is_some_and(|gray| gray < limit));
            }
        }
        Self { width, height, dark }
    }

    fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.dark.chunks_exact(self.width)
    }

    fn transposed(&self) -> Self {
        let mut dark = vec![false; self.dark.len()];
        for (y, row) in self.rows().enumerate() {
            for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
                if let Some(pixel) = dark.get_mut(x * self.height + y) {
                    *pixel = true;
                }
            }
        }
        Self {
            width: self.height,
            height: self.width,
            dark,
        }
    }
}

/// Stretch of ink over some rows of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stretch {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
    /// Ends in its last row.
    last: (usize, usize),
}

/// Long stretches of ink, those of neighbouring rows joined.
fn stretches(ink: &Ink, shortest: usize) -> Vec<Stretch> {
    let mut done: Vec<Stretch> = Vec::new();
    let mut open: Vec<Stretch> = Vec::new();
    for (y, row) in ink.rows().enumerate() {
        let (ended, going) = open.into_iter().partition(|stretch| stretch.bottom + MAX_GAP < y);
        open = going;
        done.extend(ended);
        for (left, right) in runs(row, shortest) {
            let touching = open
                .iter_mut()
                .find(|stretch| stretch.last.0 <= right + MAX_GAP && left <= stretch.last.1 + MAX_GAP);
            match touching {
                Some(stretch) => {
                    stretch.left = stretch.left.min(left);
                    stretch.right = stretch.right.max(right);
                    stretch.last = match stretch.bottom == y {
                        true => (stretch.last.0.min(left), stretch.last.1.max(right)),
                        false => (left, right),
                    };
                    stretch.bottom = y;
                }
                None => open.push(Stretch {
                    left,
                    right,
                    top: y,
                    bottom: y,
                    last: (left, right),
                }),
            }
        }
    }
    done.extend(open);
    done
}

/// Long runs of ink of one row: first pixel, and the one after the last.
fn runs(row: &[bool], shortest: usize) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
        open = match open {
            Some((start, end)) if x <= end + MAX_GAP => Some((start, x + 1)),
            ended => {
                runs.extend(ended);
                Some((x, x + 1))
            }
        };
    }
    runs.extend(open);
    runs.retain(|(start, end)| end - start >= shortest);
    runs
}

fn rules(stretches: &[Stretch], least: f32) -> impl Iterator<Item = Rule> {
    let rules = stretches.iter().filter_map(move |stretch| {
        let length = (stretch.right - stretch.left) as f32;
        let width = (stretch.bottom + 1 - stretch.top) as f32;
        let middle = stretch.top as f32 + width / 2.0;
        (length >= least && length >= MIN_SLENDERNESS * width).then_some(Rule {
            from: [stretch.left as f32, middle],
            to: [stretch.right as f32, middle],
            width,
        })
    });
    rules.take(MAX_RULES)
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma};

    use super::find;
    use crate::picture::Picture;

    #[test]
    fn rules_are_found_along_and_across_the_page() {
        let image = GrayImage::from_fn(400, 300, |x, y| {
            let flat = (100..102).contains(&y) && (50..350).contains(&x);
            let steep = (200..203).contains(&x) && (40..260).contains(&y);
            let block = (300..390).contains(&x) && (200..280).contains(&y);
            let dash = (10..12).contains(&y) && (10..20).contains(&x);
            Luma([if flat || steep || block || dash { 0 } else { 250 }])
        });
        let rules = find(Picture::new(&image).unwrap(), [1.0, 0.0], 16.0);
        let ends: Vec<[f32; 4]> = rules
            .iter()
            .map(|rule| [rule.from[0], rule.from[1], rule.to[0], rule.to[1]])
            .collect();
        assert_eq!(ends, [[50.0, 101.0, 350.0, 101.0], [201.5, 40.0, 201.5, 260.0]]);
    }

    #[test]
    fn a_rule_that_is_askew_is_level_with_the_page() {
        let (sin, cos) = 5_f32.to_radians().sin_cos();
        let image = GrayImage::from_fn(400, 300, |x, y| {
            let (dx, dy) = (x as f32 - 200.0, y as f32 - 150.0);
            let (along, across) = (dx * cos + dy * sin, dy * cos - dx * sin);
            Luma([if across.abs() < 1.5 && along.abs() < 150.0 {
                20
            } else {
                240
            }])
        });
        let rules = find(Picture::new(&image).unwrap(), [cos, sin], 16.0);
        assert_eq!(rules.len(), 1, "{rules:?}");
        assert!(
            (rules[0].to[0] - rules[0].from[0] - 300.0).abs() < 4.0,
            "{rules:?}"
        );
    }
}
