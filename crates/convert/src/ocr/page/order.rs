use super::Style;
use ilios_ocr::TextLine;

/// Line with its style.
pub(super) type Styled<'a> = (&'a TextLine, &'a Style);

/// Width of the white between two columns, in multiples of the text size, at least.
const GUTTER_EM: f32 = 0.8;
/// Usual width of the lines of a column of text, in multiples of the text size, at least; narrower ones are a table.
const COLUMN_EM: f32 = 9.0;
/// Lines of a column, at least.
const COLUMN_LINES: usize = 3;
/// Distance of the baselines of one row, in multiples of the text size, at most.
const ROW_EM: f32 = 0.5;
/// Cuts within cuts, at most.
const MAX_DEPTH: usize = 24;

/// Rows of a page in reading order, each with its lines from left to right.
pub(super) fn rows<'a, 'b>(lines: &'b [Styled<'a>]) -> Vec<Vec<&'b Styled<'a>>> {
    let mut rows = Vec::new();
    cut(lines.iter().collect(), MAX_DEPTH, &mut rows);
    rows
}

/// Divides a part of a page into columns, or else at its widest gap between lines, or else into rows.
fn cut<'a, 'b>(mut lines: Vec<&'b Styled<'a>>, depth: usize, rows: &mut Vec<Vec<&'b Styled<'a>>>) {
    if depth > 0 && lines.len() >= 2 * COLUMN_LINES {
        if let Some(gutter) = gutter(&mut lines) {
            let (left, right) = lines.into_iter().partition(|(line, _)| left(line) < gutter);
            cut(left, depth - 1, rows);
            cut(right, depth - 1, rows);
            return;
        }
        if let Some(gap) = gap(&mut lines) {
            let (above, below) = lines.into_iter().partition(|(line, _)| line.baseline < gap);
            cut(above, depth - 1, rows);
            cut(below, depth - 1, rows);
            return;
        }
    }
    rows.extend(rows_of(lines));
}

fn left(line: &TextLine) -> f32 {
    line.words.first().map_or(0.0, |word| word.left)
}

fn right(line: &TextLine) -> f32 {
    line.words.last().map_or(0.0, |word| word.right)
}

/// Place of the widest white strip between columns of text.
fn gutter(lines: &mut [&Styled<'_>]) -> Option<f32> {
    lines.sort_by(|a, b| left(a.0).total_cmp(&left(b.0)));
    let mut widest: Option<(f32, f32)> = None;
    let mut edge = f32::MIN;
    for (index, (line, style)) in lines.iter().enumerate() {
        let width = left(line) - edge;
        let (before, after) = lines.split_at(index);
        let wide_enough = width > GUTTER_EM * style.size && widest.is_none_or(|(widest, _)| width > widest);
        if index > 0 && wide_enough && is_column(before) && is_column(after) {
            widest = Some((width, left(line) - width / 2.0));
        }
        edge = edge.max(right(line));
    }
    widest.map(|(_, place)| place)
}

fn is_column(lines: &[&Styled<'_>]) -> bool {
    let mut widths: Vec<f32> = lines
        .iter()
        .map(|(line, style)| (right(line) - left(line)) / style.size.max(1.0))
        .collect();
    widths.sort_by(f32::total_cmp);
    lines.len() >= COLUMN_LINES
        && widths
            .get(widths.len() / 2)
            .is_some_and(|&width| width >= COLUMN_EM)
}

/// Middle of the widest gap between lines above and below it.
fn gap(lines: &mut [&Styled<'_>]) -> Option<f32> {
    lines.sort_by(|a, b| a.0.baseline.total_cmp(&b.0.baseline));
    let mut widest: Option<(f32, f32)> = None;
    for pair in lines.windows(2) {
        if let [above, below] = pair {
            let width = below.0.baseline - below.1.size - above.0.baseline;
            if width > 0.0 && widest.is_none_or(|(widest, _)| width > widest) {
                widest = Some((width, above.0.baseline.midpoint(below.0.baseline)));
            }
        }
    }
    widest.map(|(_, place)| place)
}

fn rows_of<'a, 'b>(mut lines: Vec<&'b Styled<'a>>) -> Vec<Vec<&'b Styled<'a>>> {
    lines.sort_by(|a, b| a.0.baseline.total_cmp(&b.0.baseline));
    let mut rows: Vec<Vec<&Styled<'_>>> = Vec::new();
    for line in lines {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| in_one_row(first, line)) => row.push(line),
            _ => rows.push(vec![line]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| left(a.0).total_cmp(&left(b.0)));
    }
    rows
}

fn in_one_row(first: &Styled<'_>, line: &Styled<'_>) -> bool {
    (line.0.baseline - first.0.baseline).abs() < ROW_EM * first.1.size.min(line.1.size)
}
