use hayro::hayro_syntax::object::ObjectIdentifier;

use super::page::{Direction, Frame, WordGroup, form_fields};
use super::page_text::PageText;
use super::pictures::PagePicture;
use super::source::catch_panics;
use super::structure::Structure;
use super::tagged::{self, PageParts, PageTags};
use crate::layout::drawing::Drawing;
use crate::layout::extent::{Extent, Viewport};
use crate::layout::heading_lines::{self, Surroundings};
use crate::layout::hyphenation::Vocabulary;
use crate::layout::outline_titles::OutlineTitle;
use crate::layout::table_placement::{PlacedTable, insert_tables, join_rows};
use crate::layout::tables::{self, Found, FoundTable};
use crate::layout::text_styles::TextStyles;
use crate::layout::word::Word;
use crate::layout::{Block, BlockKind, Line, PlacedFigure, fields, figures, headings, reading_order};

/// Size of turned text, in multiples of that of the body, from which on it is a watermark.
const WATERMARK_RATIO: f32 = 1.8;

/// Page that is laid out.
pub(super) struct LaidOut {
    /// Blocks of each direction of text.
    pub(super) parts: Vec<Part>,
    pub(super) vocabulary: Vocabulary,
    /// Set if there are too many words to look for tables.
    pub(super) too_many_words: bool,
    /// Frame of the first part.
    frame: Option<Frame>,
}

/// Blocks of the text of one direction.
pub(super) struct Part {
    pub(super) blocks: Vec<Block>,
    pub(super) viewport: Option<Viewport>,
}

impl LaidOut {
    /// Adds pictures at their places in the reading order.
    pub(super) fn add_pictures(&mut self, pictures: Vec<PagePicture>, page: &PageText) {
        let frame = self
            .frame
            .unwrap_or_else(|| Direction::Right.frame(page.size.0, page.size.1));
        let placed = pictures.into_iter().map(|PagePicture { name, extent }| {
            let extent = frame.extent(extent);
            PlacedTable {
                top: extent.top,
                left: extent.left,
                right: extent.right,
                blocks: vec![Block::figure(PlacedFigure { name, extent })],
            }
        });
        match self.parts.first_mut() {
            Some(part) => part.blocks = insert_tables(std::mem::take(&mut part.blocks), placed.collect()),
            None => self.parts.push(Part {
                blocks: placed.flat_map(|placed| placed.blocks).collect(),
                viewport: frame.viewport(page.number),
            }),
        }
    }
}

/// Lays out the page. Takes the words out of `page`.
///
/// # Errors
/// Reason for the warning: the content of the page made the layout panic.
pub(super) fn page_blocks(page: &mut PageText, known: &Known<'_>) -> Result<LaidOut, String> {
    let groups = std::mem::take(&mut page.groups);
    let furniture = std::mem::take(&mut page.furniture);
    let frame = groups.first().map(|group| group.frame);
    catch_panics(|| {
        let mut layout = Layout {
            page,
            known,
            furniture,
            vocabulary: Vocabulary::default(),
            too_many_words: false,
        };
        let mut parts: Vec<Part> = groups.into_iter().map(|group| layout.part(group)).collect();
        if let Some(part) = parts.first_mut() {
            let height = frame.map_or(page.size.1, |frame| frame.height);
            let furniture = std::mem::take(&mut layout.furniture);
            add_furniture(part, reading_order::lines(furniture), height);
        }
        LaidOut {
            parts,
            vocabulary: layout.vocabulary,
            too_many_words: layout.too_many_words,
            frame,
        }
    })
    .ok_or_else(|| "its content is broken".to_owned())
}

/// Facts of the document that the layout of a page uses.
pub(super) struct Known<'a> {
    pub(super) styles: &'a TextStyles,
    /// Titles that the outline gives to the page.
    pub(super) outline: &'a [OutlineTitle],
    pub(super) structure: &'a Structure,
    /// Object of the page.
    pub(super) page: Option<ObjectIdentifier>,
}

/// Page that is being laid out.
struct Layout<'a> {
    page: &'a PageText,
    known: &'a Known<'a>,
    /// Running headers and footers of the first part.
    furniture: Vec<Word>,
    vocabulary: Vocabulary,
    too_many_words: bool,
}

