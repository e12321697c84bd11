use crate::crop::{Crop, HEIGHT};
use crate::ctc::decode;
use crate::engine::Engine;
use crate::heights::Heights;
use crate::ink::Ink;
use crate::picture::Picture;
use crate::rect::Rect;
use crate::typography::correct;
use crate::words::{LineWord, words};

/// Line that was read.
pub(crate) struct ReadLine {
    pub(crate) rect: Rect,
    pub(crate) words: Vec<LineWord>,
    /// Columns of the rectangle that the edges of words are told by.
    columns: usize,
    /// Lower edge of the letters, in pixels from the axis of the rectangle.
    pub(crate) baseline: f32,
    pub(crate) heights: Heights,
    /// Width of the strokes in pixels.
    pub(crate) stroke: f32,
    /// Mean likelihood of the signs, 0 to 1; 0 without any.
    pub(crate) confidence: f32,
}

impl ReadLine {
    /// Signs of its words.
    pub(crate) fn signs(&self) -> usize {
        self.words.iter().map(|word| word.text.chars().count()).sum()
    }

    /// Distance of a column from the centre of the rectangle, in pixels along its axis.
    pub(crate) fn along(&self, column: f32) -> f32 {
        (column / self.columns as f32 - 0.5) * self.rect.width
    }
}

/// Reads the line in a rectangle.
///
/// # Errors
/// Reason, in words.
pub(crate) fn read(engine: &Engine, picture: Picture<'_>, rect: Rect) -> Result<ReadLine, String> {
    let crop = Crop::cut(picture, &rect);
    let (ink, width, columns) = (Ink::of(&crop), crop.width, crop.filled);
    let output = engine.recognizer.run(crop.into_input())?;
    let signs = decode(&output, &engine.dictionary);
    let mut words = words(&signs, width, &ink);
    let told = signs.iter().filter(|sign| !sign.text.trim().is_empty());
    let (sum, count) = told.fold((0.0, 0_usize), |(sum, count), sign| {
        (sum + sign.likelihood, count + 1)
    });
    let mut texts: Vec<String> = words
        .iter_mut()
        .map(|word| std::mem::take(&mut word.text))
        .collect();
    correct(&mut texts);
    for (word, text) in words.iter_mut().zip(texts) {
        word.text = text;
    }
    let row = rect.height / HEIGHT as f32;
    let edges = ink.edges;
    Ok(ReadLine {
        baseline: (edges.baseline - HEIGHT as f32 / 2.0) * row,
        stroke: ink.stroke * row,
        heights: Heights::of(
            &words,
            row * (edges.baseline - edges.body),
            row * (edges.baseline - edges.top),
        ),
        confidence: sum / count.max(1) as f32,
        words,
        columns,
        rect,
    })
}
