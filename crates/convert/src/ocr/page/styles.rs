use ilios_ocr::TextLine;

/// Ratio of two measured sizes up to which they are one: that of a line is measured within some percent.
const SAME_SIZE_RATIO: f32 = 1.12;
/// Ratio of the stroke of bold text to that of the text of the page.
const BOLD_RATIO: f32 = 1.35;

/// Look of a line beside its text.
pub(super) struct Style {
    /// Text size in pixels, the same for lines that are meant to be of one size.
    pub(super) size: f32,
    pub(super) bold: bool,
}

/// Size of most of the text in pixels, and the styles of the lines, by comparison with each other.
pub(super) fn of_lines(lines: &[TextLine]) -> (f32, Vec<Style>) {
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
    let body = middle(&sizes);
    let stroke = usual_stroke(lines);
    let mut even = vec![body; lines.len()];
    join_alike(&sizes, &mut even);
    let styles = lines.iter().zip(even).map(|(line, size)| Style {
        size,
        bold: line.stroke > BOLD_RATIO * stroke,
    });
    (body, styles.collect())
}

/// Letters of a line.
pub(super) fn letters(line: &TextLine) -> usize {
    let characters = line.words.iter().flat_map(|word| word.text.chars());
    characters.filter(|c| c.is_alphabetic()).count()
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
        // A size that is no number has no like.
        if !alike.is_empty() {
            rest.extend([smaller, larger]);
        }
    }
}

/// Width of the stroke of the letter in the middle.
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

#[cfg(test)]
mod tests {
    use ilios_ocr::{TextLine, TextWord};

    use super::of_lines;

    fn line(size: f32, stroke: f32) -> TextLine {
        let word = TextWord {
            text: "letters".into(),
            left: 0.0,
            right: 50.0,
            confidence: 1.0,
        };
        TextLine {
            words: vec![word],
            baseline: 0.0,
            size,
            stroke,
            direction: [1.0, 0.0],
        }
    }

    #[test]
    fn sizes_that_are_measured_alike_are_one() {
        let sizes = [20.0, 20.6, 19.5, 20.2, 28.0, 29.1, 27.5, 12.0];
        let lines: Vec<TextLine> = sizes.iter().map(|&size| line(size, 0.1)).collect();
        let (body, styles) = of_lines(&lines);
        let even: Vec<f32> = styles.iter().map(|style| style.size).collect();
        assert!((body - 20.2).abs() < 0.01, "{body}");
        assert_eq!(even, [20.2, 20.2, 20.2, 20.2, 28.0, 28.0, 28.0, 12.0]);
    }

    #[test]
    fn thick_strokes_beside_thin_ones_are_bold() {
        let lines: Vec<TextLine> = [0.1, 0.11, 0.09, 0.16, 0.1]
            .map(|stroke| line(20.0, stroke))
            .into();
        let bold: Vec<bool> = of_lines(&lines).1.iter().map(|style| style.bold).collect();
        assert_eq!(bold, [false, false, false, true, false]);
        let (_, none) = of_lines(&[]);
        assert!(none.is_empty());
        let (_, odd) = of_lines(&[line(f32::NAN, f32::NAN), line(1.0, 0.1)]);
        assert_eq!(odd.len(), 2);
    }
}
