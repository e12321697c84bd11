use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::invalid;
use super::sheet::{Content, Sheet, SheetCell};
use crate::ConvertError;

/// Cells with text of a sheet, at most.
const MAX_CELLS: usize = 10_000_000;

/// Workbook that is too large for the library that reads the others: its cells are streamed, sheet by sheet. Dates are
/// recognized; currencies, percentages, merged cells and what is hidden are not.
pub(super) struct LargeWorkbook<'a> {
    workbook: Xlsx<Cursor<&'a [u8]>>,
}

impl<'a> LargeWorkbook<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ConvertError> {
        Ok(Self {
            workbook: open(bytes)?,
        })
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.workbook.sheet_names()
    }

    /// Reads the cells of a sheet; a sheet of a chart alone has none.
    pub(super) fn sheet(&mut self, name: &str) -> Result<Sheet<'static>, ConvertError> {
        let mut sheet = Sheet {
            name: name.to_owned(),
            ..Sheet::default()
        };
        let Ok(mut cells) = self.workbook.worksheet_cells_reader(name) else {
            return Ok(sheet);
        };
        while let Some(cell) = cells.next_cell().map_err(invalid)? {
            let (row, column) = cell.get_position();
            let text = text(cell.get_value());
            if text.is_empty() {
                continue;
            }
            if sheet.cells.len() == MAX_CELLS {
                return Err(ConvertError::LimitExceeded {
                    what: format!("more than {MAX_CELLS} cells in a sheet"),
                });
            }
            sheet.cells.push(SheetCell {
                row,
                column,
                row_span: 1,
                column_span: 1,
                content: Content::Text(text.into()),
                details: None,
                link: None,
            });
        }
        if !sheet.cells.is_sorted_by_key(|cell| (cell.row, cell.column)) {
            sheet.cells.sort_by_key(|cell| (cell.row, cell.column));
        }
        Ok(sheet)
    }
}

/// Opens a workbook whose cells are streamed.
pub(super) fn open(bytes: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>, ConvertError> {
    Xlsx::new(Cursor::new(bytes)).map_err(invalid)
}

/// Text of a cell.
pub(super) fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(time) => date(time),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// Rounds to 15 digits, as spreadsheets do: the digits beyond are a remainder of the binary number.
fn float(number: f64) -> String {
    format!("{number:.14e}")
        .parse::<f64>()
        .unwrap_or(number)
        .to_string()
}

fn date(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        let seconds = (time.as_f64().abs() * 86_400.0).round() as u64;
        return format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    let day = format!("{year:04}-{month:02}-{day:02}");
    match (time.as_f64() < 1.0, clock.as_str()) {
        (true, _) => clock,
        (false, "00:00:00") => day,
        (false, _) => format!("{day} {clock}"),
    }
}
