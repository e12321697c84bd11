use super::mapping::Mapper;
use super::package::MAX_XML_DEPTH;
use crate::ConvertError;
use crate::ir::{BlockKind, Caption, CellStart, HeaderKind, Inline, Table};
use crate::xml::{XmlEvent, XmlReader};

/// Points of a chart that are written, at most.
const MAX_POINTS: usize = 1_000;
/// Series of a chart that are written, at most.
const MAX_SERIES: usize = 100;

/// Chart as it is shown: its title, its kind, and the table of its values with the names of the series as the header.
#[derive(Debug, Default)]
pub(super) struct ChartData {
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) rows: Vec<Vec<String>>,
}

impl ChartData {
    /// Returns true if there is no value to show.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.iter().flatten().all(|text| text.trim().is_empty())
    }

    /// Adds the chart: its title as the caption of its table.
    pub(super) fn add(&self, mapper: &mut Mapper<'_, '_>) -> Result<(), ConvertError> {
        let texts = [&self.title, &self.kind]
            .into_iter()
            .chain(self.rows.iter().flatten());
        let found = texts.filter(|text| !text.trim().is_empty()).map(|_| 1).sum();
        mapper.ledger.found(found);
        let key = mapper.key();
        let (builder, ledger) = (&mut *mapper.builder, &mut *mapper.ledger);
        let depth = builder.depth();
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        if !title.is_empty() {
            ledger.placed();
            let target = Some(builder.forward(&key));
            let inlines = vec![Inline::plain(title)];
            builder.add(BlockKind::Caption(Caption { inlines, target }))?;
        }
        if !self.kind.trim().is_empty() {
            ledger.placed();
            builder.add(BlockKind::Paragraph(vec![Inline::plain(&self.kind)]))?;
        }
        let id = builder.open(BlockKind::Table(Table::default()))?;
        builder.define(&key, id);
        for (row, texts) in (0..).zip(&self.rows) {
            for (column, text) in (0..).zip(texts) {
                if !text.trim().is_empty() {
                    ledger.placed();
                }
                let header = match (row, column) {
                    (0, _) => Some(HeaderKind::Column),
                    (_, 0) => Some(HeaderKind::Row),
                    _ => None,
                };
                let start = CellStart {
                    header,
                    ..CellStart::at(row, column)
                };
                builder.cell(start, text.trim())?;
            }
        }
        builder.close_to(depth)
    }
}

/// Reads a chart part (DrawingML, ISO/IEC 29500-1, section 21.2): its title, its kind and the table of its cached values,
/// which are those that the chart showed last. `None` if it has none.
pub(super) fn read(xml: &str) -> Option<ChartData> {
    read_with(xml, &mut |_| Vec::new())
}

/// Reads a chart part whose values may not be stored: `cells` gives the texts of the cells that it refers to.
pub(super) fn read_with(xml: &str, cells: &mut dyn FnMut(&str) -> Vec<String>) -> Option<ChartData> {
    let mut chart = parse(xml);
    for series in &mut chart.series {
        series.take_cells(cells);
    }
    let points = chart.series.iter().map(|series| &series.categories);
    let categories = points.max_by_key(|points| points.len())?;
    let lengths = chart.series.iter().map(|series| series.values.len());
    let length = lengths.max().unwrap_or(0).max(categories.len());
    let mut header = vec![String::new()];
    header.extend(chart.series.iter().map(|series| series.name.clone()));
    let mut rows = vec![header];
    for index in 0..length {
        let point = |points: &[String]| points.get(index).cloned().unwrap_or_default();
        let mut row = vec![point(categories)];
        row.extend(chart.series.iter().map(|series| point(&series.values)));
        rows.push(row);
    }
    let data = ChartData {
        title: chart.title,
        kind: chart.kind,
        rows,
    };
    (length > 0 && !data.is_empty()).then_some(data)
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
    /// Cells that hold them.
    name_cells: String,
    category_cells: String,
    value_cells: String,
}

impl Series {
    /// Takes what is not stored from the cells.
    fn take_cells(&mut self, cells: &mut dyn FnMut(&str) -> Vec<String>) {
        if !self.values.is_empty() || self.value_cells.is_empty() {
            return;
        }
        self.values = cells(&self.value_cells);
        self.values.truncate(MAX_POINTS);
        if self.categories.is_empty() && !self.category_cells.is_empty() {
            self.categories = cells(&self.category_cells);
            self.categories.truncate(MAX_POINTS);
        }
        if self.name.is_empty() && !self.name_cells.is_empty() {
            self.name = cells(&self.name_cells).join(" ");
        }
    }
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
    if leaf == "f" {
        if within("cat") || within("xVal") {
            series.category_cells.push_str(text);
        } else if within("val") || within("yVal") {
            series.value_cells.push_str(text);
        } else if within("tx") {
            series.name_cells.push_str(text);
        }
        return;
    }
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
