use std::collections::HashMap;

use super::cell_links::{CellLinks, NamedLink};
use super::cell_names::position;
use super::package::{MAX_XML_DEPTH, Package};
use super::relations;
use super::row_gaps::RowGaps;
use crate::ir::{CellDetails, Link, ValueType};
use crate::xml::{Element, XmlEvent, XmlReader, local};

/// Columns of a sheet.
const MAX_COLUMNS: u32 = 16_384;
/// Formats of numbers that Excel has without a declaration (ISO/IEC 29500-1, section 18.8.30).
const BUILT_IN: [(u32, &str); 17] = [
    (1, "0"),
    (2, "0.00"),
    (3, "#,##0"),
    (4, "#,##0.00"),
    (9, "0%"),
    (10, "0.00%"),
    (11, "0.00E+00"),
    (12, "# ?/?"),
    (14, "mm-dd-yy"),
    (15, "d-mmm-yy"),
    (16, "d-mmm"),
    (17, "mmm-yy"),
    (20, "h:mm"),
    (21, "h:mm:ss"),
    (22, "m/d/yy h:mm"),
    (46, "[h]:mm:ss"),
    (49, "@"),
];

/// Facts about a sheet of an Excel workbook that the library does not report.
#[derive(Debug, Default)]
pub(super) struct CellFacts {
    /// First row and column that hold a value.
    pub(super) first: Option<(u32, u32)>,
    /// Gaps between rows that were closed for the library.
    pub(super) gaps: RowGaps,
    pub(super) hidden_rows: Vec<u32>,
    pub(super) hidden_columns: Vec<u32>,
    /// Formulas whose value the workbook does not hold.
    pub(super) without_value: u64,
    pub(super) links: CellLinks,
    cells: HashMap<(u32, u32), CellDetails>,
}

impl CellFacts {
    /// Facts about a sheet of which no more is known than its place and what it hides.
    pub(super) fn hiding(first: Option<(u32, u32)>, hidden_rows: Vec<u32>, hidden_columns: Vec<u32>) -> Self {
        Self {
            first,
            hidden_rows,
            hidden_columns,
            ..Self::default()
        }
    }

    /// Takes the facts about a cell.
    pub(super) fn take(&mut self, row: u32, column: u32) -> Option<Box<CellDetails>> {
        self.cells.remove(&(row, column)).map(Box::new)
    }

    /// Link that a cell is.
    pub(super) fn link(&self, row: u32, column: u32) -> Option<Link> {
        let details = self.cells.get(&(row, column));
        let formula = details.and_then(|details| details.formula.as_deref());
        self.links.of(row, column, formula)
    }
}

/// Codes of the number formats by the number of a cell's style.
pub(super) fn formats(package: &mut Package<'_>) -> Vec<Option<String>> {
    let Some(styles) = package.text("xl/styles.xml") else {
        return Vec::new();
    };
    let mut codes: HashMap<u32, String> = BUILT_IN
        .iter()
        .map(|(id, code)| (*id, (*code).to_owned()))
        .collect();
    let (mut formats, mut in_cells) = (Vec::new(), false);
    let mut reader = XmlReader::new(&styles, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) => {
                let id = tag.value("numFmtId").and_then(|id| id.parse::<u32>().ok());
                match (tag.local_name(), id) {
                    ("numFmt", Some(id)) => {
                        codes.insert(id, tag.value("formatCode").unwrap_or_default());
                    }
                    ("cellXfs", _) => in_cells = true,
                    ("xf", id) if in_cells => formats.push(id.and_then(|id| codes.get(&id).cloned())),
                    _ => {}
                }
            }
            XmlEvent::End { name } if name.ends_with("cellXfs") => in_cells = false,
            XmlEvent::End { .. } | XmlEvent::Text(_) => {}
        }
    }
    formats
}

/// Reads the facts about the cells of a sheet.
pub(super) fn read(package: &mut Package<'_>, part: &str, formats: &[Option<String>]) -> CellFacts {
    let mut scan = Scan {
        formats,
        facts: CellFacts::default(),
        row: 0,
        next_row: 0,
        next_column: 0,
        cell: None,
        leaf: Leaf::Other,
        links: Vec::new(),
    };
    let Some(text) = package.text(part) else {
        return scan.facts;
    };
    let mut reader = XmlReader::new(&text, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) => scan.start(&tag),
            XmlEvent::End { name } => scan.end(local(&name)),
            XmlEvent::Text(text) => scan.text(&text),
        }
    }
    if !scan.links.is_empty() {
        scan.facts.links = CellLinks::new(&scan.links, &relations::addresses(package, part));
    }
    scan.facts
}

struct Scan<'a> {
    formats: &'a [Option<String>],
    facts: CellFacts,
    row: u32,
    next_row: u32,
    next_column: u32,
    cell: Option<OpenCell>,
    leaf: Leaf,
    links: Vec<NamedLink>,
}

