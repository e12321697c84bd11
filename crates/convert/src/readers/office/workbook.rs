use quick_xml::events::Event;

use super::package::Package;
use super::{chart, relations};

/// Charts of a sheet that are written.
const CHARTS: usize = 200;

/// What the library does not tell of a sheet.
pub(super) struct Sheet {
    pub(super) name: String,
    /// Its charts as Markdown.
    pub(super) charts: Vec<String>,
}

/// The visible and hidden sheets of an Excel workbook, in their order; empty when they cannot be told.
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
    let mut reader = quick_xml::Reader::from_str(workbook);
    let mut names = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == "sheet" => {
                let (mut name, mut id) = (String::new(), String::new());
                for attribute in tag.attributes().with_checks(false).filter_map(Result::ok) {
                    let value = quick_xml::escape::unescape(&attribute.value).unwrap_or_default();
                    match attribute.key.local_name().as_ref() {
                        "name" => name = value.into_owned(),
                        "id" => id = value.into_owned(),
                        _ => {}
                    }
                }
                names.push((name, id));
            }
            Ok(Event::Eof) | Err(_) => return names,
            Ok(_) => {}
        }
    }
}

/// The charts that a sheet's drawings show; a sheet of a chart alone is such a sheet, too.
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
    parts.truncate(CHARTS);
    let texts = parts.iter().filter_map(|part| package.text(part));
    texts
        .map(|text| chart::render(&text))
        .filter(|chart| !chart.is_empty())
        .collect()
}
