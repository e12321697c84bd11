use super::decode::decode;
use super::{Reading, invalid};
use crate::ir::{BlockKind, Builder, CellStart, HeaderKind, Table};
use crate::{ConvertError, Limits};

/// Delimiters, the most telling ones first: a tab in a value is rare, a comma is not.
const DELIMITERS: [u8; 4] = *b"\t;|,";
/// Records that are examined to find the delimiter.
const SAMPLE_RECORDS: usize = 100;

/// Bytes that each position of a table takes in the output, at least.
const MIN_CELL_BYTES: usize = 3;

/// Reads delimited values as one table; the first record is the header.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    let text = decode(bytes, None);
    let text = text.trim_start_matches('\u{feff}');
    let (text, declared) = declared_delimiter(text);
    let delimiter = declared.unwrap_or_else(|| sniffed_delimiter(text));
    let mut builder = Builder::new(limits);
    builder.open(BlockKind::Table(Table::default()))?;
    // Empty records count only between those with text.
    let (mut row, mut columns, mut empty) = (0_u32, 0_usize, 0_u32);
    for record in reader(text, delimiter).records() {
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

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

/// Splits off the line `sep=;`, by which spreadsheets declare the delimiter.
fn declared_delimiter(text: &str) -> (&str, Option<u8>) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match first
        .trim_end_matches('\r')
        .strip_prefix("sep=")
        .map(str::as_bytes)
    {
        Some([delimiter]) => (rest, Some(*delimiter)),
        _ => (text, None),
    }
}

/// Guesses the delimiter: the one that splits most records into the same number of fields, two or more; of equals the
/// one that makes more fields.
fn sniffed_delimiter(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let widths: Vec<usize> = reader(text, delimiter)
            .records()
            .take(SAMPLE_RECORDS)
            .filter_map(Result::ok)
            .map(|record| record.len())
            .collect();
        let usual = widths
            .iter()
            .copied()
            .filter(|&width| width > 1)
            .max_by_key(|&width| widths.iter().filter(|&&other| other == width).count());
        usual.map_or((0, 0), |usual| {
            let alike = widths.iter().filter(|&&width| width == usual).count();
            (alike * 20 / widths.len().max(1), usual)
        })
    };
    let mut best = (b',', (0, 0));
    for delimiter in DELIMITERS {
        let score = score(delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}
