use crate::ir::Confidence;

/// Average confidence of a line (0 to 100), at least: below it, an image or a border was taken for text.
const MIN_LINE_CONFIDENCE: f32 = 35.0;
/// Confidence of a very short word, at least. A longer word is kept whatever its confidence if its line is sound: words
/// of another language than the requested one are mostly legible all the same.
const MIN_SHORT_WORD_CONFIDENCE: f32 = 30.0;
/// Characters of a very short word, at most, as specks of dirt yield them.
const MAX_SPECK_CHARS: usize = 2;
/// Confidence of a word without a letter or digit, at least: noise is mostly read as punctuation.
const MIN_PUNCTUATION_CONFIDENCE: f32 = 60.0;

/// Recognized word with its position in pixels from the upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ocr) struct Word {
    pub(in crate::ocr) text: String,
    pub(in crate::ocr) left: i64,
    pub(in crate::ocr) top: i64,
    pub(in crate::ocr) right: i64,
    pub(in crate::ocr) bottom: i64,
    /// Confidence, 0 to 100.
    confidence: f32,
}

/// Recognized line.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ocr) struct Line {
    /// Numbers of its block and paragraph.
    pub(in crate::ocr) paragraph: (i64, i64),
    /// Words, at least one.
    pub(in crate::ocr) words: Vec<Word>,
}

impl Line {
    pub(in crate::ocr) fn text(&self) -> String {
        self.words
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Parses the lines in tesseract's order. Rows that are no words, or malformed, are skipped.
pub(in crate::ocr) fn lines(tsv: &str) -> Vec<Line> {
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
        let sound = weighted_confidence(&line.words) >= MIN_LINE_CONFIDENCE;
        line.words.retain(|word| sound && !is_noise(word));
        !line.words.is_empty()
    });
    lines
}

/// Average confidence weighted by letters, so that a speck beside a sentence does not count like one of its words.
#[expect(clippy::cast_precision_loss, reason = "letters of a line")]
fn weighted_confidence(words: &[Word]) -> f32 {
    let letters = |word: &Word| word.text.chars().count() as f32;
    let total: f32 = words.iter().map(letters).sum();
    words
        .iter()
        .map(|word| word.confidence * letters(word))
        .sum::<f32>()
        / total
}

/// Confidence in words, 0 to 1; `None` without any.
pub(in crate::ocr) fn confidence<'a>(words: impl Iterator<Item = &'a Word>) -> Option<Confidence> {
    let (mut sum, mut min, mut count) = (0.0, f32::INFINITY, 0.0);
    for word in words {
        let confidence = word.confidence / 100.0;
        sum += confidence;
        min = min.min(confidence);
        count += 1.0;
    }
    (count > 0.0).then(|| Confidence {
        mean: sum / count,
        min,
    })
}

fn is_noise(word: &Word) -> bool {
    if !word.text.chars().any(char::is_alphanumeric) {
        return word.confidence < MIN_PUNCTUATION_CONFIDENCE;
    }
    word.confidence < MIN_SHORT_WORD_CONFIDENCE && word.text.chars().count() <= MAX_SPECK_CHARS
}

/// Parses a row. Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn word(row: &str) -> Option<([i64; 3], Word)> {
    let mut columns = row.split('\t');
    let mut numbers = [0_i64; 10];
    for number in &mut numbers {
        *number = columns.next()?.trim().parse().ok()?;
    }
    let [level, _, block, paragraph, line, _, left, top, width, height] = numbers;
    let confidence: f32 = columns.next()?.trim().parse().ok()?;
    let text = columns.next()?.trim();
    if level != 5 || text.is_empty() || !(0.0..=100.0).contains(&confidence) || width <= 0 || height <= 0 {
        return None;
    }
    let (right, bottom) = (left.checked_add(width)?, top.checked_add(height)?);
    Some((
        [block, paragraph, line],
        Word {
            text: text.to_owned(),
            left,
            top,
            right,
            bottom,
            confidence,
        },
    ))
}
