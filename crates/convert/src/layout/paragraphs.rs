use super::block::{Block, BlockKind, ListItem};
use super::column_metrics::ColumnMetrics;
use super::line::Line;
use super::lists::ListTracker;
use super::numbering;
use super::text_cues::{
    ends_contents_entry, starts_caption, starts_labelled_entry, starts_note, starts_reference_entry,
};

/// Lines of a heading, at most, when only its first line looks like one.
const MAX_HEADING_LINES: usize = 3;

/// Effect of a line on the block before it.
enum Step {
    Continue,
    Begin(BlockKind),
}

/// Groups lines, in reading order, into blocks.
pub(crate) fn group_lines(lines: Vec<Line>) -> Vec<Block> {
    let steps = steps(&lines);
    let mut blocks: Vec<Block> = Vec::new();
    for (line, step) in lines.into_iter().zip(steps) {
        match (step, blocks.last_mut()) {
            (Step::Continue, Some(open)) => open.lines.push(line),
            (Step::Begin(kind), _) => blocks.push(Block::of_line(kind, line)),
            (Step::Continue, None) => blocks.push(Block::of_line(BlockKind::Paragraph, line)),
        }
    }
    blocks
}

/// Decides for each line whether it continues the open block. The order of the questions matters: a heading may look
/// like a list item (`1. Introduction`), and code like anything.
fn steps(lines: &[Line]) -> Vec<Step> {
    let metrics = ColumnMetrics::measure(lines);
    let mut list = ListTracker::default();
    let mut steps: Vec<Step> = Vec::with_capacity(lines.len());
    let (mut first, mut in_heading) = (0, false);
    for (index, line) in lines.iter().enumerate() {
        let step = if line.is_heading() {
            heading_step(lines, index)
        } else if in_heading && index - first < MAX_HEADING_LINES && continues_heading(lines, index, &metrics)
        {
            Step::Continue
        } else if line.is_code() && !line.is_rotated() {
            code_step(lines, index, &metrics)
        } else if let Some(item) = list.start_item(lines, index, &metrics) {
            Step::Begin(BlockKind::ListItem(item))
        } else {
            let open = OpenBlock {
                lines: &lines[first..index],
                item: list.current().filter(|_| list.is_open()),
            };
            if !in_heading && open.accepts(lines, index, &metrics) {
                Step::Continue
            } else {
                Step::Begin(BlockKind::Paragraph)
            }
        };
        if let Step::Begin(kind) = &step {
            first = index;
            in_heading = matches!(kind, BlockKind::Heading(_));
            list.on_block_start(kind, lines, index);
        }
        steps.push(step);
    }
    steps
}

/// Block that the next line may belong to.
struct OpenBlock<'a> {
    lines: &'a [Line],
    item: Option<&'a ListItem>,
}

