use unpdf::parser::{FontStatistics, LayoutAnalyzer, TextSpan};

use super::page_text::PageText;
use super::pictures::PagePicture;
use super::source::{Source, TextSource, catch_panics};
use super::tables::{self, DetectedTable, TableContent, TableSplit, WholePage};
use super::text_lines::LineConverter;
use super::whole_page;
use crate::layout::hyphenation::Vocabulary;
use crate::layout::table_placement::{PlacedTable, insert_tables, join_rows};
use crate::layout::{Block, BlockKind, PlacedFigure, headings, paragraphs};

/// Lines of text beside tables, at least, that are the body of the page and set its usual size.
const MIN_BODY_LINES: usize = 3;
/// Sizes that differ by less, in points, are one size.
const SAME_SIZE_POINTS: f32 = 0.05;

/// Page that is laid out.
pub(super) struct LaidOut {
    pub(super) blocks: Vec<Block>,
    pub(super) vocabulary: Vocabulary,
    /// Set if the blocks have places.
    pub(super) placed: bool,
}

impl LaidOut {
    /// Adds pictures at their places in the reading order.
    pub(super) fn add_pictures(&mut self, pictures: Vec<PagePicture>) {
        let placed = pictures
            .into_iter()
            .map(|PagePicture { name, extent }| PlacedTable {
                top: extent.top,
                left: extent.left,
                right: extent.right,
                blocks: vec![Block::figure(PlacedFigure { name, extent })],
            });
        self.blocks = insert_tables(std::mem::take(&mut self.blocks), placed.collect());
    }
}

/// Lays out the page. Takes the spans out of `page`.
///
/// # Errors
/// Reason for the warning: the content of the page made a library panic.
pub(super) fn page_blocks(
    source: &Source<'_>,
    text: &TextSource,
    page: &mut PageText,
) -> Result<LaidOut, String> {
    let spans = std::mem::take(&mut page.spans);
    let (number, has_ruling_lines) = (page.number, page.has_ruling_lines);
    catch_panics(|| lay_out(source, text, number, has_ruling_lines, spans))
        .ok_or_else(|| "its content is broken".to_owned())
}

fn lay_out(
    source: &Source<'_>,
    text: &TextSource,
    number: u32,
    has_ruling_lines: bool,
    spans: Vec<TextSpan>,
) -> LaidOut {
    if let Some(page) = tables::crowded_page(source, number, &spans) {
        return whole(&page);
    }
    let mut analyzer = LayoutAnalyzer::new(&text.backend);
    // Grouping joins the fragments that one text was drawn in. The search for tables needs them joined, so the page is
    // grouped before it and, if tables were found, once more for the text beside them.
    let lines = analyzer.group_spans_into_lines_pub(spans);
    let counts: Vec<usize> = lines.iter().map(|line| line.spans.len()).collect();
    let spans: Vec<TextSpan> = lines.iter().flat_map(|line| line.spans.iter().cloned()).collect();
    let sizes: Vec<(f32, usize)> = spans.iter().map(size_and_weight).collect();
    let mut converter = LineConverter::for_page(&spans);
    let TableSplit { tables, rest } = match tables::detect(source, number, has_ruling_lines, spans) {
        Ok(split) => split,
        Err(page) => return whole(&page),
    };
    let lines = if tables.is_empty() && rest.len() == counts.iter().sum::<usize>() {
        add_sizes(analyzer.font_stats_mut(), sizes);
        lines
    } else {
        add_sizes(analyzer.font_stats_mut(), body_sizes(&rest, sizes));
        analyzer.group_spans_into_lines_pub(rest)
    };
    // The library judges a heading by the lines around it, from which the ruled tables have been taken out.
    let tops: Vec<f32> = tables
        .iter()
        .filter(|table| table.ruled)
        .map(|table| table.top)
        .collect();
    let lines = analyzer.detect_headings_around_pub(lines, &tops);
    let lines = converter.convert(lines);
    let vocabulary = Vocabulary::of(lines.iter());
    let mut blocks = paragraphs::group_lines(lines);
    if !tables.is_empty() {
        let tables = tables.into_iter().map(|table| placed(table, &mut converter));
        blocks = join_rows(insert_tables(blocks, tables.collect()));
    }
    // After the tables are in place: a bold line over a table is a heading, and a bold line at the end is none.
    headings::promote_bold(&mut blocks);
    converter.join_korean(&mut blocks);
    LaidOut {
        blocks,
        vocabulary,
        placed: true,
    }
}

fn whole(WholePage(page): &WholePage) -> LaidOut {
    let blocks = whole_page::blocks(page);
    LaidOut {
        vocabulary: Vocabulary::of(blocks.iter().flat_map(|block| &block.lines)),
        blocks,
        placed: false,
    }
}

fn size_and_weight(span: &TextSpan) -> (f32, usize) {
    (span.font_size, FontStatistics::weight_of(&span.text))
}

/// Tells the library the sizes of the page, by which it finds headings.
fn add_sizes(statistics: &mut FontStatistics, sizes: Vec<(f32, usize)>) {
    for (size, weight) in sizes {
        statistics.add_chars(size, weight);
    }
    statistics.analyze();
}

/// Sizes that define the body text: those of the text beside the tables, if its commonest size has some lines. Large
/// tables of small print would otherwise make headings of the body text.
fn body_sizes(beside: &[TextSpan], all: Vec<(f32, usize)>) -> Vec<(f32, usize)> {
    let sizes: Vec<(f32, usize)> = beside.iter().map(size_and_weight).collect();
    let alike = |a: f32, b: f32| (a - b).abs() < SAME_SIZE_POINTS;
    let weight = |size: f32| -> usize {
        let same = sizes.iter().filter(|(other, _)| alike(*other, size));
        same.map(|&(_, weight)| weight).sum()
    };
    let mut distinct: Vec<f32> = sizes.iter().map(|&(size, _)| size).collect();
    distinct.sort_by(f32::total_cmp);
    distinct.dedup_by(|a, b| alike(*a, *b));
    let body = distinct.into_iter().max_by_key(|&size| weight(size));
    let mut baselines: Vec<f32> = beside
        .iter()
        .filter(|span| body.is_some_and(|body| alike(span.font_size, body)))
        .map(|span| span.y.round())
        .collect();
    // Lines, not runs: a row of ten cells is one line of text.
    baselines.sort_by(f32::total_cmp);
    baselines.dedup();
    if baselines.len() >= MIN_BODY_LINES {
        sizes
    } else {
        all
    }
}

/// Converts a detected table to blocks with a position. Rows that are no table after all become paragraphs.
fn placed(table: DetectedTable, converter: &mut LineConverter) -> PlacedTable {
    let blocks = match table.content {
        TableContent::Table(table) => vec![Block::table(table)],
        TableContent::Rows(rows) => rows
            .into_iter()
            .filter_map(|row| converter.convert_row(row))
            .map(|line| Block::of_line(BlockKind::Paragraph, line))
            .collect(),
    };
    PlacedTable {
        top: table.top,
        left: table.left,
        right: table.right,
        blocks,
    }
}
