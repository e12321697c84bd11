use super::block::{BlockKind, ListItem};
use super::column_metrics::ColumnMetrics;
use super::line::Line;
use super::list_marker::{Label, ListMarker};

/// Lines below a label that are searched for the next label of the same sequence.
const NEXT_LABEL_WINDOW_LINES: usize = 40;

/// Columns by which a list within another is indented.
const INDENT_COLUMNS: usize = 4;

/// List that is being read: its latest item at each depth.
///
/// A line that starts like an item (`2019. That was`, `- he said`) may be plain text, so a label counts for certain
/// only with a sibling above or below it, or if it is a glyph used for nothing else.
#[derive(Default)]
pub(super) struct ListTracker {
    levels: Vec<(ListItem, ListMarker)>,
    open: bool,
}

impl ListTracker {
    /// Latest item.
    pub(super) fn current(&self) -> Option<&ListItem> {
        self.levels.last().map(|(item, _)| item)
    }

    /// Returns true if the latest block is an item.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Returns the item that the line at `index` begins, if it begins one.
    pub(super) fn start_item(
        &mut self,
        lines: &[Line],
        index: usize,
        metrics: &ColumnMetrics<'_>,
    ) -> Option<ListItem> {
        let line = &lines[index];
        let marker = ListMarker::parse(line)?;
        let sibling = self
            .levels
            .iter()
            .any(|(item, last)| last.is_followed_by(&marker) && is_aligned(item.left, line));
        let numbered = matches!(marker.label, Label::Number(..));
        let begins = numbered && marker.is_first() && has_next_label(&marker, lines, index);
        let certain = marker.label == Label::Bullet || sibling || begins;
        let above = index.checked_sub(1).and_then(|index| lines.get(index));
        // Uncertain labels count only at places where a list may begin.
        let fresh = above.is_none_or(|above| {
            above.is_heading()
                || self.open
                || above.text.trim_end().ends_with(':')
                || is_set_off(metrics, index)
        });
        let possible = match marker.label {
            Label::Bullet | Label::Number(..) => true,
            Label::Dash => !self.open || line.left > lines[index - 1].left - 4.0 * line.size,
            Label::Letter(..) => marker.is_first() && has_next_label(&marker, lines, index),
        };
        // Inside an item, a number at the start of a line is mostly the item's own text carried over.
        let carried_over = numbered && self.open && !is_set_off(metrics, index);
        if !(certain || fresh && possible && !carried_over) {
            return None;
        }
        let beside = above.is_some_and(|above| (above.baseline - line.baseline).abs() < 0.1 * line.size);
        Some(self.push(line, marker, beside && self.open))
    }

    /// Adds an item; its depth follows from the left edges of the items before it. `beside`: it stands in the row of the
    /// item before it.
    fn push(&mut self, line: &Line, marker: ListMarker, beside: bool) -> ListItem {
        // Text between two items ends the nesting, though not the numbering, which `start_item` has looked at already.
        if !self.open {
            self.levels.clear();
        }
        while self
            .levels
            .last()
            .is_some_and(|(item, _)| item.left > line.left + 0.6 * line.size)
        {
            self.levels.pop();
        }
        let indent = match self.levels.last() {
            Some((item, _)) if beside || is_aligned(item.left, line) => {
                let indent = item.indent;
                self.levels.pop();
                indent
            }
            // Markdown nests an item under the text of its parent: marker and space.
            Some((item, _)) => item.indent + item.mark.len() + 1,
            None => 0,
        };
        let item = item(line, &marker, indent);
        self.levels.push((item.clone(), marker));
        item
    }

    /// Records a block of `kind` that begins at `index`. A heading ends every list, and so does a jump to the top of
    /// the next column, unless an item begins there.
    pub(super) fn on_block_start(&mut self, kind: &BlockKind, lines: &[Line], index: usize) {
        self.open = matches!(kind, BlockKind::ListItem(_));
        let jumps = index > 0 && lines[index].baseline > lines[index - 1].baseline;
        if matches!(kind, BlockKind::Heading(_)) || jumps && !self.open {
            self.levels.clear();
        }
    }
}

/// Item that a line begins which is known to be one, within `depth` lists; `None` without a label.
pub(crate) fn item_at_depth(line: &Line, depth: usize) -> Option<ListItem> {
    let marker = ListMarker::parse(line)?;
    Some(item(line, &marker, depth.saturating_mul(INDENT_COLUMNS)))
}

/// Returns true if the line begins with the label of an item, for certain.
pub(crate) fn begins_item(line: &Line) -> bool {
    ListMarker::parse(line).is_some_and(|marker| marker.label == Label::Bullet)
}

fn item(line: &Line, marker: &ListMarker, indent: usize) -> ListItem {
    let (mark, skip) = match &marker.label {
        Label::Bullet | Label::Dash => ("-".to_owned(), marker.length),
        Label::Number(number, mark) => (format!("{number}{mark}"), marker.length),
        // Markdown has no such labels, so the label stays as text behind a bullet.
        Label::Letter(..) => ("-".to_owned(), 0),
    };
    ListItem {
        mark,
        indent,
        skip,
        left: line.left,
        content_left: marker.content_left,
    }
}

/// Returns true if the line is set off from the one before it.
fn is_set_off(metrics: &ColumnMetrics<'_>, index: usize) -> bool {
    !metrics.continues_column(index) || metrics.has_gap_above(index) || metrics.previous_ends_early(index)
}

/// Returns true if the line begins at `left`, within the tolerance of labels of different width.
fn is_aligned(left: f32, line: &Line) -> bool {
    (left - line.left).abs() < 0.8 * line.size
}

/// Returns true if one of the lines below begins with the label that comes next.
fn has_next_label(marker: &ListMarker, lines: &[Line], index: usize) -> bool {
    let left = lines[index].left;
    lines
        .iter()
        .skip(index + 1)
        .take(NEXT_LABEL_WINDOW_LINES)
        .filter(|line| is_aligned(left, line))
        .filter_map(ListMarker::parse)
        .any(|next| marker.is_followed_by(&next))
}
