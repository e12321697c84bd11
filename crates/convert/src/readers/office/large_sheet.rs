use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::{invalid, sheet};
use crate::write::markdown;
use crate::{ConvertError, Warning};

/// Cells of a sheet that are held at once, at most, including the empty ones between them.
const MAX_SLOTS: usize = 10_000_000;

/// Reads a workbook that is too large for the library that reads the others, by streaming its cells. Dates are
/// recognized; currencies, percentages and merged cells are not.
pub(super) fn read(bytes: &[u8]) -> Result<(String, Warning), ConvertError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(invalid)?;
    let mut parts = Vec::new();
    for name in workbook.sheet_names() {
        // A sheet of a chart alone has no cells to read.
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else {
            continue;
        };
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut slots = 0;
        while let Some(cell) = cells.next_cell().map_err(invalid)? {
            let (row, column) = cell.get_position();
            let text = text(cell.get_value());
            if !text.is_empty() {
                slots += set_cell(&mut rows, row as usize, column as usize, text);
            }
            if slots > MAX_SLOTS {
                return Err(ConvertError::LimitExceeded {
                    what: format!("more than {MAX_SLOTS} cells in a sheet"),
                });
            }
        }
        sheet::push(&name, sheet::tables(rows), &[], &mut parts);
    }
    let warning = "a sheet is very large: its numbers are written without their formats, merged cells once";
    Ok((parts.join("\n\n"), Warning::document(warning)))
}

/// Puts a text into its cell and returns the number of slots added for it.
fn set_cell(rows: &mut Vec<Vec<String>>, row: usize, column: usize, text: String) -> usize {
    let before = rows.len();
    if rows.len() <= row {
        rows.resize_with(row + 1, Vec::new);
    }
    let taken = rows.len() - before;
    let Some(cells) = rows.get_mut(row) else {
        return taken;
    };
    let width = cells.len();
    if width <= column {
        cells.resize_with(column + 1, String::new);
    }
    let taken = taken + cells.len() - width;
    if let Some(cell) = cells.get_mut(column) {
        *cell = text;
    }
    taken
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::String(text) => markdown::escape(text.trim()),
        DataRef::SharedString(text) => markdown::escape(text.trim()),
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
