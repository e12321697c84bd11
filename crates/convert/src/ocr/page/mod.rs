//! Lines of a recognized page to blocks of the document model, by the layout.

mod baselines;
mod places;
mod styles;
mod words;

use ilios_ocr::{Reading, TextLine};

use self::places::Scale;
use self::styles::Style;
use crate::ConvertError;
use crate::ir::{Block, Builder, Confidence, Doubt};
use crate::layout::drawing::{Drawing, Rule};
use crate::layout::heading_lines::{self, Surroundings};
use crate::layout::hyphenation::Vocabulary;
use crate::layout::table_placement::{PlacedTable, insert_tables, join_rows};
use crate::layout::tables::{self, Found, FoundTable};
use crate::layout::text_styles::TextStyles;
use crate::layout::{self, Word, headings, model, paragraphs, reading_order};
use crate::options::Places;
use crate::places::give;

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
    let (body, styles) = styles::of_lines(&reading.lines);
    let scale = Scale::of(reading, body);
    let (laid_out, vocabulary) = lay_out(reading, &styles, &scale);
    let viewport = scale.viewport(page, reading.turn);
    builder.begin_page(page);
    model::add_blocks(&laid_out, &vocabulary, Some(&viewport), builder)?;
    let (mut blocks, doubts) = builder.finish_page()?;
    places::finish(&mut blocks, reading, &scale, unit);
    model::place_lists(&mut blocks);
    if builder.places() != Places::Block {
        let words = places::words(reading, &scale, &viewport, unit);
        give(&words, &mut blocks, builder)?;
    }
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

/// Mean confidence by the letters of the words; `None` without any.
pub(super) fn letter_confidence(reading: &Reading) -> Option<f32> {
    let words = reading.lines.iter().flat_map(|line| &line.words);
    let (sum, letters) = words.fold((0.0, 0_usize), |(sum, all), word| {
        let letters = word.text.chars().count();
        (sum + word.confidence * letters as f32, all + letters)
    });
    (letters > 0).then(|| sum / letters as f32)
}

fn lay_out(reading: &Reading, styles: &[Style], scale: &Scale) -> (Vec<layout::Block>, Vocabulary) {
    let baselines = baselines::even(&reading.lines, styles);
    let lines = || reading.lines.iter().zip(styles);
    let upright = |line: &TextLine| line.direction[0] > 0.0;
    let level = lines().zip(baselines).filter(|((line, _), _)| upright(line));
    let words = (0..)
        .zip(level)
        .flat_map(|(stretch, ((line, style), baseline))| {
            words::of_line(line, style, baseline, scale).map(move |word| Word {
                order: stretch,
                ..word
            })
        })
        .collect();
    let mut sizes = TextStyles::default();
    for (line, style) in lines().filter(|(line, _)| upright(line)) {
        sizes.add(scale.length(style.size), styles::letters(line));
    }
    let Found { tables, rest, .. } = tables::find(words, &drawing(reading, scale));
    let mut text = reading_order::scanned_lines(rest);
    let tops: Vec<f32> = tables.iter().map(|table| table.extent.top).collect();
    let surroundings = Surroundings {
        tables: &tops,
        ..Surroundings::default()
    };
    heading_lines::mark(&mut text, &sizes, &surroundings);
    let turned = lines().filter(|(line, _)| !upright(line));
    text.extend(turned.filter_map(|(line, style)| words::turned_line(line, style, scale)));
    let vocabulary = Vocabulary::of(text.iter());
    let mut blocks = paragraphs::group_lines(text);
    if !tables.is_empty() {
        blocks = join_rows(insert_tables(blocks, tables.into_iter().map(placed).collect()));
    }
    headings::promote_bold(&mut blocks);
    (blocks, vocabulary)
}

/// Rules of the page.
fn drawing(reading: &Reading, scale: &Scale) -> Drawing {
    let place = |[x, y]: [f32; 2]| [scale.length(x), scale.height_of(y)];
    let rules = reading.rules.iter().map(|rule| {
        let (from, to) = (place(rule.from), place(rule.to));
        // The lower end is the first.
        let [from, to] = if to[1] < from[1] { [to, from] } else { [from, to] };
        Rule {
            from,
            to,
            width: scale.length(rule.width),
            order: 0,
        }
    });
    Drawing {
        rules: rules.collect(),
        ..Drawing::default()
    }
}

fn placed(found: FoundTable) -> PlacedTable {
    let extent = found.extent;
    PlacedTable {
        top: extent.top,
        left: extent.left,
        right: extent.right,
        blocks: vec![layout::Block::table(found.table)],
    }
}