impl OpenBlock<'_> {
    /// Returns true if the plain line at `index` continues the block.
    fn accepts(&self, lines: &[Line], index: usize, metrics: &ColumnMetrics<'_>) -> bool {
        let (Some(above), line) = (self.lines.last(), &lines[index]) else {
            return false;
        };
        let other_kind = above.is_heading() || above.is_code() || above.is_rotated() || line.is_rotated();
        // Footnotes and captions differ from the text in size; a superscript at the start of a line does not count,
        // since a line's size is that of most of its characters.
        if other_kind || (above.size - line.size).abs() > (0.12 * line.size).max(0.9) {
            return false;
        }
        if !metrics.continues_column(index) {
            return self.continues_in_next_column(line, above);
        }
        let ends = metrics.has_gap_above(index)
            || ends_contents_entry(&above.text)
            || starts_caption(&line.text) && (above.ends_sentence() || metrics.previous_ends_early(index))
            || starts_reference_entry(&line.text)
            || starts_note(line) && above.ends_sentence()
            || self.lines.len() == 1
                && starts_labelled_entry(&above.text)
                && starts_labelled_entry(&line.text);
        if ends {
            return false;
        }
        if metrics.is_centred_with_previous(index) {
            return true;
        }
        // Text that starts far to the side is another column, unless a label stands in front of it.
        let aside = (line.left - above.left).abs() > 4.0 * line.size;
        if aside && self.item.is_none() && !above.has_run_at(line.left) {
            return false;
        }
        match self.item {
            Some(item) => self.item_accepts(item, line, metrics, index),
            None => {
                // A title is broken by sense, not by width, so its lines end early; its first line is seldom short.
                let wide = above.right - above.left > 0.75 * (line.right - line.left);
                let bold = line.is_bold() && self.lines.iter().all(Line::is_bold);
                let title = bold && wide && !above.ends_sentence();
                (title || !metrics.previous_ends_early(index))
                    && !self.indent_starts_paragraph(lines, index, metrics)
            }
        }
    }

    /// Returns true if a sentence cut off at the end of a column goes on at the top of the next.
    fn continues_in_next_column(&self, line: &Line, above: &Line) -> bool {
        let upwards = line.baseline > above.baseline && line.left > above.right;
        upwards && self.lines.len() > 1 && !above.ends_sentence() && line.starts_lowercase()
    }

    /// Returns true if the line continues the list item: it stands under the item's text or, in a list set without
    /// that hanging indent, takes up what the line above had no room for.
    fn item_accepts(&self, item: &ListItem, line: &Line, metrics: &ColumnMetrics<'_>, index: usize) -> bool {
        let hangs = |line: &Line| line.left > item.left + 0.6 * line.size;
        let hanging = self.lines.iter().skip(1).any(hangs);
        if hangs(line) {
            return line.left < item.content_left + 2.5 * line.size;
        }
        !hanging && !metrics.previous_ends_early(index)
    }

    /// Returns true if the line's indent, compared with the lines of the block, begins a paragraph.
    fn indent_starts_paragraph(&self, lines: &[Line], index: usize, metrics: &ColumnMetrics<'_>) -> bool {
        let (Some(first), Some(above)) = (self.lines.first(), self.lines.last()) else {
            return false;
        };
        let line = &lines[index];
        let step = 0.7 * line.size;
        if self.lines.len() > 1 {
            // The block shows its own shape: if its first line stands out or in and this one does the same, the next
            // paragraph begins.
            let shaped = (first.left - above.left).abs() > step;
            let like_first = (line.left - first.left).abs() < 0.5 * step;
            return shaped && like_first || !shaped && line.left > above.left + step;
        }
        if line.left < above.left + step {
            return false;
        }
        // An indented second line begins a paragraph, unless it is a hanging indent: then it is the short end of an
        // entry, or the next line stands under it.
        let next = lines
            .get(index + 1)
            .filter(|_| metrics.continues_column(index + 1));
        let under = next.is_some_and(|next| (next.left - line.left).abs() < 0.5 * step);
        let back = next.is_some_and(|next| next.left < line.left - step);
        back && metrics.reaches_right_margin(index) && !under && above.ends_sentence()
    }
}

/// Joins the lines of one heading, which stand close together and have about one size.
fn heading_step(lines: &[Line], index: usize) -> Step {
    let line = &lines[index];
    let level = line.level.clamp(1, 6);
    let above = index.checked_sub(1).and_then(|index| lines.get(index));
    let joined = above.is_some_and(|above| {
        let down = (above.baseline - line.baseline).abs();
        let close = down <= 2.0 * line.size.max(above.size);
        let begins = numbering::of_title(line.text.trim()).is_some();
        above.level == line.level && !begins && close && (above.size - line.size).abs() <= 2.0
    });
    if joined {
        Step::Continue
    } else {
        Step::Begin(BlockKind::Heading(level))
    }
}

/// Returns true if the line goes on with the sentence of the heading above it, in the same bold type.
fn continues_heading(lines: &[Line], index: usize, metrics: &ColumnMetrics<'_>) -> bool {
    let line = &lines[index];
    let above = index.checked_sub(1).and_then(|index| lines.get(index));
    above.is_some_and(|above| {
        let alike = above.is_bold() && line.is_bold() && (above.size - line.size).abs() < 0.5;
        let near = metrics.continues_column(index) && above.baseline - line.baseline < 1.6 * line.size;
        let goes_on = line.starts_lowercase() || metrics.reaches_right_margin(index - 1);
        alike && near && goes_on && !above.ends_sentence()
    })
}

/// Joins lines of code. Blank lines and deep indents are part of a program, so both may be larger than in text.
fn code_step(lines: &[Line], index: usize, metrics: &ColumnMetrics<'_>) -> Step {
    let line = &lines[index];
    let above = index.checked_sub(1).and_then(|index| lines.get(index));
    let joined = above.is_some_and(|above| {
        let down = above.baseline - line.baseline;
        let near = (above.left - line.left).abs() < 12.0 * line.size;
        let follows = metrics.continues_column(index) && down < 3.0 * line.size;
        above.is_code() && !above.is_heading() && near && follows
    });
    if joined {
        Step::Continue
    } else {
        Step::Begin(BlockKind::Code)
    }
}
