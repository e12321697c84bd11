use super::package::MAX_XML_DEPTH;
use crate::write::markdown;
use crate::xml::{XmlEvent, XmlReader};

/// Points of a chart that are written, at most.
const MAX_POINTS: usize = 1_000;
/// Series of a chart that are written, at most.
const MAX_SERIES: usize = 100;

/// Writes a chart part (DrawingML, ISO/IEC 29500-1, section 21.2) as its title, its kind and the table of its cached
/// values, which are those that the chart showed last.
pub(super) fn render(xml: &str) -> String {
    let chart = parse(xml);
    let categories = chart
        .series
        .iter()
        .map(|series| &series.categories)
        .max_by_key(|points| points.len());
    let Some(categories) = categories else {
        return String::new();
    };
    let length = chart
        .series
        .iter()
        .map(|series| series.values.len())
        .max()
        .unwrap_or(0)
        .max(categories.len());
    if length == 0 {
        return String::new();
    }
    let mut header = vec![String::new()];
    header.extend(chart.series.iter().map(|series| series.name.clone()));
    let mut rows = vec![header];
    for index in 0..length {
        let point = |points: &[String]| points.get(index).cloned().unwrap_or_default();
        let mut row = vec![point(categories)];
        row.extend(chart.series.iter().map(|series| point(&series.values)));
        rows.push(row);
    }
    write(&chart.title, &chart.kind, &rows)
}

/// Writes the title of a chart, its kind and the table of its texts, with the names of the series as the header.
pub(super) fn write(title: &str, kind: &str, rows: &[Vec<String>]) -> String {
    if rows.iter().flatten().all(|text| text.trim().is_empty()) {
        return String::new();
    }
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|text| markdown::escape(text.trim())).collect())
        .collect();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = [
        markdown::escape_line(&title),
        kind.to_owned(),
        markdown::table(&rows),
    ];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n")
}

#[derive(Default)]
struct Chart {
    title: String,
    kind: String,
    series: Vec<Series>,
}

#[derive(Default)]
struct Series {
    name: String,
    categories: Vec<String>,
    values: Vec<String>,
}

fn parse(xml: &str) -> Chart {
    let mut chart = Chart::default();
    let mut path: Vec<String> = Vec::new();
    let mut point = 0;
    let mut reader = XmlReader::new(xml, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) => {
                let name = tag.local_name().to_owned();
                if name == "ser" && chart.series.len() < MAX_SERIES {
                    chart.series.push(Series::default());
                } else if let Some(kind) = name.strip_suffix("Chart") {
                    chart.kind = self::kind(kind.trim_end_matches("3D"));
                } else if name == "pt" {
                    point = tag
                        .value("idx")
                        .and_then(|index| index.parse().ok())
                        .unwrap_or(point);
                }
                path.push(name);
            }
            XmlEvent::End { .. } => {
                path.pop();
            }
            XmlEvent::Text(text) => store(&mut chart, &path, point, &text),
        }
    }
    chart
}

fn store(chart: &mut Chart, path: &[String], point: usize, text: &str) {
    let within = |name: &str| path.iter().any(|element| element == name);
    let leaf = path.last().map_or("", String::as_str);
    if within("title") && !within("ser") && !within("catAx") && !within("valAx") && leaf == "t" {
        chart.title.push_str(text);
        return;
    }
    let Some(series) = chart.series.last_mut() else {
        return;
    };
    if leaf != "v" || point >= MAX_POINTS {
        return;
    }
    let points = if within("cat") || within("xVal") {
        &mut series.categories
    } else if within("val") || within("yVal") {
        &mut series.values
    } else {
        if within("tx") {
            series.name.push_str(text);
        }
        return;
    };
    if points.len() <= point {
        points.resize(point + 1, String::new());
    }
    if let Some(value) = points.get_mut(point) {
        value.push_str(text);
    }
}

/// Converts the name of a chart element: `bar` → `Bar chart`, `ofPie` → `Of pie chart`.
pub(super) fn kind(name: &str) -> String {
    let mut out = String::new();
    for (index, c) in name.chars().enumerate() {
        if index > 0 && c.is_uppercase() {
            out.push(' ');
        }
        out.extend(if index == 0 {
            c.to_uppercase().next()
        } else {
            c.to_lowercase().next()
        });
    }
    if !out.is_empty() {
        out.push_str(" chart");
    }
    out
}
