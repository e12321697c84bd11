use unpdf::parser::TextSpan;

use super::line::ink_end;
use super::tables::packed;

/// The rectangle that a table covers, found by the words that only its cells have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) top: f32,
    bottom: f32,
    pub(super) left: f32,
    pub(super) right: f32,
}

impl Place {
    /// Where the `table`th of the tables, whose `cells` these are, stands among the runs of the page; `prose` is
    /// the page's other text. All of it is without white space.
    pub(super) fn of(spans: &[TextSpan], cells: &[String], table: usize, prose: &str) -> Option<Self> {
        let mut place: Option<Self> = None;
        let mut open: Vec<&TextSpan> = Vec::new();
        for span in spans.iter().filter(|span| !span.text.trim().is_empty()) {
            let text = packed(&span.text);
            if !cells[table].contains(&text) {
                continue;
            }
            let elsewhere = cells
                .iter()
                .enumerate()
                .any(|(index, cells)| index != table && cells.contains(&text));
            if elsewhere || prose.contains(&text) {
                open.push(span);
            } else {
                place = Some(place.map_or_else(|| Self::around(span), |place| place.with(span)));
            }
        }
        let mut place = place?;
        // Words that stand elsewhere, too, belong to it where they are its next row.
        loop {
            let before = open.len();
            open.retain(|span| {
                let near = place.is_near(span);
                if near {
                    place = place.with(span);
                }
                !near
            });
            if open.len() == before {
                return Some(place);
            }
        }
    }

    fn around(span: &TextSpan) -> Self {
        Self {
            top: span.y + 0.8 * span.font_size,
            bottom: span.y - 0.2 * span.font_size,
            left: span.x,
            right: ink_end(span),
        }
    }

    fn with(self, span: &TextSpan) -> Self {
        let other = Self::around(span);
        Self {
            top: self.top.max(other.top),
            bottom: self.bottom.min(other.bottom),
            left: self.left.min(other.left),
            right: self.right.max(other.right),
        }
    }

    fn is_near(&self, span: &TextSpan) -> bool {
        let reach = 1.5 * span.font_size;
        let other = Self::around(span);
        let row = other.bottom < self.top + reach && other.top > self.bottom - reach;
        row && other.left < self.right + 4.0 * reach && other.right > self.left - 4.0 * reach
    }

    fn holds(&self, span: &TextSpan) -> bool {
        let (x, y) = ((span.x + ink_end(span)) / 2.0, span.y + 0.3 * span.font_size);
        (self.left..=self.right).contains(&x) && (self.bottom..=self.top).contains(&y)
    }

    /// Which of the spans are the table's.
    pub(super) fn taken(&self, spans: &[TextSpan], cells: &str, prose: &str) -> Vec<bool> {
        let own = |span: &TextSpan| {
            let text = packed(&span.text);
            let words = text.trim_start_matches(|c: char| !c.is_alphanumeric());
            cells.contains(&text) || !prose.contains(words)
        };
        spans.iter().map(|span| self.holds(span) && own(span)).collect()
    }

    /// Whether the rectangle has nearly all of the table's characters.
    pub(super) fn covers(&self, spans: &[TextSpan], cells: &str) -> bool {
        let held: usize = spans
            .iter()
            .filter(|span| self.holds(span))
            .map(|span| packed(&span.text).len())
            .sum();
        held * 10 >= cells.len() * 8
    }
}