impl Layout<'_> {
    fn part(&mut self, group: WordGroup) -> Part {
        let WordGroup { frame, mut words } = group;
        if self.known.styles.is_typewritten() {
            // A typewriter has no other pitch, so that it says nothing about code.
            words.iter_mut().for_each(|word| word.style.monospace = false);
        }
        let viewport = frame.viewport(self.page.number);
        let askew = matches!(frame.direction, Direction::Askew(_));
        let body = self.known.styles.body();
        let drawing = frame.drawing(&self.page.drawing);
        if let Some(part) = self.tagged_part(&words, &frame, &drawing) {
            return part;
        }
        let Found {
            tables,
            rest,
            cut_off,
        } = match askew {
            true => Found::none(words),
            false => tables::find(words, &drawing),
        };
        self.too_many_words |= cut_off;
        let mut lines = reading_order::lines(rest);
        if askew && lines.iter().all(|line| line.size > WATERMARK_RATIO * body) {
            let blocks = lines
                .into_iter()
                .map(|line| Block::of_line(BlockKind::Watermark, line));
            return Part {
                blocks: blocks.collect(),
                viewport,
            };
        }
        // Lines above and below a table are no neighbours.
        let ruled = tables.iter().filter(|table| table.ruled);
        let tops: Vec<f32> = ruled.map(|table| table.extent.top).collect();
        let figures = match askew {
            true => Vec::new(),
            false => figures::boxes(&drawing, &lines, [frame.width, frame.height]),
        };
        let surroundings = Surroundings {
            tables: &tops,
            figures: &figures,
            outline: self.known.outline,
        };
        heading_lines::mark(&mut lines, self.known.styles, &surroundings);
        self.vocabulary.add(lines.iter());
        let fields = form_fields(&self.page.widgets, &frame);
        let mut blocks = fields::group_lines(lines, &fields);
        if !tables.is_empty() {
            blocks = join_rows(insert_tables(blocks, tables.into_iter().map(placed).collect()));
        }
        // After the tables are in place: a bold line over a table is a heading, and a bold line at the end is none.
        headings::promote(&mut blocks, self.known.styles, &figures);
        Part { blocks, viewport }
    }
}

impl Layout<'_> {
    /// Part that is laid out by its tags, if these can be trusted.
    fn tagged_part(&mut self, words: &[Word], frame: &Frame, drawing: &Drawing) -> Option<Part> {
        // Values of a form are no content that has marks: they belong to the labels beside them.
        let is_filled_in = words.iter().any(|word| word.field.is_some());
        if frame.direction != Direction::Right || self.page.parts.is_empty() || is_filled_in {
            return None;
        }
        let tags = PageTags::of(self.known.structure, self.known.page?, &self.page.parts)?;
        let page = PageParts {
            drawing,
            styles: self.known.styles,
            outline: self.known.outline,
            size: [frame.width, frame.height],
        };
        let tagged = tagged::blocks(&tags, words, &page)?;
        self.furniture.extend(tagged.furniture);
        self.vocabulary
            .add(tagged.blocks.iter().flat_map(|block| &block.lines));
        Some(Part {
            blocks: tagged.blocks,
            viewport: frame.viewport(self.page.number),
        })
    }
}

fn placed(found: FoundTable) -> PlacedTable {
    let Extent { left, right, top, .. } = found.extent;
    PlacedTable {
        top,
        left,
        right,
        blocks: vec![Block::table(found.table)],
    }
}

/// Puts running headers in front of the blocks and footers behind them.
fn add_furniture(part: &mut Part, lines: Vec<Line>, height: f32) {
    let (headers, footers): (Vec<Line>, Vec<Line>) =
        lines.into_iter().partition(|line| line.baseline > height / 2.0);
    let block = |line: Line, kind: BlockKind| {
        let is_number = !line.text.chars().any(char::is_alphabetic);
        Block::of_line(if is_number { BlockKind::PageNumber } else { kind }, line)
    };
    let headers = headers.into_iter().map(|line| block(line, BlockKind::Header));
    part.blocks.splice(0..0, headers);
    let footers = footers.into_iter().map(|line| block(line, BlockKind::Footer));
    part.blocks.extend(footers);
}
