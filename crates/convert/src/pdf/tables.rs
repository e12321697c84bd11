use std::ops::ControlFlow;

use unpdf::parser::{TableDetector, TextSpan};
use unpdf::{Block as Element, Page, PageSelection, PageStreamOptions, ParseEvent, Table};

use super::source::Source;
use super::table_cells;
use super::table_region::{TableRegion, without_whitespace};
use crate::layout::extent::Extent;
use crate::layout::table;

/// Confidence of the library below which text in columns is no table.
const MIN_CONFIDENCE: f32 = 0.4;
/// Runs of a page, at most: pages with more are left to the library, since each search for their order takes long.
const MAX_RUNS: usize = 20_000;

/// Table, or rows that look like one and are none, with its position in points.
pub(super) struct DetectedTable {
    pub(super) top: f32,
    pub(super) left: f32,
    pub(super) right: f32,
    /// Found by ruling lines, not by the alignment of its text.
    pub(super) ruled: bool,
    pub(super) content: TableContent,
}

/// Content of a detected table.
pub(super) enum TableContent {
    Table(table::Table),
    /// Spans of each row, where the confidence is too low for a table.
    Rows(Vec<Vec<TextSpan>>),
}

/// Tables of a page and the text beside them.
pub(super) struct TableSplit {
    pub(super) tables: Vec<DetectedTable>,
    pub(super) rest: Vec<TextSpan>,
}

/// The whole page as the library reads it, for a page whose tables cannot be told from its text.
pub(super) struct WholePage(pub(super) Box<Page>);

/// Returns the page as the library reads it if it has too many runs to be read more than once.
pub(super) fn crowded_page(source: &Source<'_>, number: u32, spans: &[TextSpan]) -> Option<WholePage> {
    if spans.len() <= MAX_RUNS {
        return None;
    }
    parse_page(source, number).map(|page| WholePage(Box::new(page)))
}

/// Separates the tables of a page from the text beside them: by ruling lines first, then by alignment.
pub(super) fn detect(
    source: &Source<'_>,
    number: u32,
    has_ruling_lines: bool,
    spans: Vec<TextSpan>,
) -> Result<TableSplit, WholePage> {
    let page = if has_ruling_lines {
        parse_page(source, number)
    } else {
        None
    };
    let Some(page) = page.filter(|page| page.ruled_tables > 0) else {
        return Ok(detect_by_alignment(spans, true));
    };
    let mut split = TableSplit {
        tables: Vec::new(),
        rest: spans,
    };
    let text = without_whitespace(&prose(&page));
    let all: Vec<&Table> = page
        .elements
        .iter()
        .filter_map(|element| match element {
            Element::Table(table) => Some(table),
            _ => None,
        })
        .collect();
    let cells: Vec<String> = all
        .iter()
        .map(|table| without_whitespace(&table.plain_text()))
        .collect();
    for (index, table) in all.iter().enumerate() {
        let region = TableRegion::locate(&split.rest, &cells, index, &text);
        match region {
            Some(region) if region.covers(&split.rest, &cells[index]) => {
                let owned = region.owned_spans(&split.rest, &cells[index], &text);
                let mut owned = owned.into_iter();
                split.rest.retain(|_| !owned.next().unwrap_or(false));
                split.tables.push(DetectedTable {
                    top: region.top,
                    left: region.left,
                    right: region.right,
                    ruled: true,
                    content: TableContent::Table(table_cells::table(table, Some(region.extent()), &[])),
                });
            }
            // A table in the wrong place, or twice, would be worse than the library's own page.
            _ => return Err(WholePage(Box::new(page))),
        }
    }
    let others = detect_by_alignment(split.rest, false);
    split.rest = others.rest;
    split.tables.extend(others.tables);
    Ok(split)
}

/// Parses the page with the library's own table detection.
fn parse_page(source: &Source<'_>, number: u32) -> Option<Page> {
    // One page at a time and on this thread: the sandbox counts threads and memory.
    let options = PageStreamOptions {
        parallel: false,
        pages: PageSelection::Pages(vec![number]),
        ..Default::default()
    };
    let mut read = None;
    let end = source.table_parser()?.for_each_page(options, |event| {
        if let ParseEvent::PageParsed(page) = event {
            read = Some(page);
        }
        ControlFlow::Continue(())
    });
    end.ok()?;
    read
}

/// Detects tables by the alignment of their text. `accept`: tables are wanted. Without it a page that seems to have
/// one is returned whole: beside ruled tables, aligned text is mostly a part of them that was not taken.
fn detect_by_alignment(spans: Vec<TextSpan>, accept: bool) -> TableSplit {
    let detector = TableDetector::new();
    // The detector takes the spans, so they are copied only where they may have to be given back.
    let all = if accept { Vec::new() } else { spans.clone() };
    let (detected, rest) = detector.detect(spans);
    let is_table = |confidence: f32| confidence >= MIN_CONFIDENCE;
    if !accept && detected.iter().any(|table| is_table(table.confidence)) {
        return TableSplit {
            tables: Vec::new(),
            rest: all,
        };
    }
    let tables = detected
        .into_iter()
        .filter_map(|table| {
            // Below the threshold the rows are still kept together: apart, their cells would read as paragraphs.
            let content = if is_table(table.confidence) {
                let model = Some(detector.to_table_model(&table)).filter(|model| !model.is_empty())?;
                let rows: Vec<&[TextSpan]> = table.rows.iter().map(|row| row.spans.as_slice()).collect();
                let extent = Extent {
                    left: table.left_x,
                    bottom: table.bottom_y,
                    right: table.right_x,
                    top: table.top_y,
                };
                TableContent::Table(table_cells::table(&model, Some(extent), &rows))
            } else {
                TableContent::Rows(table.rows.into_iter().map(|row| row.spans).collect())
            };
            Some(DetectedTable {
                top: table.top_y,
                left: table.left_x,
                right: table.right_x,
                ruled: false,
                content,
            })
        })
        .collect();
    TableSplit { tables, rest }
}

/// Text of the page outside its tables.
fn prose(page: &Page) -> String {
    let mut text = String::new();
    for element in &page.elements {
        if !element.is_table() {
            element.append_plain_text(&mut text);
            text.push(' ');
        }
    }
    text
}
