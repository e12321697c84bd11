use super::units::{Unit, UnitWords, units};
use super::{PageTags, Tag, tables};
use crate::layout::drawing::Drawing;
use crate::layout::extent::Extent;
use crate::layout::heading_lines::{self, Surroundings};
use crate::layout::outline_titles::OutlineTitle;
use crate::layout::table_placement::{PlacedTable, insert_tables};
use crate::layout::tables::{self as found_tables, FoundTable};
use crate::layout::text_styles::TextStyles;
use crate::layout::word::Word;
use crate::layout::{Block, BlockKind, Line, figures, headings, lists, paragraphs, reading_order};

/// Headings of a document, at least, for their tags to be all that it has.
const MIN_HEADINGS: usize = 2;
/// Words of a heading, at most: longer text is tagged wrongly.
const MAX_HEADING_WORDS: usize = 40;
/// Height of the page, at its top and bottom, in which artifacts are running headers and footers.
const EDGE_SHARE: f32 = 0.12;
/// Distance of two lines, in multiples of the text size, from which on a paragraph is more than one.
const GAP_EM: f32 = 1.9;

/// Parts of a tagged page beside its words.
#[derive(Clone, Copy)]
pub(in crate::pdf) struct PageParts<'a> {
    pub(in crate::pdf) drawing: &'a Drawing,
    pub(in crate::pdf) styles: &'a TextStyles,
    pub(in crate::pdf) outline: &'a [OutlineTitle],
    /// Width and height in points.
    pub(in crate::pdf) size: [f32; 2],
}

/// Page that is laid out by its tags.
pub(in crate::pdf) struct TaggedPage {
    pub(in crate::pdf) blocks: Vec<Block>,
    /// Running headers and footers.
    pub(in crate::pdf) furniture: Vec<Word>,
}

/// Lays out the words of a page by their tags; `None` if these cannot be trusted.
pub(in crate::pdf) fn blocks(
    tags: &PageTags<'_>,
    words: &[Word],
    page: &PageParts<'_>,
) -> Option<TaggedPage> {
    let word_tags: Vec<Tag> = words.iter().map(|word| tags.tag(word)).collect();
    if !tags.are_trusted(words, &word_tags) {
        return None;
    }
    let units = units(tags, words, &word_tags);
    let grids = grids(tags, words, page.drawing, &units)?;
    let (mut furniture, mut loose) = (Vec::new(), Vec::new());
    for (word, tag) in words.iter().zip(&word_tags) {
        let edge = EDGE_SHARE * page.size[1];
        match tag {
            Tag::Artifact if word.baseline < edge || word.baseline > page.size[1] - edge => {
                furniture.push(word.clone());
            }
            Tag::Artifact | Tag::None => loose.push(word.clone()),
            Tag::Element { .. } => {}
        }
    }
    let mut blocks = Vec::new();
    let mut texts: Vec<(Unit, Vec<Line>)> = Vec::new();
    let by_look = tags.structure.headings < MIN_HEADINGS;
    for UnitWords { unit, words } in units {
        match table_of(tags, unit, &words, &grids) {
            Some(block) => {
                blocks.extend(text_blocks(std::mem::take(&mut texts), page, by_look));
                blocks.push(block);
            }
            None => {
                let words = words.into_iter().map(|(word, _)| word).collect();
                texts.push((unit, reading_order::lines(words)));
            }
        }
    }
    blocks.extend(text_blocks(texts, page, by_look));
    if !loose.is_empty() {
        blocks = insert_tables(blocks, loose_blocks(loose));
    }
    if by_look {
        let lines: Vec<Line> = blocks.iter().flat_map(|block| &block.lines).cloned().collect();
        let drawings = figures::boxes(page.drawing, &lines, page.size);
        headings::promote(&mut blocks, page.styles, &drawings);
    }
    Some(TaggedPage { blocks, furniture })
}

/// Drawn grid, and the words within it.
struct Grid {
    found: FoundTable,
    words: usize,
}

/// Drawn grids of the page; `None` if one of them is not tagged as a table.
fn grids(tags: &PageTags<'_>, words: &[Word], drawing: &Drawing, units: &[UnitWords]) -> Option<Vec<Grid>> {
    let in_tables: Vec<&Word> = units
        .iter()
        .filter(|unit| matches!(unit.unit, Unit::Table { .. }))
        .flat_map(|unit| unit.words.iter().map(|(word, _)| word))
        .collect();
    let mut grids = Vec::new();
    for found in found_tables::find(words.to_vec(), drawing).tables {
        let inside = |word: &&Word| is_inside(word, &found.extent);
        let all = words.iter().filter(inside).count();
        let tagged = in_tables.iter().copied().filter(inside).count();
        if 2 * tagged < all && (found.ruled || !tags.structure.has_tables) {
            return None;
        }
        if found.ruled {
            grids.push(Grid { found, words: all });
        }
    }
    Some(grids)
}

