use super::page::{Direction, Frame, WordGroup, form_fields};
use super::page_text::PageText;
use super::pictures::PagePicture;
use super::source::catch_panics;
use crate::layout::extent::{Extent, Viewport};
use crate::layout::heading_lines::{self, TextSizes};
use crate::layout::hyphenation::Vocabulary;
use crate::layout::table_placement::{PlacedTable, insert_tables, join_rows};
use crate::layout::tables::{self, Found, FoundTable};
use crate::layout::{Block, BlockKind, Line, PlacedFigure, fields, headings, reading_order};

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
pub(super) fn page_blocks(page: &mut PageText, sizes: &TextSizes) -> Result<LaidOut, String> {
    let groups = std::mem::take(&mut page.groups);
    let furniture = std::mem::take(&mut page.furniture);
    let frame = groups.first().map(|group| group.frame);
    catch_panics(|| {
        let mut layout = Layout {
            page,
            sizes,
            vocabulary: Vocabulary::default(),
            too_many_words: false,
        };
        let mut parts: Vec<Part> = groups.into_iter().map(|group| layout.part(group)).collect();
        if let Some(part) = parts.first_mut() {
            let height = frame.map_or(page.size.1, |frame| frame.height);
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

/// Page that is being laid out.
struct Layout<'a> {
    page: &'a PageText,
    sizes: &'a TextSizes,
    vocabulary: Vocabulary,
    too_many_words: bool,
}

impl Layout<'_> {
    fn part(&mut self, group: WordGroup) -> Part {
        let WordGroup { frame, words } = group;
        let viewport = frame.viewport(self.page.number);
        let askew = matches!(frame.direction, Direction::Askew(_));
        let body = self.sizes.body();
        let Found {
            tables,
            rest,
            cut_off,
        } = match askew {
            true => Found::none(words),
            false => tables::find(words, &frame.drawing(&self.page.drawing)),
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
        heading_lines::mark(&mut lines, self.sizes, &tops);
        self.vocabulary.add(lines.iter());
        let fields = form_fields(&self.page.widgets, &frame);
        let mut blocks = fields::group_lines(lines, &fields);
        if !tables.is_empty() {
            blocks = join_rows(insert_tables(blocks, tables.into_iter().map(placed).collect()));
        }
        // After the tables are in place: a bold line over a table is a heading, and a bold line at the end is none.
        headings::promote_bold(&mut blocks);
        Part { blocks, viewport }
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
