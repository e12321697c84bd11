/// A line whose words have less confidence (0 to 100) on average is a picture or a border taken for text.
const NOISE_LINE: f32 = 35.0;
/// One or two letters below this are specks. A longer word is kept whatever its confidence when its line is
/// sound: a word of another language than the one asked for is mostly legible all the same.
const NOISE: f32 = 30.0;
const SPECK: usize = 2;
/// Signs without a letter or digit must be surer than that: noise likes to be punctuation.
const NOISE_SIGNS: f32 = 60.0;

/// One word and where it stands, in pixels from the top.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) top: i64,
    pub(super) bottom: i64,
    /// 0 to 100.
    confidence: f32,
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
    lines.retain_mut(|line| {
        let sound = confidence(&line.words) >= NOISE_LINE;
        line.words.retain(|word| sound && !is_noise(word));
        !line.words.is_empty()
    });
    lines
}

/// The average over the letters, so that a speck beside a sentence does not count like a word of it.
#[expect(clippy::cast_precision_loss, reason = "letters of a line")]
fn confidence(words: &[Word]) -> f32 {
    let letters = |word: &Word| word.text.chars().count() as f32;
    let total: f32 = words.iter().map(letters).sum();
    words
        .iter()
        .map(|word| word.confidence * letters(word))
        .sum::<f32>()
        / total
}

fn is_noise(word: &Word) -> bool {
    if !word.text.chars().any(char::is_alphanumeric) {
        return word.confidence < NOISE_SIGNS;
    }
    word.confidence < NOISE && word.text.chars().count() <= SPECK
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
    if level != 5 || text.is_empty() || !(0.0..=100.0).contains(&confidence) || width <= 0 || height <= 0 {
        return None;
    }
    let bottom = top.checked_add(height)?;
    Some((
        [block, paragraph, line],
        Word {
            text: text.to_owned(),
            top,
            bottom,
            confidence,
        },
    ))
}