fn is_inside(word: &Word, extent: &Extent) -> bool {
    (extent.left..=extent.right).contains(&word.middle())
        && (extent.bottom..=extent.top).contains(&(word.baseline + 0.3 * word.size))
}

/// Table of a unit: the drawn grid of the same words, or that of the tags.
fn table_of(tags: &PageTags<'_>, unit: Unit, words: &[(Word, u32)], grids: &[Grid]) -> Option<Block> {
    let Unit::Table { element } = unit else {
        return None;
    };
    let holds = |grid: &&Grid| {
        grid.words == words.len() && words.iter().all(|(word, _)| is_inside(word, &grid.found.extent))
    };
    let grid = grids.iter().find(holds);
    let table = match grid {
        Some(grid) => grid.found.table.clone(),
        None => tables::table(tags, element, words)?,
    };
    Some(Block::table(table))
}

/// Blocks of units of text that follow each other.
fn text_blocks(units: Vec<(Unit, Vec<Line>)>, page: &PageParts<'_>, by_look: bool) -> Vec<Block> {
    let mut lengths: Vec<(Unit, usize)> = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    for (unit, own) in units {
        lengths.push((unit, own.len()));
        lines.extend(own);
    }
    if by_look {
        let drawings = figures::boxes(page.drawing, &lines, page.size);
        let surroundings = Surroundings {
            figures: &drawings,
            outline: page.outline,
            ..Surroundings::default()
        };
        heading_lines::mark(&mut lines, page.styles, &surroundings);
    }
    let mut blocks = Vec::new();
    let mut lines = lines.into_iter();
    for (unit, length) in lengths {
        let own: Vec<Line> = lines.by_ref().take(length).collect();
        if !own.is_empty() {
            blocks.extend(unit_blocks(unit, own));
        }
    }
    blocks
}

fn unit_blocks(unit: Unit, mut lines: Vec<Line>) -> Vec<Block> {
    let block = |kind: BlockKind, lines: Vec<Line>| Block {
        kind,
        lines,
        joined_text: None,
        field: None,
    };
    match unit {
        Unit::Heading { level, .. } => {
            let words = lines.iter().map(|line| line.text.split_whitespace().count());
            if words.sum::<usize>() > MAX_HEADING_WORDS {
                return paragraphs::group_lines(lines);
            }
            lines.iter_mut().for_each(|line| line.level = level);
            vec![block(BlockKind::Heading(level), lines)]
        }
        // By its look, for the tags of the document know no headings.
        Unit::Item { .. } if lines.iter().all(Line::is_heading) => paragraphs::group_lines(lines),
        Unit::Item { depth, .. } => match lines.first().and_then(|line| lists::item_at_depth(line, depth)) {
            Some(item) => vec![block(BlockKind::ListItem(item), lines)],
            None => paragraph(lines),
        },
        Unit::Text { .. } => paragraph(lines),
        Unit::Figure { .. } | Unit::Table { .. } => {
            lines.iter_mut().for_each(|line| line.level = 0);
            paragraphs::group_lines(lines)
        }
    }
}

/// Blocks of an element of text: one paragraph, unless its lines say otherwise.
fn paragraph(lines: Vec<Line>) -> Vec<Block> {
    let special =
        |line: &Line| line.is_heading() || line.is_code() || line.is_row() || lists::begins_item(line);
    let gap = |pair: &[Line]| match pair {
        [above, line] => above.baseline - line.baseline > GAP_EM * line.size.max(above.size),
        _ => false,
    };
    if lines.iter().any(special) || lines.windows(2).any(gap) {
        return paragraphs::group_lines(lines);
    }
    vec![Block {
        kind: BlockKind::Paragraph,
        lines,
        joined_text: None,
        field: None,
    }]
}

/// Blocks of words without a tag, with their places.
fn loose_blocks(words: Vec<Word>) -> Vec<PlacedTable> {
    let blocks = paragraphs::group_lines(reading_order::lines(words));
    let placed = blocks.into_iter().map(|block| {
        let (top, left, right) = block.extent();
        PlacedTable {
            top,
            left,
            right,
            blocks: vec![block],
        }
    });
    placed.collect()
}
