use std::rc::Rc;

use ilios_ocr::TextLine;

use super::places::Scale;
use super::styles::Style;
use crate::layout::extent::LetterHeights;
use crate::layout::{Line, Run, Word, WordStyle};

/// Words of a level line.
pub(super) fn of_line<'a>(
    line: &'a TextLine,
    style: &'a Style,
    baseline: f32,
    scale: &'a Scale,
) -> impl Iterator<Item = Word> + 'a {
    line.words.iter().enumerate().map(move |(index, word)| Word {
        text: word.text.clone(),
        left: scale.length(word.left),
        right: scale.length(word.right),
        baseline: scale.height_of(baseline),
        size: scale.length(style.size),
        heights: LetterHeights::default(),
        style: WordStyle {
            font: Rc::from(""),
            bold: style.bold,
            italic: false,
            monospace: false,
            struck: false,
        },
        spaced: index > 0,
        link: None,
        order: 0,
        field: None,
    })
}

/// Line that runs up or down the page.
pub(super) fn turned_line(line: &TextLine, style: &Style, scale: &Scale) -> Option<Line> {
    let text: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
    let text = text.join(" ");
    let first = line.words.first()?;
    let run = Run {
        text: text.clone(),
        left: scale.length(first.left),
        ink_right: scale.length(first.right),
        size: scale.length(style.size),
        rotated: true,
        direction: line.direction,
        ..Run::default()
    };
    Line::new(text, vec![run], scale.height_of(line.baseline), 0)
}
