//! Detection of delimited values (CSV, TSV) in files whose name does not say so.

use super::Format;

/// Lines that are examined.
const SAMPLE_LINES: usize = 20;

/// Detects CSV or TSV: every line has the same number of fields, at least two by tabs or semicolons, or three by commas,
/// since prose has commas as well.
pub(super) fn detect(text: &str, whole: bool) -> Option<Format> {
    let mut lines: Vec<&str> = text.lines().take(SAMPLE_LINES + 1).collect();
    if !whole || lines.len() > SAMPLE_LINES {
        lines.pop();
    }
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    if lines.len() < 3 {
        return None;
    }
    let regular = |delimiter: char, fields: usize| {
        let first = lines.first().map_or(0, |line| fields_of(line, delimiter));
        first >= fields && lines.iter().all(|line| fields_of(line, delimiter) == first)
    };
    if regular('\t', 2) {
        Some(Format::Tsv)
    } else if regular(';', 2) || regular(',', 3) {
        Some(Format::Csv)
    } else {
        None
    }
}

/// Counts the fields of one line; delimiters within double quotes do not count.
fn fields_of(line: &str, delimiter: char) -> usize {
    let mut quoted = false;
    let mut fields = 1;
    for c in line.chars() {
        if c == '"' {
            quoted = !quoted;
        } else if c == delimiter && !quoted {
            fields += 1;
        }
    }
    fields
}
