use quick_xml::events::{BytesStart, Event};

use super::chart;
use super::package::Package;

/// Charts of a document that are written.
const CHARTS: usize = 200;
/// Cells of a chart that are written.
const CELLS: usize = 100_000;

/// The charts that an OpenDocument file embeds, with the numbers that they show (OpenDocument 1.3, part 3,
/// section 11). Their places are not known: they stand at the end.
pub(super) fn render(package: &mut Package<'_>) -> Vec<String> {
    let texts = package
        .objects()
        .into_iter()
        .take(CHARTS)
        .filter_map(|part| package.text(&part));
    texts
        .filter(|text| text.contains("<chart:chart"))
        .map(|text| {
            let chart = parse(&text);
            chart::write(&chart.title, &chart.kind, &chart.rows)
        })
        .filter(|chart| !chart.is_empty())
        .collect()
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
