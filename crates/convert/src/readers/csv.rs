use super::decode::decode;
use super::{Reading, invalid};
use crate::write::markdown;
use crate::{ConvertError, Limits};

/// Delimiters, the most telling ones first: a tab in a value is rare, a comma is not.
const DELIMITERS: [u8; 4] = *b"\t;|,";
/// Records that are examined to find the delimiter.
const SAMPLE_RECORDS: usize = 100;

/// Reads delimited values as one table; the first record is the header.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    let text = decode(bytes, None);
    let text = text.trim_start_matches('\u{feff}');
    let (text, declared) = declared_delimiter(text);
    let delimiter = declared.unwrap_or_else(|| sniffed_delimiter(text));
    let mut rows = Vec::new();
    for record in reader(text, delimiter).records() {
        let record = record.map_err(invalid)?;
        rows.push(
            record
                .iter()
                .map(|value| markdown::escape(value.trim()))
                .collect::<Vec<_>>(),
        );
    }
    while rows.last().is_some_and(|row| row.iter().all(String::is_empty)) {
        rows.pop();
    }
    // One wide record makes all others as wide, so the size is checked before the table is written.
    limits.check_output(markdown::min_table_bytes(&rows))?;
    Ok(if rows.is_empty() {
        Reading::default()
    } else {
        markdown::table(&rows).into()
    })
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
