//! Text sizes by the heights of letters. Those of small letters are sure, for most letters are small; those of tall ones
//! are where there are many. The ratio of the two is one of the typeface, and found on the lines of the page that have
//! both. Where the two tell different sizes, one of them was measured wrong: most likely the one that is not the size of
//! most of the text.

use crate::words::LineWord;

/// Height of tall letters in multiples of the text size.
const TALL_EM: f32 = 0.73;
/// Ratio of the height of small letters to that of tall ones, where the page does not tell.
const USUAL_RATIO: f32 = 0.7;
/// The same, at least and at most.
const RATIOS: (f32, f32) = (0.62, 0.8);
/// Share of tall letters from which on the size is told by them.
const TALL_SHARE: f32 = 0.5;
/// Share of tall letters from which on they are measured well.
const MIN_TALL_SHARE: f32 = 0.15;
/// Difference of two sizes up to which they are one, as a share.
const SAME_SIZE: f32 = 0.08;
/// Letters of a line by which the ratio is measured, at least.
const MIN_LETTERS: usize = 12;

/// Heights of the letters of a line in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Heights {
    small: f32,
    tall: f32,
    letters: usize,
    /// Share of the letters that are tall.
    tall_share: f32,
}

impl Heights {
    pub(crate) fn of(words: &[LineWord], small: f32, tall: f32) -> Self {
        let letters = words.iter().flat_map(|word| word.text.chars());
        let (letters, talls) = letters
            .filter(|c| c.is_alphanumeric())
            .fold((0_usize, 0_usize), |(letters, talls), c| {
                (letters + 1, talls + usize::from(is_tall(c)))
            });
        Self {
            small,
            tall,
            letters,
            tall_share: talls as f32 / letters.max(1) as f32,
        }
    }

    /// Text size in pixels as its letters tell it, the likelier one first.
    fn sizes(&self, ratio: f32) -> [f32; 2] {
        let [small, tall] = [self.small / ratio, self.tall].map(|height| (height / TALL_EM).max(1.0));
        match self.tall_share < TALL_SHARE {
            true => [small, tall],
            false => [tall, small],
        }
    }
}

/// Text sizes of the lines of a page in pixels.
pub(crate) fn sizes(lines: &[&Heights]) -> Vec<f32> {
    let ratio = ratio(lines);
    let told: Vec<[f32; 2]> = lines.iter().map(|line| line.sizes(ratio)).collect();
    let letters = lines.iter().map(|line| line.letters);
    let body = body(told.iter().map(|[size, _]| *size).zip(letters).collect());
    let is_body = |size: f32| (size - body).abs() <= SAME_SIZE * body;
    let sizes = told.into_iter().map(|[size, other]| match is_body(other) {
        true if !is_body(size) => other,
        _ => size,
    });
    sizes.collect()
}

/// Size of the letter in the middle.
fn body(mut sizes: Vec<(f32, usize)>) -> f32 {
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rest = sizes.iter().map(|(_, letters)| letters).sum::<usize>() / 2;
    for (size, letters) in sizes {
        if letters > rest {
            return size;
        }
        rest -= letters;
    }
    0.0
}

/// Ratio of the heights of small and tall letters on a page.
fn ratio(lines: &[&Heights]) -> f32 {
    let measured = lines.iter().filter(|line| {
        line.letters >= MIN_LETTERS && (MIN_TALL_SHARE..TALL_SHARE).contains(&line.tall_share)
    });
    let mut ratios: Vec<f32> = measured
        .map(|line| line.small / line.tall.max(1.0))
        .filter(|ratio| (RATIOS.0..RATIOS.1).contains(ratio))
        .collect();
    ratios.sort_by(f32::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(USUAL_RATIO)
}

/// Returns true for a letter or digit that is taller than x.
fn is_tall(c: char) -> bool {
    !"aceimnoprsuvwxyzgqj".contains(c)
}

#[cfg(test)]
mod tests {
    use super::{Heights, ratio, sizes};
    use crate::words::LineWord;

    fn line(text: &str, small: f32, tall: f32) -> Heights {
        let word = LineWord {
            text: text.into(),
            left: 0.0,
            right: 1.0,
            confidence: 1.0,
        };
        Heights::of(&[word], small, tall)
    }

    #[test]
    fn lines_of_one_size_are_measured_alike_whatever_their_letters_are() {
        let lines = [
            line("The letters of most lines", 15.0, 20.0),
            line("are both tall and small here", 15.2, 20.1),
            // The few tall letters were not seen.
            line("some are so in a measure: on means", 14.9, 15.5),
            // Figures were taken for small letters.
            line("amounts of 1350, 2470 and 3990", 20.0, 20.1),
            line("ALL CAPITALS", 20.0, 20.0),
            line("1234567890", 20.0, 20.0),
        ];
        let lines: Vec<&Heights> = lines.iter().collect();
        for (line, size) in lines.iter().zip(sizes(&lines)) {
            assert!((size - 27.4).abs() < 0.8, "{size}: {line:?}");
        }
        let heading = line("A larger heading", 21.0, 28.0);
        let sizes = sizes(&[lines[0], lines[1], &heading]);
        assert!((sizes[2] - 38.4).abs() < 0.8, "{sizes:?}");
    }

    #[test]
    fn a_page_without_lines_has_a_usual_ratio() {
        assert!((0.6..0.8).contains(&ratio(&[])));
        assert_eq!(sizes(&[]), [0.0; 0]);
        assert_eq!(sizes(&[&line("", 0.0, 0.0)]), [1.0]);
    }
}
