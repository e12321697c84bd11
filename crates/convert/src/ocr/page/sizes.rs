use super::Style;
use ilios_ocr::TextLine;

/// Ratio of two measured sizes up to which they are one: that of a line is measured within some percent.
const SAME_SIZE_RATIO: f32 = 1.14;
/// Ratio of the stroke of bold text to that of the text of the page.
const BOLD_RATIO: f32 = 1.35;
/// Sizes of headings, in multiples of that of the text, from which on they have the levels 1, 2 and 3.
const HEADING_RATIOS: [f32; 3] = [1.75, 1.4, 1.2];
/// Words of a heading, at most.
const MAX_HEADING_WORDS: usize = 16;
/// Letters of a heading, at least.
const MIN_HEADING_LETTERS: usize = 3;

/// Styles of lines, by comparison with each other.
pub(super) fn styles(lines: &[TextLine]) -> Vec<Style> {
    let mut sizes: Vec<Measured> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| Measured {
            index,
            size: line.size,
            weight: letters(line).max(1),
        })
        .collect();
    sizes.sort_by(|a, b| a.size.total_cmp(&b.size));
    let text = middle(&sizes);
    let stroke = usual_stroke(lines);
    let mut even = vec![text; lines.len()];
    join_alike(&sizes, &mut even);
    lines
        .iter()
        .zip(even)
        .map(|(line, size)| Style {
            size,
            bold: line.stroke > BOLD_RATIO * stroke,
            level: level(line, size / text.max(1.0)),
        })
        .collect()
}

/// Size of a line.
#[derive(Clone, Copy)]
struct Measured {
    index: usize,
    size: f32,
    weight: usize,
}

/// Size of the letter in the middle, of lines sorted by size.
fn middle(sizes: &[Measured]) -> f32 {
    let all: usize = sizes.iter().map(|line| line.weight).sum();
    let mut before = 0;
    for line in sizes {
        before += line.weight;
        if 2 * before >= all {
            return line.size;
        }
    }
    1.0
}

/// Gives lines of about one size the same size: that of most letters first, then that of most of the rest.
fn join_alike(sizes: &[Measured], even: &mut [f32]) {
    let mut rest = vec![sizes];
    while let Some(sizes) = rest.pop() {
        if sizes.is_empty() {
            continue;
        }
        let size = middle(sizes);
        let from = sizes.partition_point(|line| line.size * SAME_SIZE_RATIO < size);
        let to = sizes.partition_point(|line| line.size <= size * SAME_SIZE_RATIO);
        let (smaller, others) = sizes.split_at(from);
        let (alike, larger) = others.split_at(to.saturating_sub(from));
        for line in alike {
            if let Some(place) = even.get_mut(line.index) {
                *place = size;
            }
        }
        rest.extend([smaller, larger]);
    }
}

fn usual_stroke(lines: &[TextLine]) -> f32 {
    let mut strokes: Vec<(f32, usize)> = lines.iter().map(|line| (line.stroke, letters(line))).collect();
    strokes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rest = strokes.iter().map(|(_, letters)| letters).sum::<usize>() / 2;
    for (stroke, letters) in strokes {
        if letters > rest {
            return stroke;
        }
        rest -= letters;
    }
    f32::MAX
}

fn letters(line: &TextLine) -> usize {
    let characters = line.words.iter().flat_map(|word| word.text.chars());
    characters.filter(|c| c.is_alphabetic()).count()
}

fn level(line: &TextLine, ratio: f32) -> u8 {
    if line.words.len() > MAX_HEADING_WORDS || letters(line) < MIN_HEADING_LETTERS {
        return 0;
    }
    let level = HEADING_RATIOS.iter().position(|&least| ratio >= least);
    level.map_or(0, |index| u8::try_from(index + 1).unwrap_or(0))
}
