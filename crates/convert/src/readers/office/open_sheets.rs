//! Hidden sheets, rows and columns of OpenDocument spreadsheets, which the library shows like all others.
//!
//! ```text
//!  style:table-properties table:display="false"     ──> sheets of this style are hidden
//!  table:table-row table:visibility="collapse"      ──> so many rows, as the row is repeated
//!  table:table-cell … text:p                        ──> the first row and column with text
//! ```

use std::collections::HashSet;

use super::package::MAX_XML_DEPTH;
use crate::xml::{Element, XmlEvent, XmlReader};

/// Rows and columns of a sheet that are listed as hidden, at most: a filter hides rows to the end of a sheet.
const MAX_HIDDEN: usize = 100_000;

/// Sheet of a spreadsheet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct OpenSheet {
    pub(super) name: String,
    pub(super) hidden: bool,
    pub(super) hidden_rows: Vec<u32>,
    pub(super) hidden_columns: Vec<u32>,
    /// First row and column that hold text.
    pub(super) first: Option<(u32, u32)>,
}

/// Lists the sheets of a spreadsheet in order.
pub(super) fn read(content: &str) -> Vec<OpenSheet> {
    let mut scan = Scan::default();
    let mut reader = XmlReader::new(content, MAX_XML_DEPTH);
    while let Ok(Some(event)) = reader.next() {
        match event {
            XmlEvent::Start(tag) => scan.start(&tag),
            XmlEvent::End { name } => scan.end(&name),
            XmlEvent::Text(text) => scan.text(&text),
        }
    }
    scan.sheets
}

#[derive(Default)]
struct Scan {
    sheets: Vec<OpenSheet>,
    /// Style that is being read.
    style: String,
    /// Styles of hidden sheets.
    hidden: HashSet<String>,
    /// Tables that are open.
    depth: usize,
    /// Next row and column.
    row: u32,
    column: u32,
    /// Row and cell that are open: times that they are repeated.
    row_times: u32,
    cell_times: u32,
    in_cell: bool,
}

impl Scan {
    fn start(&mut self, tag: &Element<'_>) {
        let times = |name: &str| {
            let times = tag.value(name).and_then(|times| times.parse::<u32>().ok());
            times.unwrap_or(1).max(1)
        };
        match tag.name() {
            "style:style" => self.style = tag.value("style:name").unwrap_or_default(),
            "style:table-properties" if tag.value("table:display").as_deref() == Some("false") => {
                self.hidden.insert(self.style.clone());
            }
            "table:table" => {
                self.depth += 1;
                if self.depth == 1 {
                    let style = tag.value("table:style-name").unwrap_or_default();
                    self.sheets.push(OpenSheet {
                        name: tag.value("table:name").unwrap_or_default(),
                        hidden: self.hidden.contains(&style),
                        ..OpenSheet::default()
                    });
                    (self.row, self.column) = (0, 0);
                }
            }
            _ if self.depth != 1 => {}
            "table:table-column" => {
                let count = times("table:number-columns-repeated");
                if is_hidden(tag)
                    && let Some(sheet) = self.sheets.last_mut()
                {
                    hide(&mut sheet.hidden_columns, self.column, count);
                }
                self.column = self.column.saturating_add(count);
            }
            "table:table-row" => {
                self.column = 0;
                self.row_times = times("table:number-rows-repeated");
                if is_hidden(tag)
                    && let Some(sheet) = self.sheets.last_mut()
                {
                    hide(&mut sheet.hidden_rows, self.row, self.row_times);
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.cell_times = times("table:number-columns-repeated");
                self.in_cell = true;
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !self.in_cell || text.trim().is_empty() {
            return;
        }
        if let Some(sheet) = self.sheets.last_mut() {
            let (row, column) = sheet.first.unwrap_or((self.row, self.column));
            sheet.first = Some((row.min(self.row), column.min(self.column)));
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "table:table" => self.depth = self.depth.saturating_sub(1),
            _ if self.depth != 1 => {}
            "table:table-row" => self.row = self.row.saturating_add(self.row_times),
            "table:table-cell" | "table:covered-table-cell" => {
                self.column = self.column.saturating_add(self.cell_times);
                self.in_cell = false;
            }
            _ => {}
        }
    }
}

fn is_hidden(tag: &Element<'_>) -> bool {
    matches!(
        tag.value("table:visibility").as_deref(),
        Some("collapse" | "filter")
    )
}

fn hide(hidden: &mut Vec<u32>, first: u32, count: u32) {
    let room = MAX_HIDDEN.saturating_sub(hidden.len());
    hidden.extend((first..first.saturating_add(count)).take(room));
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_a_sheet_hides_is_read() {
        let cell = "<table:table-cell><text:p>x</text:p></table:table-cell>";
        let content = format!(
            "<a><style:style style:name=\"t\"><style:table-properties table:display=\"false\"/></style:style>\
             <table:table table:name=\"A\" table:style-name=\"t\"><table:table-column/>\
             <table:table-column table:number-columns-repeated=\"2\" table:visibility=\"collapse\"/>\
             <table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
             <table:table-row table:visibility=\"filter\"><table:table-cell/>{cell}</table:table-row></table:table>\
             <table:table table:name=\"B\"/></a>"
        );
        let sheets = read(&content);
        assert!(sheets[0].hidden && sheets[0].name == "A");
        assert_eq!(sheets[0].hidden_columns, [1, 2]);
        assert_eq!(sheets[0].hidden_rows, [2]);
        assert_eq!(sheets[0].first, Some((2, 1)));
        assert!(!sheets[1].hidden && sheets[1].first.is_none());
    }
}
