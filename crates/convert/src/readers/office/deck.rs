//! Presentations and books: the blocks of their slides and chapters.

use std::collections::BTreeMap;

use anydoc::model::{Block, Document, Note, inlines_to_plain_text};

use super::masters::Masters;
use super::package::Package;
use super::pages::{PageFacts, Pages};
use super::slides::{self, Slides};
use super::{book_notes, comments, hidden_slides, signs};
use crate::ir::Annotation;
use crate::{ConvertError, Format};

/// Adds the slides of a presentation; returns their number, or `None` if the slides cannot be told apart.
pub(super) fn add_slides(
    document: &Document,
    format: Format,
    package: &mut Package<'_>,
    pages: &mut Pages<'_, '_>,
) -> Result<Option<u32>, ConvertError> {
    let mut parts: BTreeMap<u32, &[Block]> = BTreeMap::new();
    let begins: Vec<(usize, u32)> = (document.blocks.iter().enumerate())
        .filter_map(|(index, block)| Some((index, slides::beginning(block)?)))
        .collect();
    let ends = begins.iter().skip(1).map(|(index, _)| *index);
    for ((begin, number), end) in begins.iter().zip(ends.chain([document.blocks.len()])) {
        let blocks = document.blocks.get(begin + 1..end).unwrap_or_default();
        parts.entry(*number).or_insert(blocks);
    }
    let before = begins.first().map_or(document.blocks.len(), |(index, _)| *index);
    if before > 0 {
        return Ok(None);
    }
    let deck = match format {
        Format::Pptx => slides::of(package),
        _ => Slides::default(),
    };
    let authors = comments::authors(package);
    let mut open_comments = match format {
        Format::Odp => comments::of_elements(package, "draw:page"),
        _ => Vec::new(),
    };
    let open_hidden = match format {
        Format::Odp => hidden_slides::of(package),
        _ => Vec::new(),
    };
    let mut masters = Masters::default();
    let last = parts.last_key_value().map_or(0, |(number, _)| *number);
    let count = last.max(u32::try_from(deck.parts.len()).unwrap_or(u32::MAX));
    for (number, index) in (1..=count).zip(0..) {
        if !pages.begin(number) {
            continue;
        }
        let blocks = parts.get(&number).copied().unwrap_or_default();
        let part = deck.parts.get::<usize>(index).map(String::as_str);
        pages.mapper.ledger.found(super::mapping::units(blocks));
        pages.mapper.blocks(blocks)?;
        if let Some(part) = part {
            masters.add(part, package, &mut pages.mapper)?;
        }
        if let Some(found) = open_comments.get_mut::<usize>(index) {
            comments::add(std::mem::take(found), &mut pages.mapper)?;
        }
        let hidden = match part {
            Some(part) => slides::is_hidden(package, part),
            None => open_hidden.get::<usize>(index) == Some(&true),
        };
        if let Some(part) = part {
            let found: Vec<Annotation> = comments::of_part(package, part, &authors);
            comments::add(found, &mut pages.mapper)?;
        }
        pages.mapper.ledger.note("hidden slides", u64::from(hidden));
        pages.finish(PageFacts {
            label: title(blocks),
            size: deck.size,
            hidden,
            part_hidden: false,
        })?;
    }
    Ok(Some(count))
}

/// Adds the chapters of a book and returns their number. The title of the book stands before the first chapter, unless
/// that begins with it.
pub(super) fn add_chapters(
    document: &Document,
    notes: &[Note],
    pages: &mut Pages<'_, '_>,
) -> Result<u32, ConvertError> {
    let mut chapters: Vec<Vec<&Block>> = Vec::new();
    let mut front: Vec<&Block> = Vec::new();
    for block in &document.blocks {
        if slides::chapter(block).is_some() {
            chapters.push(std::mem::take(&mut front));
        }
        chapters.last_mut().unwrap_or(&mut front).push(block);
    }
    if chapters.is_empty() {
        chapters.push(front);
    }
    let mut count = 0;
    for (number, mut blocks) in (1..).zip(chapters) {
        count = number;
        if number == 1 {
            without_repeated_title(&mut blocks);
        }
        if pages.begin(number) {
            let owned: u64 = blocks
                .iter()
                .map(|block| super::mapping::units(std::slice::from_ref(block)))
                .sum();
            pages.mapper.ledger.found(owned);
            pages.mapper.block_row(&blocks)?;
            let part = blocks.iter().find_map(|block| slides::chapter(block));
            pages
                .mapper
                .notes(notes, |note| part == Some(book_notes::chapter(note)))?;
            pages.finish(PageFacts {
                label: blocks.iter().find_map(|block| heading(block)),
                ..PageFacts::default()
            })?;
        }
    }
    Ok(count)
}

/// Removes the title of the book if the first chapter begins with it.
fn without_repeated_title(blocks: &mut Vec<&Block>) {
    let headings: Vec<String> = blocks.iter().take(3).filter_map(|block| heading(block)).collect();
    let first = blocks
        .first()
        .is_some_and(|block| matches!(block, Block::Heading { .. }));
    if let [title, second, ..] = headings.as_slice()
        && first
        && title == second
    {
        blocks.remove(0);
    }
}

fn title(blocks: &[Block]) -> Option<String> {
    blocks.iter().find_map(heading)
}

fn heading(block: &Block) -> Option<String> {
    match block {
        Block::Heading { content, .. } => {
            let text = inlines_to_plain_text(content);
            let text = signs::plain(&text);
            Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}
