//! Hidden sheets, rows and columns of binary Excel workbooks (MS-XLS), which the library leaves out: they are shown to
//! it, and marked as hidden in what it returns.
//!
//! ```text
//!  stream `Workbook` ─► records: type, length, content
//!     BOUNDSHEET: place of a sheet, hidden or not, name ┐
//!     ROW, COLINFO: hidden or not                       ├─► flags set to zero, in place
//!     cells: the first row and column with a value      ┘
//!     HLINK, NOTE and their texts ──────────────────────────► links and comments
//! ```

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use super::legacy_objects::LegacyObjects;
use super::row_gaps::RowGaps;
use super::{cell_lines, legacy_strings};

/// Stream of the records.
const STREAM: &str = "/Workbook";
/// Records that are read of a workbook, at most.
const MAX_RECORDS: usize = 20_000_000;
/// Columns of a sheet.
const MAX_COLUMNS: u16 = 256;

/// Sheet of a workbook.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LegacySheet {
    pub(super) name: String,
    pub(super) hidden: bool,
    pub(super) hidden_rows: Vec<u32>,
    pub(super) hidden_columns: Vec<u32>,
    /// First row and column that hold a value.
    pub(super) first: Option<(u32, u32)>,
    /// Gaps between rows that are closed for the library.
    pub(super) gaps: RowGaps,
    /// Rows with a value.
    rows: BTreeSet<u32>,
    /// Links and comments.
    pub(super) objects: LegacyObjects,
    /// Place of its records in the stream.
    offset: usize,
}

/// Lists the sheets of a workbook, and returns it with nothing hidden, if something was; `None` for another file and for
/// one that is encrypted.
pub(super) fn shown(bytes: &[u8]) -> Option<(Vec<LegacySheet>, Option<Vec<u8>>)> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let mut records = Vec::new();
    let limit = u64::try_from(bytes.len()).ok()?;
    file.open_stream(STREAM)
        .ok()?
        .take(limit)
        .read_to_end(&mut records)
        .ok()?;
    let (sheets, changed) = patch(&mut records)?;
    if !changed {
        return Some((sheets, None));
    }
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes.to_vec())).ok()?;
    let mut stream = file.open_stream(STREAM).ok()?;
    stream.seek(SeekFrom::Start(0)).ok()?;
    stream.write_all(&records).ok()?;
    stream.flush().ok()?;
    drop(stream);
    Some((sheets, Some(file.into_inner().into_inner())))
}

/// Shows what the records hide; `None` if they are not those of Excel 97 and later.
fn patch(records: &mut [u8]) -> Option<(Vec<LegacySheet>, bool)> {
    const VERSION: &[u8] = &[0x00, 0x06];
    if records.get(..2)? != [0x09, 0x08] || records.get(4..6)? != VERSION {
        return None;
    }
    let mut sheets: Vec<LegacySheet> = Vec::new();
    let (mut at, mut current, mut changed) = (0_usize, None, false);
    for _ in 0..MAX_RECORDS {
        let Some(head) = records.get(at..at + 4) else {
            break;
        };
        let kind = short(head, 0)?;
        let length = usize::from(short(head, 2)?);
        let begin = at;
        at += 4;
        let Some(record) = records.get_mut(at..at + length) else {
            break;
        };
        at += length;
        match kind {
            // FILEPASS: what follows is encrypted.
            0x002f => return None,
            0x0085 => sheets.extend(sheet(record, &mut changed)),
            0x0809 => current = sheets.iter().position(|sheet| sheet.offset == begin),
            _ => {
                if let Some(sheet) = current.and_then(|index: usize| sheets.get_mut(index)) {
                    changed |= sheet.take(kind, record);
                }
            }
        }
    }
    for sheet in &mut sheets {
        sheet.gaps = RowGaps::between(std::mem::take(&mut sheet.rows).into_iter());
        if !sheet.gaps.is_empty() {
            close_gaps(records, sheet);
            changed = true;
        }
    }
    // The library keeps a tab, which no one can type into a cell.
    changed |= legacy_strings::mark(records, cell_lines::LEGACY_BREAK);
    Some((sheets, changed))
}

