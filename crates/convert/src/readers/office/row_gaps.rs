//! Rows of a sheet without the long gaps between them: the library holds each position of a sheet, and refuses one whose
//! cells are far from each other. Gaps are closed before it reads the sheet, and opened in what it returns.
//!
//! ```text
//!   rows 0, 1, 1048575  ──>  0, 1, 3  ──>  0, 1, 1048575
//! ```

/// Rows without content between others that are kept, at most.
const MAX_GAP: u32 = 1_000;

/// Places of rows without gaps: where rows in a series begin, then and originally.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct RowGaps(Vec<(u32, u32)>);

impl RowGaps {
    /// Finds the gaps between rows with content, which are in order.
    pub(super) fn between(rows: impl Iterator<Item = u32>) -> Self {
        let (mut gaps, mut closed, mut last) = (Vec::new(), 0, None);
        for row in rows {
            let before: u32 = last.map_or(row, |last| row - last - 1);
            if before > MAX_GAP {
                closed += before - 1;
                gaps.push((row - closed, row));
            }
            last = Some(row);
        }
        Self(gaps)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Place of a row without the gaps.
    pub(super) fn closed(&self, row: u32) -> u32 {
        let index = self.0.partition_point(|(_, original)| *original <= row);
        match index.checked_sub(1).and_then(|index| self.0.get(index)) {
            Some((closed, original)) => closed + (row - original),
            None => row,
        }
    }

    /// Original place of a row.
    pub(super) fn original(&self, row: u32) -> u32 {
        let index = self.0.partition_point(|(closed, _)| *closed <= row);
        match index.checked_sub(1).and_then(|index| self.0.get(index)) {
            Some((closed, original)) => original + (row - closed),
            None => row,
        }
    }
}

/// Closes the gaps in the content of an OpenDocument workbook, and returns those of each table; `None` if there are none.
pub(super) fn closed(content: &str) -> Option<(String, Vec<RowGaps>)> {
    let mut out = String::with_capacity(content.len());
    let mut gaps: Vec<RowGaps> = Vec::new();
    let (mut depth, mut row, mut closed, mut changed) = (0_usize, 0_u32, 0_u32, false);
    let mut rest = content;
    while let Some(at) = rest.find("<table:table") {
        let (before, element) = rest.split_at_checked(at)?;
        let (tag, behind) = element.split_once('>')?;
        out.push_str(before);
        depth = depth.saturating_sub(before.matches("</table:table>").count());
        let name = tag.split([' ', '/', '\t', '\n', '\r']).next().unwrap_or_default();
        rest = behind;
        let mut kept = None;
        match name {
            "<table:table" => {
                if depth == 0 {
                    gaps.push(RowGaps::default());
                    (row, closed) = (0, 0);
                }
                depth += usize::from(!tag.ends_with('/'));
            }
            "<table:table-row" if depth == 1 => {
                let count = repeats(tag).map_or(1, |(_, count)| count);
                kept = repeats(tag).filter(|(_, count)| *count > MAX_GAP && is_empty(behind));
                row = row.saturating_add(count);
                closed = closed.saturating_add(kept.map_or(count, |_| 1));
            }
            _ => {}
        }
        match kept {
            Some((digits, _)) => {
                out.push_str(&tag.replacen(&format!("repeated=\"{digits}\""), "repeated=\"1\"", 1));
                if let Some(gaps) = gaps.last_mut() {
                    gaps.0.push((closed, row));
                }
                changed = true;
            }
            None => out.push_str(tag),
        }
        out.push('>');
    }
    out.push_str(rest);
    changed.then_some((out, gaps))
}

/// Times that a row is there, as written and as a number.
fn repeats(tag: &str) -> Option<(&str, u32)> {
    let (_, value) = tag.split_once("table:number-rows-repeated=\"")?;
    let digits = value.split('"').next()?;
    Some((digits, digits.parse().ok()?))
}

/// Returns true if the row at whose content the text begins has none.
fn is_empty(text: &str) -> bool {
    let row = text.split("<table:table-row").next().unwrap_or_default();
    let row = row.split("</table:table>").next().unwrap_or_default();
    !["<text:", "office:value", "<draw:", "<office:annotation"]
        .iter()
        .any(|content| row.contains(content))
}

#[cfg(test)]
mod tests {
    use super::{RowGaps, closed};

    #[test]
    fn long_gaps_are_closed_and_opened() {
        let rows = [3, 4, 1_005, 65_000, 65_535];
        let gaps = RowGaps::between(rows.into_iter());
        let closed = rows.map(|row| gaps.closed(row));
        assert_eq!(closed, [3, 4, 1_005, 1_007, 1_542]);
        assert_eq!(closed.map(|row| gaps.original(row)), rows);
        assert!(RowGaps::between([0, 900].into_iter()).is_empty());
    }

    #[test]
    fn empty_rows_of_a_table_are_one() {
        let row = |count: u32, content: &str| {
            format!("<table:table-row table:number-rows-repeated=\"{count}\">{content}</table:table-row>")
        };
        let (empty, full) = (
            "<table:table-cell/>",
            "<table:table-cell><text:p>x</text:p></table:table-cell>",
        );
        let content = |gap: u32| {
            format!(
                "<a><table:table table:name=\"A\">{}{}{}</table:table><table:table>{}</table:table></a>",
                row(1, full),
                row(gap, empty),
                row(1, full),
                row(2_000, full)
            )
        };
        let (text, gaps) = closed(&content(1_048_574)).unwrap();
        assert_eq!(text, content(1));
        assert_eq!([gaps[0].original(0), gaps[0].original(2)], [0, 1_048_575]);
        assert!(gaps[1].is_empty());
        assert_eq!(closed(&content(1_000)), None);
    }
}
