use super::chart::{self, ChartData};
use super::chart_cells::ChartCells;
use super::drawings;
use super::package::{MAX_XML_DEPTH, Package};
use super::relations;
use crate::xml::{XmlEvent, XmlReader, local};

/// Part that lists the sheets.
pub(super) const WORKBOOK: &str = "xl/workbook.xml";
/// Charts of a sheet that are read, at most.
const MAX_CHARTS: usize = 200;

/// Facts about a sheet that the library does not report.
pub(super) struct Sheet {
    pub(super) name: String,
    /// Name of its part, empty if that is unknown.
    pub(super) part: String,
    pub(super) hidden: bool,
    /// Charts whose place is not known.
    pub(super) charts: Vec<ChartData>,
    /// Text boxes, pictures and charts, in the order in which they are read.
    pub(super) drawn: Vec<drawings::Object>,
}

/// Lists the sheets of an Excel workbook in order, hidden ones included; empty when they cannot be read.
pub(super) fn sheets(package: &mut Package<'_>, bytes: &[u8]) -> Vec<Sheet> {
    let mut cells = ChartCells::new(bytes);
    let Some(text) = package.text(WORKBOOK) else {
        return Vec::new();
    };
    let parts = relations::of(package, WORKBOOK);
    let mut sheets = Vec::new();
    for (name, id, hidden) in names(&text) {
        let part = parts.iter().find(|relation| relation.id == id);
        let part = part.map(|part| part.target.clone()).unwrap_or_default();
        let mut charts = charts(package, &part, &mut cells);
        let mut drawn = drawings::of_sheet(package, &part);
        drawn.retain_mut(|object| object.take_chart(&mut charts));
        drawn.sort_by_key(drawings::Object::corner);
        let charts = charts.into_iter().map(|(_, chart)| chart).collect();
        sheets.push(Sheet {
            name,
            part,
            hidden,
            charts,
            drawn,
        });
    }
    sheets
}

/// Names of the sheets, the ids of their parts, and if they are hidden.
fn names(workbook: &str) -> Vec<(String, String, bool)> {
    let mut reader = XmlReader::new(workbook, MAX_XML_DEPTH);
    let mut names = Vec::new();
    while let Ok(Some(event)) = reader.next() {
        let XmlEvent::Start(tag) = event else { continue };
        if tag.local_name() != "sheet" {
            continue;
        }
        let (mut name, mut id, mut hidden) = (String::new(), String::new(), false);
        for (key, value) in tag.attributes() {
            match local(key) {
                "name" => name = value.into_owned(),
                "id" => id = value.into_owned(),
                "state" => hidden = matches!(&*value, "hidden" | "veryHidden"),
                _ => {}
            }
        }
        names.push((name, id, hidden));
    }
    names
}

/// Reads the charts in the drawings of a sheet, which may also be a chart sheet.
fn charts(package: &mut Package<'_>, sheet: &str, cells: &mut ChartCells<'_>) -> Vec<(String, ChartData)> {
    let mut parts = Vec::new();
    for drawing in relations::of(package, sheet)
        .into_iter()
        .filter(|relation| relation.kind == "drawing")
    {
        let drawn = relations::of(package, &drawing.target);
        parts.extend(
            drawn
                .into_iter()
                .filter(|drawn| drawn.kind == "chart")
                .map(|drawn| drawn.target),
        );
    }
    parts.truncate(MAX_CHARTS);
    let mut of_cells = |reference: &str| cells.texts(reference);
    let read = parts.into_iter().filter_map(|part| {
        let chart = chart::read_with(&package.text(&part)?, &mut of_cells)?;
        Some((part, chart))
    });
    read.collect()
}
