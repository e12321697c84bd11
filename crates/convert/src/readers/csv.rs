use super::csv_dialect::Dialect;
use super::decode::decode;
use super::{Reading, invalid};
use crate::ir::{BlockKind, Builder, CellStart, HeaderKind, Table};
use crate::{ConvertError, Limits};

/// Bytes that each position of a table takes in the output, at least.
const MIN_CELL_BYTES: usize = 3;

/// Reads delimited values as one table; the first record is the header.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    let text = decode(bytes, None);
    let text = text.trim_start_matches('\u{feff}');
    let (dialect, text) = Dialect::of(text);
    let mut builder = Builder::new(limits);
    builder.open(BlockKind::Table(Table::default()))?;
    // Empty records count only between those with text.
    let (mut row, mut columns, mut empty) = (0_u32, 0_usize, 0_u32);
    for record in dialect.reader(&text).records() {
        let record = record.map_err(invalid)?;
        if record.iter().all(|value| value.trim().is_empty()) {
            empty = empty.saturating_add(1);
            continue;
        }
        let skipped = std::mem::take(&mut empty);
        row = if row == 0 { 0 } else { row.saturating_add(skipped) };
        columns = columns.max(record.len());
        for (column, value) in (0..).zip(record.iter()) {
            let mut start = CellStart::at(row, column);
            start.header = (row == 0).then_some(HeaderKind::Column);
            builder.cell(start, value)?;
        }
        row = row.saturating_add(1);
    }
    // One wide record makes all others as wide, so the size is checked before the table is written.
    let positions = usize::try_from(row).unwrap_or(usize::MAX).saturating_mul(columns);
    limits.check_output(positions.saturating_mul(MIN_CELL_BYTES))?;
    Reading::of_one_page(&mut builder)
}
