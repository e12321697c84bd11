use std::collections::HashMap;
use std::io::Cursor;

use anydoc::model::{Block, Document, inlines_to_plain_text};
use calamine::Reader;

use super::cell_facts::{self, CellFacts};
use super::chart::ChartData;
use super::large_sheet::LargeWorkbook;
use super::legacy_workbook::LegacySheet;
use super::mapping::Mapper;
use super::open_sheets::{self, OpenSheet};
use super::package::Package;
use super::pages::{PageFacts, Pages};
use super::sheet::Sheet;
use super::workbook;
use super::{comments, drawings, odf_chart, row_gaps};
use crate::ir::{self, Annotation, BlockKind};
use crate::readers::guard;
use crate::{ConvertError, Format};

/// Content of a sheet as the library reports it: its name, unknown for a single sheet, and its blocks.
struct Body<'a> {
    name: Option<String>,
    blocks: Vec<&'a Block>,
}

/// Sheets of a workbook that are known beside what the library returns.
#[derive(Default)]
pub(super) struct Listed {
    /// Those of an Excel package.
    pub(super) sheets: Vec<workbook::Sheet>,
    /// Those of a binary workbook.
    pub(super) legacy: Vec<LegacySheet>,
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

impl From<LegacySheet> for Known {
    fn from(mut sheet: LegacySheet) -> Self {
        let mut facts = CellFacts::hiding(sheet.first, sheet.hidden_rows, sheet.hidden_columns);
        facts.links = sheet.objects.links();
        facts.gaps = sheet.gaps;
        Self {
            name: sheet.name,
            hidden: sheet.hidden,
            facts,
            comments: sheet.objects.comments(),
            ..Self::default()
        }
    }
}

impl From<OpenSheet> for Known {
    fn from(sheet: OpenSheet) -> Self {
        Self {
            name: sheet.name,
            hidden: sheet.hidden,
            facts: CellFacts::hiding(sheet.first, sheet.hidden_rows, sheet.hidden_columns),
            ..Self::default()
        }
    }
}

/// Adds the sheets of a workbook and returns their number, hidden and empty ones included.
pub(super) fn add(
    document: &Document,
    bytes: &[u8],
    format: Format,
    mut package: Option<&mut Package<'_>>,
    listed: Listed,
    pages: &mut Pages<'_, '_>,
) -> Result<u32, ConvertError> {
    let mut bodies = bodies(document);
    let known = match (format, package.as_deref_mut()) {
        (Format::Xlsx, Some(package)) => excel(package, listed.sheets),
        (Format::Ods, Some(package)) => open_document(package),
        _ if !listed.legacy.is_empty() => listed.legacy.into_iter().map(Known::from).collect(),
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
        sheet.add(&mut pages.mapper, &mut |_, _| Ok(()))?;
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
    let mut known: Vec<Known> = open_sheets::read(&content).into_iter().map(Known::from).collect();
    let gaps = row_gaps::closed(&content).map_or_else(Vec::new, |(_, gaps)| gaps);
    for (sheet, gaps) in known.iter_mut().zip(gaps) {
        sheet.facts.gaps = gaps;
    }
    for (index, chart) in odf_chart::of_sheets(package, &content) {
        if let Some(sheet) = known.get_mut(index) {
            sheet.charts.push(chart);
        }
    }
    let comments = comments::of_elements(package, "table:table");
    for (sheet, comments) in known.iter_mut().zip(comments) {
        sheet.comments = comments;
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
    mapper.ledger.note(
        "formulas shown without their value, which the file does not hold",
        sheet.facts.without_value,
    );
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
    let mut drawn = Drawn {
        objects: &sheet.drawn,
        sheet: &sheet.name,
        package,
    };
    for block in blocks {
        if let Block::Table(table) = block {
            let cells = Sheet::of(&sheet.name, table, &mut sheet.facts);
            cells.add(mapper, &mut |at, mapper| drawn.add_before(at, mapper))?;
        } else {
            mapper
                .ledger
                .found(super::mapping::units(std::slice::from_ref(block)));
            mapper.blocks(std::slice::from_ref(block))?;
        }
    }
    drawn.add_rest(mapper)?;
    for chart in &sheet.charts {
        chart.add(mapper)?;
    }
    comments::add(sheet.comments, mapper)?;
    mapper.ledger.note("hidden sheets", u64::from(sheet.hidden));
    finish(sheet.name, sheet.hidden, part_hidden, pages)
}

/// Objects of a sheet that are not yet added, in the order of their places.
struct Drawn<'s, 'p, 'a> {
    objects: &'s [drawings::Object],
    sheet: &'s str,
    package: Option<&'p mut Package<'a>>,
}

impl Drawn<'_, '_, '_> {
    /// Adds the objects whose corner is before a cell.
    fn add_before(&mut self, at: (u32, u32), mapper: &mut Mapper<'_, '_>) -> Result<(), ConvertError> {
        let count = self.objects.partition_point(|object| object.corner() < at);
        self.add(count, mapper)
    }

    /// Adds all that are left.
    fn add_rest(&mut self, mapper: &mut Mapper<'_, '_>) -> Result<(), ConvertError> {
        self.add(self.objects.len(), mapper)
    }

    fn add(&mut self, count: usize, mapper: &mut Mapper<'_, '_>) -> Result<(), ConvertError> {
        let (objects, rest) = self.objects.split_at(count.min(self.objects.len()));
        self.objects = rest;
        match &mut self.package {
            Some(package) => drawings::add(objects, self.sheet, package, mapper),
            None => Ok(()),
        }
    }
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
