use super::block::Kind;
use super::flow::Flow;
use super::line::Line;
use super::marker::{Label, Marker};

/// How far ahead the next label of a list of letters is looked for.
const AHEAD: usize = 40;

/// The beginning of a list item.
#[derive(Clone)]
pub(super) struct Item {
    /// What Markdown writes in front: `-`, `3.`
    pub(super) mark: String,
    /// Columns that the mark is indented by.
    pub(super) indent: usize,
    /// Bytes of the line that the mark stands for.
    pub(super) skip: usize,
    /// Where its label and its text begin on the page.
    pub(super) left: f32,
    pub(super) content: f32,
}

/// The list that is being read: its latest item at each depth.
#[derive(Default)]
pub(super) struct List {
    levels: Vec<(Item, Marker)>,
    open: bool,
}

impl List {
    /// The latest item.
    pub(super) fn current(&self) -> Option<&Item> {
        self.levels.last().map(|(item, _)| item)
    }

    /// Whether the latest block is an item.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// The item that the line at `index` begins, if it does.
    pub(super) fn begin(&mut self, lines: &[Line], index: usize, flow: &Flow<'_>) -> Option<Item> {
        let line = &lines[index];
        let marker = Marker::of(line)?;
        let sibling = self
            .levels
            .iter()
            .any(|(item, last)| last.goes_on_as(&marker) && near(item.left, line));
        let numbered = matches!(marker.label, Label::Number(..));
        let begins = numbered && marker.is_first() && goes_on(&marker, lines, index);
        let certain = marker.label == Label::Bullet || sibling || begins;
        let above = index.checked_sub(1).and_then(|index| lines.get(index));
        let fresh = above.is_none_or(|above| {
            above.is_heading()
                || self.open
                || above.text.trim_end().ends_with(':')
                || !flow.follows(index)
                || flow.gap_above(index)
                || flow.ends_early(index)
        });
        let possible = match marker.label {
            Label::Bullet | Label::Number(..) => true,
            Label::Dash => !self.open || line.left > lines[index - 1].left - 4.0 * line.size,
            Label::Letter(..) => marker.is_first() && goes_on(&marker, lines, index),
        };
        let carried = numbered && self.open && !fresh_break(flow, index);
        if !(certain || fresh && possible && !carried) {
            return None;
        }
        Some(self.push(line, marker))
    }

    /// Places an item among those before it.
    fn push(&mut self, line: &Line, marker: Marker) -> Item {
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
            Some((item, _)) if near(item.left, line) => {
                let indent = item.indent;
                self.levels.pop();
                indent
            }
            Some((item, _)) => item.indent + item.mark.len() + 1,
            None => 0,
        };
        let (mark, skip) = match &marker.label {
            Label::Bullet | Label::Dash => ("-".to_owned(), marker.length),
            Label::Number(number, mark) => (format!("{number}{mark}"), marker.length),
            Label::Letter(..) => ("-".to_owned(), 0),
        };
        let item = Item {
            mark,
            indent,
            skip,
            left: line.left,
            content: marker.content,
        };
        self.levels.push((item.clone(), marker));
        item
    }

    /// Takes notice of a block that begins at `index`.
    pub(super) fn note(&mut self, kind: &Kind, lines: &[Line], index: usize) {
        self.open = matches!(kind, Kind::Item(_));
        let jumps = index > 0 && lines[index].baseline > lines[index - 1].baseline;
        if matches!(kind, Kind::Heading(_)) || jumps && !self.open {
            self.levels.clear();
        }
    }
}

/// Whether a line that looks numbered is set off from the item before it.
fn fresh_break(flow: &Flow<'_>, index: usize) -> bool {
    !flow.follows(index) || flow.gap_above(index) || flow.ends_early(index)
}

fn near(left: f32, line: &Line) -> bool {
    (left - line.left).abs() < 0.8 * line.size
}

/// Whether the label that comes next begins one of the lines below.
fn goes_on(marker: &Marker, lines: &[Line], index: usize) -> bool {
    let left = lines[index].left;
    lines
        .iter()
        .skip(index + 1)
        .take(AHEAD)
        .filter(|line| near(left, line))
        .filter_map(Marker::of)
        .any(|next| marker.goes_on_as(&next))
}