/// Closes the gaps between the rows of a sheet.
fn close_gaps(records: &mut [u8], sheet: &LegacySheet) {
    let (mut at, mut depth) = (sheet.offset, 0_u32);
    while let Some(head) = records.get(at..at + 4) {
        let (Some(kind), Some(length)) = (short(head, 0), short(head, 2)) else {
            return;
        };
        at += 4;
        let length = usize::from(length);
        let Some(record) = records.get_mut(at..at + length) else {
            return;
        };
        at += length;
        match kind {
            0x0809 => depth += 1,
            0x000a => depth -= 1,
            // Rows, and their cells.
            0x0006 | 0x00bd | 0x00be | 0x00d6 | 0x00fd | 0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x0208
            | 0x027e
                if depth == 1 =>
            {
                move_row(record, 0, &sheet.gaps);
            }
            // Merged cells: areas of rows and columns.
            0x00e5 if depth == 1 => {
                for area in 0..length.saturating_sub(2) / 8 {
                    move_row(record, 2 + area * 8, &sheet.gaps);
                    move_row(record, 4 + area * 8, &sheet.gaps);
                }
            }
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

fn move_row(record: &mut [u8], at: usize, gaps: &RowGaps) {
    let row = short(record, at).map(u32::from);
    let closed = row.and_then(|row| u16::try_from(gaps.closed(row)).ok());
    if let (Some(bytes), Some(closed)) = (record.get_mut(at..at + 2), closed) {
        bytes.copy_from_slice(&closed.to_le_bytes());
    }
}

/// Reads BOUNDSHEET, and shows the sheet; `None` for one of charts or macros.
fn sheet(record: &mut [u8], changed: &mut bool) -> Option<LegacySheet> {
    let offset = usize::try_from(u32::from_le_bytes(record.get(..4)?.try_into().ok()?)).ok()?;
    let (state, kind) = (*record.get(4)?, *record.get(5)?);
    let (length, flags) = (usize::from(*record.get(6)?), *record.get(7)?);
    let name: String = match flags & 1 {
        0 => record
            .get(8..8 + length)?
            .iter()
            .map(|&byte| char::from(byte))
            .collect(),
        _ => {
            let bytes = record.get(8..8 + 2 * length)?;
            encoding_rs::UTF_16LE
                .decode_without_bom_handling(bytes)
                .0
                .into_owned()
        }
    };
    if kind != 0 {
        return None;
    }
    let hidden = state & 3 != 0;
    if hidden && let Some(state) = record.get_mut(4) {
        *state &= !3;
        *changed = true;
    }
    Some(LegacySheet {
        name,
        hidden,
        offset,
        ..LegacySheet::default()
    })
}

impl LegacySheet {
    /// Reads a record of the sheet, and shows what it hides; true if that is something.
    fn take(&mut self, kind: u16, record: &mut [u8]) -> bool {
        match kind {
            0x0208 => self.row(record).unwrap_or(false),
            0x007d => self.columns(record).unwrap_or(false),
            // Cells: formula, numbers, text, truth values.
            0x0006 | 0x00bd | 0x00d6 | 0x00fd | 0x0203 | 0x0204 | 0x0205 | 0x027e => {
                if let (Some(row), Some(column)) = (short(record, 0), short(record, 2)) {
                    let at = (u32::from(row), u32::from(column));
                    let (first_row, first_column) = self.first.unwrap_or(at);
                    self.first = Some((first_row.min(at.0), first_column.min(at.1)));
                    self.rows.insert(at.0);
                }
                false
            }
            _ => {
                self.objects.take(kind, record);
                false
            }
        }
    }

    fn row(&mut self, record: &mut [u8]) -> Option<bool> {
        const HIDDEN: u8 = 0x20;
        let row = short(record, 0)?;
        let flags = record.get_mut(12)?;
        if *flags & HIDDEN == 0 {
            return Some(false);
        }
        *flags &= !HIDDEN;
        self.hidden_rows.push(u32::from(row));
        Some(true)
    }

    fn columns(&mut self, record: &mut [u8]) -> Option<bool> {
        let (first, last) = (short(record, 0)?, short(record, 2)?.min(MAX_COLUMNS - 1));
        let flags = record.get_mut(8)?;
        if *flags & 1 == 0 || self.hidden_columns.len() > usize::from(MAX_COLUMNS) {
            return Some(false);
        }
        *flags &= !1;
        self.hidden_columns.extend((first..=last).map(u32::from));
        Some(true)
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
pub(super) mod tests {
    use super::patch;

    pub(in crate::readers::office) fn record(kind: u16, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), content].concat()
    }

    #[test]
    fn hidden_sheets_rows_and_columns_are_shown() {
        let bof = record(0x0809, &[0, 6, 5, 0]);
        let globals = |offset: u32| {
            let bound = [&offset.to_le_bytes()[..], &[2, 0, 1, 0], b"S"].concat();
            [bof.clone(), record(0x0085, &bound), record(0x000a, &[])].concat()
        };
        let offset = u32::try_from(globals(0).len()).unwrap();
        let mut row = vec![0_u8; 16];
        (row[0], row[12]) = (3, 0x20);
        let cell = [2, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        let column = [4, 0, 5, 0, 0, 0, 0, 0, 1, 0];
        let mut records = [
            globals(offset),
            bof.clone(),
            record(0x0208, &row),
            record(0x007d, &column),
            record(0x00fd, &cell),
        ]
        .concat();
        let (sheets, changed) = patch(&mut records).unwrap();
        assert!(changed && sheets[0].hidden && sheets[0].name == "S");
        assert_eq!(sheets[0].hidden_rows, [3]);
        assert_eq!(sheets[0].hidden_columns, [4, 5]);
        assert_eq!(sheets[0].first, Some((2, 1)));
        let (sheets, changed) = patch(&mut records).unwrap();
        assert!(!changed && !sheets[0].hidden && sheets[0].hidden_rows.is_empty());
    }

    #[test]
    fn an_encrypted_workbook_is_left_alone() {
        let mut records = [record(0x0809, &[0, 6, 5, 0]), record(0x002f, &[0; 6])].concat();
        assert_eq!(patch(&mut records), None);
        assert_eq!(patch(&mut record(0x0809, &[0, 5, 5, 0])), None);
    }
}
