use std::collections::HashMap;
use std::io::Cursor;

use anydoc::model::{Block, Document, inlines_to_plain_text};
use calamine::Reader;

use super::cell_facts::{self, CellFacts};
use super::chart::ChartData;
use super::large_sheet::LargeWorkbook;
use super::package::{MAX_XML_DEPTH, Package};
use super::pages::{PageFacts, Pages};
use super::sheet::Sheet;
use super::workbook;
use super::{comments, drawings, odf_chart};
use crate::ir::{self, Annotation, BlockKind};
use crate::readers::guard;
use crate::xml::{XmlEvent, XmlReader};
use crate::{ConvertError, Format};

/// Content of a sheet as the library reports it: its name, unknown for a single sheet, and its blocks.
struct Body<'a> {
    name: Option<String>,
    blocks: Vec<&'a Block>,
}

/// Facts about a sheet that the library does not return.
#[derive(Default)]
struct Known {
    name: String,
    /// The name stands above the sheet even if there is no other.
    titled: bool,
    hidden: bool,
    facts: CellFacts,
    charts: Vec<ChartData>,
    /// Text boxes and pictures.
    drawn: Vec<drawings::Object>,
    comments: Vec<Annotation>,
}

/// Adds the sheets of a workbook and returns their number, hidden and empty ones included.
pub(super) fn add(
    document: &Document,
    bytes: &[u8],
    format: Format,
    mut package: Option<&mut Package<'_>>,
    sheets: Vec<workbook::Sheet>,
    pages: &mut Pages<'_, '_>,
) -> Result<u32, ConvertError> {
    let mut bodies = bodies(document);
    let known = match (format, package.as_deref_mut()) {
        (Format::Xlsx, Some(package)) => excel(package, sheets),
        (Format::Ods, Some(package)) => open_document(package),
        _ => names(legacy(bytes)),
    };
    let single = known.len() == 1;
    let mut count = 0;
    for mut sheet in known {
        count += 1;
        let found = bodies
            .iter()
            .position(|body| single || body.name.as_ref() == Some(&sheet.name));
        let body = found.map(|index| bodies.remove(index));
        sheet.titled |= body.as_ref().is_some_and(|body| body.name.is_some());
        add_sheet(count, sheet, body, package.as_deref_mut(), pages)?;
    }
    for body in bodies {
        count += 1;
        let name = body.name.clone().unwrap_or_default();
        let sheet = Known {
            titled: !name.is_empty(),
            name,
            ..Known::default()
        };
        add_sheet(count, sheet, Some(body), None, pages)?;
    }
    Ok(count)
}

/// Adds the sheets of a workbook that is too large for the library.
pub(super) fn add_large(
    bytes: &[u8],
    sheets: &[workbook::Sheet],
    package: &mut Package<'_>,
    pages: &mut Pages<'_, '_>,
) -> Result<u32, ConvertError> {
    let mut workbook = LargeWorkbook::open(bytes)?;
    let mut count = 0;
    for name in workbook.names() {
        count += 1;
        if !pages.begin(count) {
            continue;
        }
        let known = sheets.iter().find(|sheet| sheet.name == name);
        let hidden = known.is_some_and(|sheet| sheet.hidden);
        let sheet = workbook.sheet(&name)?;
        let charts = known.map(|sheet| sheet.charts.as_slice()).unwrap_or_default();
        let drawn = known.map(|sheet| sheet.drawn.as_slice()).unwrap_or_default();
        if !sheet.cells.is_empty() || !charts.is_empty() || !drawn.is_empty() {
            heading(&name, pages)?;
        }
        sheet.add(&mut pages.mapper)?;
        drawings::add(drawn, &name, package, &mut pages.mapper)?;
        for chart in charts {
            chart.add(&mut pages.mapper)?;
        }
        finish(name, hidden, false, pages)?;
    }
    Ok(count)
}

fn bodies(document: &Document) -> Vec<Body<'_>> {
    let mut bodies: Vec<Body<'_>> = Vec::new();
    for block in &document.blocks {
        if let Block::Heading { content, .. } = block {
            bodies.push(Body {
                name: Some(inlines_to_plain_text(content)),
                blocks: Vec::new(),
            });
            continue;
        }
        if bodies.is_empty() {
            bodies.push(Body {
                name: None,
                blocks: Vec::new(),
            });
        }
        if let Some(body) = bodies.last_mut() {
            body.blocks.push(block);
        }
    }
    bodies
}

