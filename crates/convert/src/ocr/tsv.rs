/// Words recognized with less confidence (0 to 100) are specks and borders, not words.
const NOISE: f32 = 20.0;
/// Signs without a letter or digit must be surer than that: noise likes to be punctuation.
const NOISE_SIGNS: f32 = 60.0;

/// One word and where it stands, in pixels from the top.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) top: i64,
    pub(super) bottom: i64,
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Block and paragraph it belongs to.
    pub(super) paragraph: (i64, i64),
    /// At least one.
    pub(super) words: Vec<Word>,
}

impl Line {
    pub(super) fn text(&self) -> String {
        self.words
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// The lines of text in tesseract's order. Rows that are no words, or not well-formed, count as nothing.
pub(super) fn lines(tsv: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut current = None;
    for (place, word) in tsv.lines().filter_map(word) {
        let [block, paragraph, _] = place;
        match lines.last_mut() {
            Some(line) if current == Some(place) => line.words.push(word),
            _ => lines.push(Line {
                paragraph: (block, paragraph),
                words: vec![word],
            }),
        }
        current = Some(place);
    }
    lines
}

/// Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn word(row: &str) -> Option<([i64; 3], Word)> {
    let mut columns = row.split('\t');
    let mut numbers = [0_i64; 10];
    for number in &mut numbers {
        *number = columns.next()?.trim().parse().ok()?;
    }
    let [level, _, block, paragraph, line, _, _, top, width, height] = numbers;
    let confidence: f32 = columns.next()?.trim().parse().ok()?;
    let text = columns.next()?.trim();
    let floor = if text.chars().any(char::is_alphanumeric) {
        NOISE
    } else {
        NOISE_SIGNS
    };
    let sure = confidence >= floor;
    if level != 5 || text.is_empty() || !sure || width <= 0 || height <= 0 {
        return None;
    }
    let bottom = top.checked_add(height)?;
    Some((
        [block, paragraph, line],
        Word {
            text: text.to_owned(),
            top,
            bottom,
        },
    ))
}
