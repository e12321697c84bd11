use super::Parted;
use crate::ir::{Block, Page, PageKind, PlacedWord};
use crate::options::ScoreGranularity;
use crate::write::json::{Object, array, object};

/// Words behind the last one that was found that are looked at for the next.
const MAX_SKIPPED: usize = 16;

/// Mean and least score.
#[derive(Debug, Clone, Copy)]
struct Scores {
    mean: f32,
    min: f32,
}

/// Writes the scores of a page. Characters that stand in the file are certain; where an engine has not told how sure it is
/// of those that it has recognized, there are none.
pub(super) fn write_scores(parted: &Parted, wanted: Option<ScoreGranularity>, out: &mut String) {
    let page = &parted.page;
    let (Some(wanted), Some(scores)) = (wanted, scores_of(page)) else {
        out.push_str("null");
        return;
    };
    object(out, |json| {
        json.share("average_page_confidence_score", scores.mean.clamp(0.0, 1.0));
        json.share("minimum_page_confidence_score", scores.min.clamp(0.0, 1.0));
        if wanted == ScoreGranularity::Word {
            write_words(page, scores.mean, json);
        }
    });
}

/// Writes the scores of a block.
pub(super) fn write_block_scores(block: &Block, page: &Page, out: &mut String) {
    let words = placed_words(std::slice::from_ref(block));
    let of_text = of_words(&words)
        .or(block.confidence.map(|mean| Scores { mean, min: mean }))
        .or_else(|| is_certain(page).then_some(Scores { mean: 1.0, min: 1.0 }));
    object(out, |json| {
        score("average_content_confidence_score", of_text.map(|s| s.mean), json);
        score("minimum_content_confidence_score", of_text.map(|s| s.min), json);
        score("block_type_confidence_score", block.type_confidence, json);
    });
}

fn score(name: &str, score: Option<f32>, json: &mut Object<'_>) {
    match score {
        Some(score) => json.share(name, score.clamp(0.0, 1.0)),
        None => json.key(name).push_str("null"),
    }
}

fn scores_of(page: &Page) -> Option<Scores> {
    if let Some(confidence) = page.confidence {
        return Some(Scores {
            mean: confidence.mean,
            min: confidence.min,
        });
    }
    let of_words = of_words(&placed_words(&page.blocks));
    of_words.or_else(|| is_certain(page).then_some(Scores { mean: 1.0, min: 1.0 }))
}

/// Returns true if nothing of the page had to be recognized.
fn is_certain(page: &Page) -> bool {
    page.kind != PageKind::Ocr
}

fn placed_words(blocks: &[Block]) -> Vec<PlacedWord> {
    let mut words = Vec::new();
    for block in blocks {
        block.visit(&mut |block| {
            words.extend(block.lines.iter().flat_map(|line| line.words.iter().cloned()));
        });
    }
    words
}

fn of_words(words: &[PlacedWord]) -> Option<Scores> {
    let (mut sum, mut min, mut count) = (0.0, 1.0_f32, 0_u16);
    for confidence in words.iter().filter_map(|word| word.confidence) {
        if count < u16::MAX {
            sum += confidence;
            count += 1;
        }
        min = min.min(confidence);
    }
    (count > 0).then(|| Scores {
        mean: sum / f32::from(count),
        min,
    })
}

/// Writes the words of the Markdown, each with the white space before it, so that together they are all of it. One that
/// cannot be told among those on the page has the score of the page.
fn write_words(page: &Page, mean: f32, json: &mut Object<'_>) {
    let placed = placed_words(&page.blocks);
    let keys: Vec<String> = placed.iter().map(|word| letters(&word.text)).collect();
    let mut next = 0;
    array(
        json.key("word_confidence_scores"),
        Words::new(&page.markdown),
        |(start, text), out| {
            let key = letters(text);
            let near = (next..keys.len()).take(MAX_SKIPPED);
            let mut near =
                near.filter(|at| !key.is_empty() && keys.get(*at).is_some_and(|known| *known == key));
            let found = near.next();
            next = found.map_or(next, |at| at + 1);
            let confidence = found.and_then(|at| placed.get(at)?.confidence).unwrap_or(mean);
            object(out, |json| {
                json.text("text", text);
                json.share("confidence", confidence.clamp(0.0, 1.0));
                json.integer("start_index", start);
            });
        },
    );
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Words of a text with the white space before them, and their places in code points.
struct Words<'a> {
    rest: &'a str,
    chars: u64,
}

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text, chars: 0 }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = (u64, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let word = self.rest.trim_start();
        let spaces = self.rest.len() - word.len();
        let length = word.find(char::is_whitespace).unwrap_or(word.len());
        let (text, rest) = self.rest.split_at(spaces + length);
        let start = self.chars;
        self.chars += u64::try_from(text.chars().count()).unwrap_or_default();
        self.rest = rest;
        Some((start, text))
    }
}