#[derive(Debug, Default)]
struct OpenCell {
    at: (u32, u32),
    kind: String,
    format: Option<String>,
    value: String,
    formula: Option<String>,
    has_text: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaf {
    Value,
    Formula,
    Text,
    Other,
}

impl Scan<'_> {
    fn start(&mut self, tag: &Element<'_>) {
        let number = |name: &str| tag.value(name).and_then(|value| value.parse::<u32>().ok());
        let hidden = || {
            tag.value("hidden")
                .is_some_and(|value| matches!(&*value, "1" | "true"))
        };
        self.leaf = Leaf::Other;
        match tag.local_name() {
            "col" if hidden() => {
                if let (Some(first), Some(last)) = (number("min"), number("max")) {
                    let last = last.min(MAX_COLUMNS);
                    let columns = first.saturating_sub(1)..last;
                    let room = usize::try_from(MAX_COLUMNS).unwrap_or(0);
                    self.facts.hidden_columns.extend(columns);
                    self.facts.hidden_columns.truncate(room);
                }
            }
            "row" => {
                self.row = number("r")
                    .and_then(|row| row.checked_sub(1))
                    .unwrap_or(self.next_row);
                self.next_row = self.row.saturating_add(1);
                self.next_column = 0;
                if hidden() {
                    self.facts.hidden_rows.push(self.row);
                }
            }
            "c" => self.open_cell(tag),
            "hyperlink" => {
                let id = tag
                    .attributes()
                    .find(|(key, _)| key.contains(':') && local(key) == "id");
                self.links.push(NamedLink {
                    cells: tag.value("ref").unwrap_or_default(),
                    id: id.map(|(_, id)| id.into_owned()).unwrap_or_default(),
                    location: tag.value("location").unwrap_or_default(),
                });
            }
            "v" => self.leaf = Leaf::Value,
            "t" => self.leaf = Leaf::Text,
            "f" => {
                self.leaf = Leaf::Formula;
                if let Some(cell) = &mut self.cell {
                    cell.formula.get_or_insert_default();
                }
            }
            _ => {}
        }
    }

    fn open_cell(&mut self, tag: &Element<'_>) {
        let own = tag.value("r").as_deref().and_then(position);
        let at = own.unwrap_or((self.row, self.next_column));
        self.next_column = at.1.saturating_add(1);
        let style = tag.value("s").and_then(|style| style.parse::<usize>().ok());
        self.cell = Some(OpenCell {
            at,
            kind: tag.value("t").unwrap_or_default(),
            format: style.and_then(|style| self.formats.get(style).cloned().flatten()),
            ..OpenCell::default()
        });
    }

    fn text(&mut self, text: &str) {
        let Some(cell) = &mut self.cell else { return };
        match self.leaf {
            Leaf::Value => cell.value.push_str(text),
            Leaf::Formula => cell.formula.get_or_insert_default().push_str(text),
            Leaf::Text => cell.has_text |= !text.trim().is_empty(),
            Leaf::Other => {}
        }
    }

    fn end(&mut self, name: &str) {
        self.leaf = Leaf::Other;
        if name == "c"
            && let Some(cell) = self.cell.take()
        {
            self.close_cell(cell);
        }
    }

    fn close_cell(&mut self, cell: OpenCell) {
        let facts = &mut self.facts;
        let (row, column) = cell.at;
        // A formula without a value is shown itself.
        let is_empty = cell.value.is_empty() && !cell.has_text;
        let is_formula = is_empty
            && cell
                .formula
                .as_ref()
                .is_some_and(|formula| !formula.trim().is_empty());
        facts.without_value += u64::from(is_formula);
        if is_empty && !is_formula {
            return;
        }
        let (first_row, first_column) = facts.first.unwrap_or(cell.at);
        facts.first = Some((first_row.min(row), first_column.min(column)));
        let value_type = match cell.kind.as_str() {
            "s" | "str" | "inlineStr" => ValueType::Text,
            _ if is_formula => ValueType::Text,
            "b" => ValueType::Boolean,
            "e" => ValueType::Error,
            "d" => ValueType::Date,
            _ if cell.format.as_deref().is_some_and(is_date) => ValueType::Date,
            _ => ValueType::Number,
        };
        // Text is its own value, and that a cell is text needs no saying.
        let is_text = value_type == ValueType::Text;
        if is_text && cell.formula.is_none() {
            return;
        }
        let details = CellDetails {
            region: None,
            value: (!is_text).then_some(cell.value),
            value_type: Some(value_type),
            formula: cell.formula.filter(|formula| !formula.is_empty()),
            number_format: cell.format.filter(|_| !is_text),
        };
        facts.cells.insert(cell.at, details);
    }
}

/// Returns true for a number format that shows a date or a time.
fn is_date(code: &str) -> bool {
    let mut quoted = false;
    let mut bracketed = false;
    code.chars().any(|c| {
        match c {
            '"' => quoted = !quoted,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ => {}
        }
        !quoted && !bracketed && matches!(c.to_ascii_lowercase(), 'y' | 'd' | 'h' | 's')
    })
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn a_format_of_dates_is_told_from_one_of_numbers() {
        assert!(is_date("yyyy-mm-dd") && is_date("h:mm"));
        assert!(!is_date("0.00") && !is_date("[Red]0.0") && !is_date("0 \"days\""));
    }
}
