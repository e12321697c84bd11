//! Tables of delimited values without a name that says so.

use super::Format;

/// Lines that are looked at.
const LINES: usize = 20;

/// CSV or TSV when every line has the same number of fields: two or more of tabs and semicolons, three or
/// more of commas, which prose has as well.
pub(super) fn detect(text: &str, whole: bool) -> Option<Format> {
    let mut lines: Vec<&str> = text.lines().take(LINES + 1).collect();
    if !whole || lines.len() > LINES {
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

/// Fields of one line; delimiters within double quotes do not count, nor do those that end a sentence.
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
