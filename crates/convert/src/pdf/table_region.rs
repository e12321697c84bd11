use unpdf::parser::TextSpan;

use super::text_lines::ink_right;
use crate::layout::extent::Extent;

/// Rectangle that a table covers, in points. The library returns the cells of a table without their position, so the
/// rectangle is found by the words that occur only in its cells.
#[derive(Debug, Clone, Copy)]
pub(super) struct TableRegion {
    pub(super) top: f32,
    bottom: f32,
    pub(super) left: f32,
    pub(super) right: f32,
}

impl TableRegion {
    /// Locates table number `table` among the runs of the page. `cells` has the text of every table, `prose` the other
    /// text of the page, both without white space.
    pub(super) fn locate(spans: &[TextSpan], cells: &[String], table: usize, prose: &str) -> Option<Self> {
        let mut region: Option<Self> = None;
        let mut ambiguous: Vec<&TextSpan> = Vec::new();
        for span in spans.iter().filter(|span| !span.text.trim().is_empty()) {
            let text = without_whitespace(&span.text);
            if !cells[table].contains(&text) {
                continue;
            }
            let elsewhere = cells
                .iter()
                .enumerate()
                .any(|(index, cells)| index != table && cells.contains(&text));
            if elsewhere || prose.contains(&text) {
                ambiguous.push(span);
            } else {
                region = Some(region.map_or_else(|| Self::of_span(span), |region| region.extended_by(span)));
            }
        }
        let mut region = region?;
        // Words that occur elsewhere, too, belong to the table if they touch it. Each of them may bring the next row
        // within reach, so this repeats until nothing is added.
        loop {
            let before = ambiguous.len();
            ambiguous.retain(|span| {
                let adjacent = region.is_adjacent(span);
                if adjacent {
                    region = region.extended_by(span);
                }
                !adjacent
            });
            if ambiguous.len() == before {
                return Some(region);
            }
        }
    }

    /// Region of one span: ascenders reach about 0.8 of the size above the baseline, descenders 0.2 below.
    fn of_span(span: &TextSpan) -> Self {
        Self {
            top: span.y + 0.8 * span.font_size,
            bottom: span.y - 0.2 * span.font_size,
            left: span.x,
            right: ink_right(span),
        }
    }

    /// The rectangle as a box.
    pub(super) fn extent(&self) -> Extent {
        Extent {
            left: self.left,
            bottom: self.bottom,
            right: self.right,
            top: self.top,
        }
    }

    fn extended_by(self, span: &TextSpan) -> Self {
        let other = Self::of_span(span);
        Self {
            top: self.top.max(other.top),
            bottom: self.bottom.min(other.bottom),
            left: self.left.min(other.left),
            right: self.right.max(other.right),
        }
    }

    fn is_adjacent(&self, span: &TextSpan) -> bool {
        // A row further down, or a cell to the side; cells stand much further apart than rows.
        let reach = 1.5 * span.font_size;
        let other = Self::of_span(span);
        let row = other.bottom < self.top + reach && other.top > self.bottom - reach;
        row && other.left < self.right + 4.0 * reach && other.right > self.left - 4.0 * reach
    }

    fn contains(&self, span: &TextSpan) -> bool {
        // The middle of the span decides, since its edges may touch a neighbouring column.
        let (x, y) = ((span.x + ink_right(span)) / 2.0, span.y + 0.3 * span.font_size);
        (self.left..=self.right).contains(&x) && (self.bottom..=self.top).contains(&y)
    }

    /// Tells for each span whether it belongs to the table. Prose inside the rectangle, such as a note between two
    /// rows, does not.
    pub(super) fn owned_spans(&self, spans: &[TextSpan], cells: &str, prose: &str) -> Vec<bool> {
        let own = |span: &TextSpan| {
            let text = without_whitespace(&span.text);
            // A bullet or bracket in front of a word differs between the run and the library's prose.
            let words = text.trim_start_matches(|c: char| !c.is_alphanumeric());
            cells.contains(&text) || !prose.contains(words)
        };
        spans
            .iter()
            .map(|span| self.contains(span) && own(span))
            .collect()
    }

    /// Returns true if the rectangle has at least 80 % of the table's characters: otherwise the words were ambiguous.
    pub(super) fn covers(&self, spans: &[TextSpan], cells: &str) -> bool {
        let held: usize = spans
            .iter()
            .filter(|span| self.contains(span))
            .map(|span| without_whitespace(&span.text).len())
            .sum();
        held * 10 >= cells.len() * 8
    }
}

/// Removes white space, which differs between runs and the text that the library makes of them.
pub(super) fn without_whitespace(text: &str) -> String {
    text.split_whitespace().collect()
}
