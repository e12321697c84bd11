//! Lines of a recognized page to blocks of the document model, by the layout.

mod order;
mod places;
mod sizes;

use std::rc::Rc;

use crate::ConvertError;
use crate::ir::{Block, Builder, Confidence, Doubt};
use crate::layout::extent::{Extent, Viewport};
use crate::layout::hyphenation::Vocabulary;
use crate::layout::{Line, Run, Word, WordStyle, headings, model, paragraphs};
use ilios_ocr::{Reading, TextLine, TextWord};

/// Adds the blocks of a page to the model and returns them. `unit` is the length of a pixel in the unit of the page.
///
/// # Errors
/// `LimitExceeded`.
pub(super) fn blocks(
    reading: &Reading,
    builder: &mut Builder<'_>,
    page: u32,
    unit: f32,
) -> Result<(Vec<Block>, Vec<Doubt>), ConvertError> {
    let mut lines = Vec::new();
    let styles = sizes::styles(&reading.lines);
    let (upright, turned): (Vec<_>, Vec<_>) = reading
        .lines
        .iter()
        .zip(&styles)
        .partition(|(line, _)| line.direction[0] > 0.0);
    for row in order::rows(&upright) {
        lines.extend(line_of(&row, reading.height, unit));
    }
    lines.extend(
        turned
            .iter()
            .filter_map(|(line, style)| turned_line(line, style, reading.height, unit)),
    );
    let vocabulary = Vocabulary::of(lines.iter());
    let mut laid_out = paragraphs::group_lines(lines);
    headings::promote_bold(&mut laid_out);
    let viewport = Viewport {
        page,
        visible: Extent {
            left: 0.0,
            bottom: 0.0,
            right: reading.width * unit,
            top: reading.height * unit,
        },
        rotation: reading.turn,
    };
    builder.begin_page(page);
    model::add_blocks(&laid_out, &vocabulary, Some(&viewport), builder)?;
    let (mut blocks, doubts) = builder.finish_page()?;
    places::finish(&mut blocks, reading, &viewport, unit);
    model::place_lists(&mut blocks);
    Ok((blocks, doubts))
}

/// Confidence in the words of a page; `None` without any.
pub(super) fn confidence(reading: &Reading) -> Option<Confidence> {
    let words = || reading.lines.iter().flat_map(|line| &line.words);
    let count = words().count();
    (count > 0).then(|| Confidence {
        mean: words().map(|word| word.confidence).sum::<f32>() / count as f32,
        min: words().map(|word| word.confidence).fold(1.0, f32::min),
    })
}

/// Look of a line beside its text.
pub(super) struct Style {
    /// Text size in pixels, the same for lines that are meant to be of one size.
    size: f32,
    bold: bool,
    /// Level of a heading; 0 for other text.
    level: u8,
}

/// Line of the layout from the stretches that stand in one row.
fn line_of(row: &[&(&TextLine, &Style)], height: f32, unit: f32) -> Option<Line> {
    let baseline = row.iter().max_by_key(|(line, _)| line.words.len())?.0.baseline;
    let level = row.iter().map(|(_, style)| style.level).min()?;
    let words: Vec<Word> = row
        .iter()
        .flat_map(|(line, style)| line.words.iter().map(move |word| (word, style)))
        .enumerate()
        .map(|(order, (word, style))| Word {
            text: word.text.clone(),
            left: word.left * unit,
            right: word.right * unit,
            baseline: (height - baseline) * unit,
            size: style.size * unit,
            style: word_style(style),
            spaced: true,
            link: None,
            order: u32::try_from(order).unwrap_or(u32::MAX),
        })
        .collect();
    let mut line = Line::of_words(&words)?;
    line.level = level;
    Some(line)
}

fn word_style(style: &Style) -> WordStyle {
    WordStyle {
        font: Rc::from(""),
        bold: style.bold,
        italic: false,
        monospace: false,
        struck: false,
    }
}

/// Line that runs up or down the page.
fn turned_line(line: &TextLine, style: &Style, height: f32, unit: f32) -> Option<Line> {
    let text: Vec<&str> = line
        .words
        .iter()
        .map(|word: &TextWord| word.text.as_str())
        .collect();
    let text = text.join(" ");
    let first = line.words.first()?;
    let run = Run {
        text: text.clone(),
        left: first.left * unit,
        ink_right: first.right * unit,
        size: style.size * unit,
        rotated: true,
        direction: line.direction,
        ..Run::default()
    };
    Line::new(text, vec![run], (height - line.baseline) * unit, 0)
}
