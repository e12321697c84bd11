use anydoc::model::{Block, Cell, Document, Inline, Table, TableKind, inlines_to_plain_text};
use quick_xml::events::{BytesStart, Event};

use super::chart;
use super::package::Package;

/// Charts of a document that are written.
const CHARTS: usize = 200;
/// Cells of a chart that are written.
const CELLS: usize = 100_000;

/// The charts that an OpenDocument file embeds, with the numbers that they show (OpenDocument 1.3, part 3,
/// section 11).
pub(super) fn render(package: &mut Package<'_>) -> Vec<String> {
    let charts = package
        .objects()
        .into_iter()
        .take(CHARTS)
        .filter_map(|part| read(package, &part));
    charts
        .map(|chart| chart::write(&chart.title, &chart.kind, &chart.rows))
        .collect()
}

/// Puts the charts of a text or a presentation behind the paragraphs that they follow.
pub(super) fn insert(document: &mut Document, content: &str, package: &mut Package<'_>) {
    let texts: Vec<String> = document.blocks.iter().map(text_of).collect();
    // From the last one on, so that places found before stay right.
    for (object, before) in places(content).into_iter().take(CHARTS).rev() {
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

/// The embedded objects of a document, each with the last paragraph before it.
fn places(content: &str) -> Vec<(String, String)> {
    let (mut places, mut last, mut paragraph) = (Vec::new(), String::new(), None::<String>);
    let mut reader = quick_xml::Reader::from_str(content);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.name().as_ref() == "draw:object" => {
                let href = tag.try_get_attribute("xlink:href").ok().flatten();
                let href = href.map(|href| href.value.into_owned()).unwrap_or_default();
                places.push((href.trim_start_matches("./").to_owned(), last.clone()));
            }
            Ok(Event::Start(tag)) if tag.name().as_ref() == "text:p" => paragraph = Some(String::new()),
            Ok(Event::Text(text)) => paragraph
                .iter_mut()
                .for_each(|paragraph| paragraph.push_str(&text)),
            Ok(Event::End(tag)) if tag.name().as_ref() == "text:p" => {
                let text = paragraph.take().unwrap_or_default();
                if !text.trim().is_empty() {
                    last = text.split_whitespace().collect::<Vec<_>>().join(" ");
                }
            }
            Ok(Event::Eof) | Err(_) => return places,
            Ok(_) => {}
        }
    }
}

#[derive(Default)]
struct Chart {
    title: String,
    kind: String,
    rows: Vec<Vec<String>>,
    cells: usize,
    in_title: bool,
    in_cell: bool,
    /// What stands beside paragraphs is a description of the cell.
    in_paragraph: bool,
}

fn parse(content: &str) -> Chart {
    let mut chart = Chart::default();
    let mut reader = quick_xml::Reader::from_str(content);
    reader.config_mut().expand_empty_elements = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => chart.start(&tag),
            Ok(Event::End(tag)) => match tag.name().as_ref() {
                "text:p" => chart.in_paragraph = false,
                "chart:title" => chart.in_title = false,
                "table:table-cell" => chart.in_cell = false,
                _ => {}
            },
            Ok(Event::Text(text)) => chart.text(&text),
            Ok(Event::GeneralRef(name)) => {
                chart.text(quick_xml::escape::resolve_xml_entity(&name).unwrap_or_default());
            }
            Ok(Event::Eof) | Err(_) => return chart,
            Ok(_) => {}
        }
    }
}

impl Chart {
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

    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.name().as_ref() {
            "chart:chart" => {
                let class = tag.try_get_attribute("chart:class").ok().flatten();
                let class = class.map(|class| class.value.into_owned()).unwrap_or_default();
                self.kind = chart::kind(class.rsplit(':').next().unwrap_or_default());
            }
            "text:p" => self.in_paragraph = true,
            "chart:title" => self.in_title = true,
            "table:table-row" => self.rows.push(Vec::new()),
            "table:table-cell" if self.cells < CELLS => {
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
