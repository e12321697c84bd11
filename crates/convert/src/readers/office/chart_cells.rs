//! Cells to which charts of a workbook refer whose values are not stored in the chart, as programs write them that do not
//! draw.

use std::io::Cursor;

use calamine::Xlsx;

use super::cell_names::position;
use super::invalid;
use super::large_sheet;
use crate::readers::guard;

/// References that are read, at most: each goes through its sheet.
const MAX_REFERENCES: usize = 60;
/// Cells of a reference that are read, at most.
const MAX_CELLS: usize = 1_000;

/// Reader of the cells of a workbook.
pub(super) struct ChartCells<'a> {
    bytes: &'a [u8],
    workbook: Option<Xlsx<Cursor<&'a [u8]>>>,
    /// References that may still be read.
    left: usize,
}

/// Cells that a chart refers to.
#[derive(Debug, PartialEq, Eq)]
struct Reference {
    sheet: String,
    first: (u32, u32),
    last: (u32, u32),
}

impl<'a> ChartCells<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            workbook: None,
            left: MAX_REFERENCES,
        }
    }

    /// Texts of the cells of a reference such as `'Sheet 1'!$B$2:$B$9`, in order; none if it cannot be read.
    pub(super) fn texts(&mut self, reference: &str) -> Vec<String> {
        let Some(reference) = Reference::of(reference).filter(|_| self.left > 0) else {
            return Vec::new();
        };
        self.left -= 1;
        guard::catch_panics(|| self.read(&reference)).unwrap_or_default()
    }

    fn read(&mut self, reference: &Reference) -> Result<Vec<String>, crate::ConvertError> {
        let workbook = match &mut self.workbook {
            Some(workbook) => workbook,
            none => none.insert(large_sheet::open(self.bytes)?),
        };
        let mut cells = workbook
            .worksheet_cells_reader(&reference.sheet)
            .map_err(invalid)?;
        let count = reference.count();
        let mut texts = vec![String::new(); count];
        while let Some(cell) = cells.next_cell().map_err(invalid)? {
            if let Some(text) = reference
                .index(cell.get_position())
                .and_then(|at| texts.get_mut(at))
            {
                *text = large_sheet::text(cell.get_value());
            }
        }
        let used = texts
            .iter()
            .rposition(|text| !text.is_empty())
            .map_or(0, |at| at + 1);
        texts.truncate(used);
        Ok(texts)
    }
}

impl Reference {
    fn of(text: &str) -> Option<Self> {
        let (sheet, cells) = text.rsplit_once('!')?;
        let (first, last) = cells.split_once(':').unwrap_or((cells, cells));
        let sheet = match sheet
            .strip_prefix('\'')
            .and_then(|sheet| sheet.strip_suffix('\''))
        {
            Some(quoted) => quoted.replace("''", "'"),
            None => sheet.to_owned(),
        };
        let (first, last) = (position(first)?, position(last)?);
        (first.0 <= last.0 && first.1 <= last.1).then_some(Self { sheet, first, last })
    }

    fn columns(&self) -> usize {
        usize::try_from(self.last.1 - self.first.1).map_or(MAX_CELLS, |columns| columns.saturating_add(1))
    }

    fn count(&self) -> usize {
        let rows =
            usize::try_from(self.last.0 - self.first.0).map_or(MAX_CELLS, |rows| rows.saturating_add(1));
        rows.saturating_mul(self.columns()).min(MAX_CELLS)
    }

    /// Place of a cell among those of the reference.
    fn index(&self, (row, column): (u32, u32)) -> Option<usize> {
        let inside =
            (self.first.0..=self.last.0).contains(&row) && (self.first.1..=self.last.1).contains(&column);
        let row = usize::try_from(row.checked_sub(self.first.0)?).ok()?;
        let column = usize::try_from(column.checked_sub(self.first.1)?).ok()?;
        inside.then(|| row.saturating_mul(self.columns()).saturating_add(column))
    }
}

#[cfg(test)]
mod tests {
    use super::Reference;

    #[test]
    fn references_name_cells_of_a_sheet() {
        let reference = Reference::of("'Ann''s sheet'!$B$2:$B$9").unwrap();
        assert_eq!(reference.sheet, "Ann's sheet");
        assert_eq!((reference.first, reference.last), ((1, 1), (8, 1)));
        assert_eq!(reference.count(), 8);
        assert_eq!(reference.index((2, 1)), Some(1));
        assert_eq!(reference.index((2, 2)), None);
        assert_eq!(Reference::of("Sheet!#REF!"), None);
    }
}
