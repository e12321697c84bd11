use anydoc::model::{Block, Cell, Document, Inline, Table, TableKind, inlines_to_plain_text};

use super::chart::{self, ChartData};
use super::package::{MAX_XML_DEPTH, Package};
use crate::xml::{Element, XmlEvent, XmlReader};

/// Charts of a document that are written, at most.
const MAX_CHARTS: usize = 200;
/// Cells of a chart that are written, at most.
const MAX_CELLS: usize = 100_000;

/// Reads the charts embedded in the sheets of an OpenDocument file, with their values (OpenDocument 1.3, part 3, section
/// 11), each with the index of its sheet.
pub(super) fn of_sheets(package: &mut Package<'_>, content: &str) -> Vec<(usize, ChartData)> {
    let places = sheet_places(content);
    let charts = package.objects().into_iter().take(MAX_CHARTS).filter_map(|part| {
        let object = part.trim_end_matches("/content.xml");
        let place = places.iter().find(|(name, _)| name == object);
        let sheet = place.map_or(0, |(_, sheet)| *sheet);
        read(package, &part).map(|chart| (sheet, chart.data()))
    });
    charts.collect()
}

/// Lists the embedded objects of a spreadsheet, each with the index of its sheet.
fn sheet_places(content: &str) -> Vec<(String, usize)> {
    let (mut places, mut sheets, mut depth) = (Vec::new(), 0_usize, 0_usize);
    let mut reader = XmlReader::new(content, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) if tag.name() == "table:table" => {
                sheets += usize::from(depth == 0);
                depth += 1;
            }
            XmlEvent::Start(tag) if tag.name() == "draw:object" => {
                places.push((object_name(&tag), sheets.saturating_sub(1)));
            }
            XmlEvent::End { name } if name == "table:table" => depth = depth.saturating_sub(1),
            XmlEvent::Start(_) | XmlEvent::End { .. } | XmlEvent::Text(_) => {}
        }
    }
    places
}

fn object_name(tag: &Element<'_>) -> String {
    let href = tag.value("xlink:href").unwrap_or_default();
    href.trim_start_matches("./").to_owned()
}

/// Inserts the charts of a text or presentation after the paragraphs that they follow.
pub(super) fn insert(document: &mut Document, content: &str, package: &mut Package<'_>) {
    let texts: Vec<String> = document.blocks.iter().map(text_of).collect();
    // Backwards, so that the positions found before stay valid.
    for (object, before) in places(content).into_iter().take(MAX_CHARTS).rev() {
        let Some(chart) = read(package, &format!("{object}/content.xml")) else {
            continue;
        };
        let place = texts
            .iter()
            .rposition(|text| *text == before)
            .map_or(document.blocks.len(), |index| index + 1);
        document.blocks.splice(place..place, chart.blocks());
    }
}

fn read(package: &mut Package<'_>, part: &str) -> Option<Chart> {
    let text = package.text(part).filter(|text| text.contains("<chart:chart"))?;
    let chart = parse(&text);
    chart
        .rows
        .iter()
        .flatten()
        .any(|text| !text.trim().is_empty())
        .then_some(chart)
}

fn text_of(block: &Block) -> String {
    match block {
        Block::Paragraph(inlines) | Block::Heading { content: inlines, .. } => inlines_to_plain_text(inlines)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        _ => String::new(),
    }
}

/// Lists the embedded objects of a document, each with the last paragraph before it.
fn places(content: &str) -> Vec<(String, String)> {
    let (mut places, mut last, mut paragraph) = (Vec::new(), String::new(), None::<String>);
    let mut reader = XmlReader::new(content, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) if tag.name() == "draw:object" => {
                places.push((object_name(&tag), last.clone()));
            }
            XmlEvent::Start(tag) if tag.name() == "text:p" => paragraph = Some(String::new()),
            XmlEvent::Text(text) => paragraph
                .iter_mut()
                .for_each(|paragraph| paragraph.push_str(&text)),
            XmlEvent::End { name } if name == "text:p" => {
                let text = paragraph.take().unwrap_or_default();
                if !text.trim().is_empty() {
                    last = text.split_whitespace().collect::<Vec<_>>().join(" ");
                }
            }
            XmlEvent::Start(_) | XmlEvent::End { .. } => {}
        }
    }
    places
}

#[derive(Default)]
struct Chart {
    title: String,
    kind: String,
    rows: Vec<Vec<String>>,
    cells: usize,
    in_title: bool,
    in_cell: bool,
    /// Inside a paragraph; text outside of one describes the cell and is not shown.
    in_paragraph: bool,
}

fn parse(content: &str) -> Chart {
    let mut chart = Chart::default();
    let mut reader = XmlReader::new(content, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) => chart.start(&tag),
            XmlEvent::End { name } => match name.as_str() {
                "text:p" => chart.in_paragraph = false,
                "chart:title" => chart.in_title = false,
                "table:table-cell" => chart.in_cell = false,
                _ => {}
            },
            XmlEvent::Text(text) => chart.text(&text),
        }
    }
    chart
}

impl Chart {
    fn data(self) -> ChartData {
        ChartData {
            title: self.title,
            kind: self.kind,
            rows: self.rows,
        }
    }

    fn blocks(self) -> Vec<Block> {
        let cell = |text: String| Cell::from_inlines(vec![Inline::plain(text.trim())]);
        let rows = self
            .rows
            .into_iter()
            .map(|row| row.into_iter().map(cell).collect())
            .collect();
        vec![
            Block::Paragraph(vec![Inline::plain(self.title)]),
            Block::Paragraph(vec![Inline::plain(self.kind)]),
            Block::Table(Table::from_rows(rows, 1, TableKind::Data)),
        ]
    }

    fn start(&mut self, tag: &Element<'_>) {
        match tag.name() {
            "chart:chart" => {
                let class = tag.value("chart:class").unwrap_or_default();
                self.kind = chart::kind(class.rsplit(':').next().unwrap_or_default());
            }
            "text:p" => self.in_paragraph = true,
            "chart:title" => self.in_title = true,
            "table:table-row" => self.rows.push(Vec::new()),
            "table:table-cell" if self.cells < MAX_CELLS => {
                self.in_cell = true;
                self.cells += 1;
                if let Some(row) = self.rows.last_mut() {
                    row.push(String::new());
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !self.in_paragraph {
            return;
        }
        if self.in_title {
            self.title.push_str(text);
        } else if self.in_cell
            && let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut())
        {
            cell.push_str(text);
        }
    }
}
