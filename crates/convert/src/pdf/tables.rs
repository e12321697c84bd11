use std::ops::ControlFlow;

use unpdf::parser::{TableDetector, TextSpan};
use unpdf::render::{RenderOptions, to_markdown};
use unpdf::{Block as Element, Document, Page, PageSelection, PageStreamOptions, ParseEvent, Table};

use super::place::Place;
use super::source::Source;

/// Below this, text in columns is no table.
const CONFIDENCE: f32 = 0.4;
/// Each of so many runs is looked for in the page's text; more would take too long.
const MOST: usize = 10_000;

/// A table, or rows that look like one and are none, and where it stands.
pub(super) struct Found {
    pub(super) top: f32,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) ruled: bool,
    pub(super) content: Content,
}

pub(super) enum Content {
    /// As Markdown.
    Table(String),
    /// The spans of each row.
    Rows(Vec<Vec<TextSpan>>),
}

/// The tables of a page and the text beside them.
pub(super) struct Tables {
    pub(super) found: Vec<Found>,
    pub(super) rest: Vec<TextSpan>,
}

/// Why the tables of a page could not be told from its text: the page as the library wrote it.
pub(super) struct Whole(pub(super) String);

/// Finds the tables among the runs of text.
pub(super) fn find(
    source: &Source<'_>,
    number: u32,
    ruled: bool,
    spans: Vec<TextSpan>,
) -> Result<Tables, Whole> {
    let page = if ruled { page(source, number) } else { None };
    let Some(page) = page.filter(|page| page.ruled_tables > 0) else {
        return Ok(aligned(spans, true));
    };
    if spans.len() > MOST {
        return Err(Whole(render(page, &RenderOptions::default())));
    }
    let mut tables = Tables {
        found: Vec::new(),
        rest: spans,
    };
    let text = packed(&prose(&page));
    let all: Vec<&Table> = page
        .elements
        .iter()
        .filter_map(|element| match element {
            Element::Table(table) => Some(table),
            _ => None,
        })
        .collect();
    let cells: Vec<String> = all.iter().map(|table| packed(&table.plain_text())).collect();
    for (index, table) in all.iter().enumerate() {
        let place = Place::of(&tables.rest, &cells, index, &text);
        match place {
            Some(place) if place.covers(&tables.rest, &cells[index]) => {
                let taken = place.taken(&tables.rest, &cells[index], &text);
                let mut taken = taken.into_iter();
                tables.rest.retain(|_| !taken.next().unwrap_or(false));
                tables.found.push(Found {
                    top: place.top,
                    left: place.left,
                    right: place.right,
                    ruled: true,
                    content: Content::Table(written((*table).clone())),
                });
            }
            _ => return Err(Whole(render(page, &RenderOptions::default()))),
        }
    }
    let others = aligned(tables.rest, false);
    tables.rest = others.rest;
    tables.found.extend(others.found);
    Ok(tables)
}

/// The page as the library reads it, rules and all.
fn page(source: &Source<'_>, number: u32) -> Option<Page> {
    let options = PageStreamOptions {
        parallel: false,
        pages: PageSelection::Pages(vec![number]),
        ..Default::default()
    };
    let mut read = None;
    let end = source.ruled()?.for_each_page(options, |event| {
        if let ParseEvent::PageParsed(page) = event {
            read = Some(page);
        }
        ControlFlow::Continue(())
    });
    end.ok()?;
    read
}

/// The tables that the alignment of the text alone shows.
fn aligned(spans: Vec<TextSpan>, tables: bool) -> Tables {
    let detector = TableDetector::new();
    let all = if tables { Vec::new() } else { spans.clone() };
    let (detected, rest) = detector.detect(spans);
    let sure = |confidence: f32| confidence >= CONFIDENCE;
    if !tables && detected.iter().any(|table| sure(table.confidence)) {
        return Tables {
            found: Vec::new(),
            rest: all,
        };
    }
    let found = detected
        .into_iter()
        .filter_map(|table| {
            let content = if sure(table.confidence) {
                let model = detector.to_table_model(&table);
                Content::Table(written(Some(model).filter(|model| !model.is_empty())?))
            } else {
                Content::Rows(table.rows.into_iter().map(|row| row.spans).collect())
            };
            Some(Found {
                top: table.top_y,
                left: table.left_x,
                right: table.right_x,
                ruled: false,
                content,
            })
        })
        .collect();
    Tables { found, rest }
}

fn written(table: Table) -> String {
    let mut page = Page::new(1, 0.0, 0.0);
    page.add_table(table);
    // The library's cleaning is for whole pages, and dear.
    let options = RenderOptions {
        cleanup: None,
        ..RenderOptions::default()
    };
    render(page, &options)
}

fn render(page: Page, options: &RenderOptions) -> String {
    let mut document = Document::new();
    document.add_page(page);
    to_markdown(&document, options).unwrap_or_default()
}

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

/// The text without white space, which differs between runs and what is made of them.
pub(super) fn packed(text: &str) -> String {
    text.split_whitespace().collect()
}
