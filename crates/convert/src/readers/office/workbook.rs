use super::package::{MAX_XML_DEPTH, Package};
use super::{chart, relations};
use crate::xml::{XmlEvent, XmlReader, local};

/// Charts of a sheet that are written, at most.
const MAX_CHARTS: usize = 200;

/// Facts about a sheet that the library does not report.
pub(super) struct Sheet {
    pub(super) name: String,
    /// Charts as Markdown.
    pub(super) charts: Vec<String>,
}

/// Lists the sheets of an Excel workbook in order, hidden ones included; empty when they cannot be read.
pub(super) fn sheets(package: &mut Package<'_>) -> Vec<Sheet> {
    const WORKBOOK: &str = "xl/workbook.xml";
    let Some(text) = package.text(WORKBOOK) else {
        return Vec::new();
    };
    let parts = relations::of(package, WORKBOOK);
    let mut sheets = Vec::new();
    for (name, id) in names(&text) {
        let part = parts.iter().find(|relation| relation.id == id);
        let charts = part.map(|part| charts(package, &part.target)).unwrap_or_default();
        sheets.push(Sheet { name, charts });
    }
    sheets
}

fn names(workbook: &str) -> Vec<(String, String)> {
    let mut reader = XmlReader::new(workbook, MAX_XML_DEPTH);
    let mut names = Vec::new();
    while let Ok(Some(event)) = reader.next() {
        let XmlEvent::Start(tag) = event else { continue };
        if tag.local_name() != "sheet" {
            continue;
        }
        let (mut name, mut id) = (String::new(), String::new());
        for (key, value) in tag.attributes() {
            match local(key) {
                "name" => name = value.into_owned(),
                "id" => id = value.into_owned(),
                _ => {}
            }
        }
        names.push((name, id));
    }
    names
}

/// Writes the charts in the drawings of a sheet, which may also be a chart sheet.
fn charts(package: &mut Package<'_>, sheet: &str) -> Vec<String> {
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
    let texts = parts.iter().filter_map(|part| package.text(part));
    texts
        .map(|text| chart::render(&text))
        .filter(|chart| !chart.is_empty())
        .collect()
}