fn excel(package: &mut Package<'_>, sheets: Vec<workbook::Sheet>) -> Vec<Known> {
    let formats = cell_facts::formats(package);
    let authors = HashMap::new();
    let known = sheets.into_iter().map(|sheet| Known {
        facts: cell_facts::read(package, &sheet.part, &formats),
        comments: comments::of_part(package, &sheet.part, &authors),
        name: sheet.name,
        titled: true,
        hidden: sheet.hidden,
        charts: sheet.charts,
        drawn: sheet.drawn,
    });
    known.collect()
}

fn open_document(package: &mut Package<'_>) -> Vec<Known> {
    let Some(content) = package.text("content.xml") else {
        return Vec::new();
    };
    let mut known = names(table_names(&content));
    for (index, chart) in odf_chart::of_sheets(package, &content) {
        if let Some(sheet) = known.get_mut(index) {
            sheet.charts.push(chart);
        }
    }
    known
}

fn names(names: Vec<String>) -> Vec<Known> {
    let known = names.into_iter().map(|name| Known {
        name,
        ..Known::default()
    });
    known.collect()
}

/// Names of the sheets of a workbook of the binary format; none if they cannot be read.
fn legacy(bytes: &[u8]) -> Vec<String> {
    let names = guard::catch_panics(|| {
        let workbook = calamine::Xls::new(Cursor::new(bytes)).map_err(super::invalid)?;
        Ok(workbook.sheet_names())
    });
    names.unwrap_or_default()
}

/// Names of the sheets of an OpenDocument spreadsheet.
fn table_names(content: &str) -> Vec<String> {
    let (mut names, mut depth) = (Vec::new(), 0_usize);
    let mut reader = XmlReader::new(content, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) if tag.name() == "table:table" => {
                if depth == 0 {
                    names.push(tag.value("table:name").unwrap_or_default());
                }
                depth += 1;
            }
            XmlEvent::End { name } if name == "table:table" => depth = depth.saturating_sub(1),
            XmlEvent::Start(_) | XmlEvent::End { .. } | XmlEvent::Text(_) => {}
        }
    }
    names
}

/// Adds a sheet: its name, its tables, its charts and its comments.
fn add_sheet(
    number: u32,
    mut sheet: Known,
    body: Option<Body<'_>>,
    package: Option<&mut Package<'_>>,
    pages: &mut Pages<'_, '_>,
) -> Result<(), ConvertError> {
    if !pages.begin(number) {
        return Ok(());
    }
    let blocks = body.map(|body| body.blocks).unwrap_or_default();
    if sheet.titled && !(blocks.is_empty() && sheet.charts.is_empty() && sheet.drawn.is_empty()) {
        heading(&sheet.name, pages)?;
    }
    let mapper = &mut pages.mapper;
    mapper.ledger.found(sheet.facts.without_value);
    mapper
        .ledger
        .left_out("formulas without a stored value", sheet.facts.without_value);
    mapper
        .ledger
        .note("hidden rows", sheet.facts.hidden_rows.len() as u64);
    mapper
        .ledger
        .note("hidden columns", sheet.facts.hidden_columns.len() as u64);
    mapper
        .ledger
        .note("addresses of links left out", sheet.facts.links.left_out);
    let part_hidden = !(sheet.facts.hidden_rows.is_empty() && sheet.facts.hidden_columns.is_empty());
    for block in blocks {
        if let Block::Table(table) = block {
            Sheet::of(&sheet.name, table, &mut sheet.facts).add(mapper)?;
        } else {
            mapper
                .ledger
                .found(super::mapping::units(std::slice::from_ref(block)));
            mapper.blocks(std::slice::from_ref(block))?;
        }
    }
    if let Some(package) = package {
        drawings::add(&sheet.drawn, &sheet.name, package, mapper)?;
    }
    for chart in &sheet.charts {
        chart.add(mapper)?;
    }
    comments::add(sheet.comments, mapper)?;
    mapper.ledger.note("hidden sheets", u64::from(sheet.hidden));
    finish(sheet.name, sheet.hidden, part_hidden, pages)
}

fn heading(name: &str, pages: &mut Pages<'_, '_>) -> Result<(), ConvertError> {
    let ledger = &mut pages.mapper.ledger;
    if !name.trim().is_empty() {
        ledger.found(1);
        ledger.placed();
    }
    let heading = BlockKind::Heading {
        level: 2,
        number: None,
        inlines: vec![ir::Inline::plain(name)],
    };
    pages.mapper.builder.add(heading).map(drop)
}

fn finish(
    name: String,
    hidden: bool,
    part_hidden: bool,
    pages: &mut Pages<'_, '_>,
) -> Result<(), ConvertError> {
    pages.finish(PageFacts {
        label: Some(name),
        hidden,
        part_hidden,
        ..PageFacts::default()
    })
}
