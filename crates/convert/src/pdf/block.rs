use super::cue::{begins_caption, begins_reference, ends_contents_entry};
use super::flow::Flow;
use super::line::Line;
use super::list::{Item, List};

/// A heading has so many lines at most, if only its first looks like one.
const TITLE_LINES: usize = 3;

/// A part of a page that stands for itself.
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) lines: Vec<Line>,
}

pub(super) enum Kind {
    Heading(u8),
    Paragraph,
    Item(Item),
    Code,
    /// A table, written already.
    Table(String),
}

/// What a line does to the block before it.
enum Step {
    Continue,
    Begin(Kind),
}

/// The blocks that the lines, in the order of reading, make up.
pub(super) fn blocks(lines: Vec<Line>) -> Vec<Block> {
    let steps = steps(&lines);
    let mut blocks: Vec<Block> = Vec::new();
    for (line, step) in lines.into_iter().zip(steps) {
        match (step, blocks.last_mut()) {
            (Step::Continue, Some(open)) => open.lines.push(line),
            (Step::Begin(kind), _) => blocks.push(Block {
                kind,
                lines: vec![line],
            }),
            (Step::Continue, None) => blocks.push(Block {
                kind: Kind::Paragraph,
                lines: vec![line],
            }),
        }
    }
    blocks
}

fn steps(lines: &[Line]) -> Vec<Step> {
    let flow = Flow::of(lines);
    let mut list = List::default();
    let mut steps: Vec<Step> = Vec::with_capacity(lines.len());
    let (mut first, mut in_heading) = (0, false);
    for (index, line) in lines.iter().enumerate() {
        let step = if line.is_heading() {
            heading(lines, index)
        } else if in_heading && index - first < TITLE_LINES && ends_heading(lines, index, &flow) {
            Step::Continue
        } else if line.is_code() && !line.is_rotated() {
            code(lines, index, &flow)
        } else if let Some(item) = list.begin(lines, index, &flow) {
            Step::Begin(Kind::Item(item))
        } else {
            let open = Open {
                lines: &lines[first..index],
                item: list.current().filter(|_| list.is_open()),
            };
            if !in_heading && open.takes(lines, index, &flow) {
                Step::Continue
            } else {
                Step::Begin(Kind::Paragraph)
            }
        };
        if let Step::Begin(kind) = &step {
            first = index;
            in_heading = matches!(kind, Kind::Heading(_));
            list.note(kind, lines, index);
        }
        steps.push(step);
    }
    steps
}

/// The block that the next line may belong to.
struct Open<'a> {
    lines: &'a [Line],
    item: Option<&'a Item>,
}

impl Open<'_> {
    /// Whether the line at `index`, plain text, goes on with the block.
    fn takes(&self, lines: &[Line], index: usize, flow: &Flow<'_>) -> bool {
        let (Some(above), line) = (self.lines.last(), &lines[index]) else {
            return false;
        };
        let other = above.is_heading() || above.is_code() || above.is_rotated() || line.is_rotated();
        if other || (above.size - line.size).abs() > (0.12 * line.size).max(0.9) {
            return false;
        }
        if !flow.follows(index) {
            return self.goes_on_in_next_column(line, above);
        }
        let ends = flow.gap_above(index)
            || ends_contents_entry(&above.text)
            || begins_caption(&line.text) && (above.ends_sentence() || flow.ends_early(index))
            || begins_reference(&line.text);
        if ends {
            return false;
        }
        if flow.is_centred(index) {
            return true;
        }
        let aside = (line.left - above.left).abs() > 4.0 * line.size;
        if aside && self.item.is_none() && !above.has_run_at(line.left) {
            return false;
        }
        match self.item {
            Some(item) => self.item_takes(item, line, flow, index),
            None => {
                // A title is broken where its words ask for it, and its first line is seldom short.
                let wide = above.right - above.left > 0.75 * (line.right - line.left);
                let bold = line.is_bold() && self.lines.iter().all(Line::is_bold);
                let title = bold && wide && !above.ends_sentence();
                (title || !flow.ends_early(index)) && !self.indent_parts(lines, index, flow)
            }
        }
    }

    /// Whether a sentence that the column's end broke is continued at the top of the next.
    fn goes_on_in_next_column(&self, line: &Line, above: &Line) -> bool {
        let upwards = line.baseline > above.baseline && line.left > above.right;
        upwards && self.lines.len() > 1 && !above.ends_sentence() && line.starts_lowercase()
    }

    /// An item's further lines stand under its text; in a list without that indent they are what the line
    /// before had no room for.
    fn item_takes(&self, item: &Item, line: &Line, flow: &Flow<'_>, index: usize) -> bool {
        let hangs = |line: &Line| line.left > item.left + 0.6 * line.size;
        let hanging = self.lines.iter().skip(1).any(hangs);
        if hangs(line) {
            return line.left < item.content + 2.5 * line.size;
        }
        !hanging && !flow.ends_early(index)
    }

    /// Whether the line's indent, against those of the block, begins a paragraph.
    fn indent_parts(&self, lines: &[Line], index: usize, flow: &Flow<'_>) -> bool {
        let (Some(first), Some(above)) = (self.lines.first(), self.lines.last()) else {
            return false;
        };
        let line = &lines[index];
        let step = 0.7 * line.size;
        if self.lines.len() > 1 {
            // The block's own shape: its first line stands out or in, and so does this one.
            let shaped = (first.left - above.left).abs() > step;
            let like_first = (line.left - first.left).abs() < 0.5 * step;
            return shaped && like_first || !shaped && line.left > above.left + step;
        }
        if line.left < above.left + step {
            return false;
        }
        // A second line that is indented begins a paragraph, unless it hangs: then it is the short end of an
        // entry, or the next line stands under it.
        let next = lines.get(index + 1).filter(|_| flow.follows(index + 1));
        let under = next.is_some_and(|next| (next.left - line.left).abs() < 0.5 * step);
        let back = next.is_some_and(|next| next.left < line.left - step);
        back && flow.is_full(index) && !under && above.ends_sentence()
    }
}

/// Lines of one heading stand close and have about one size.
fn heading(lines: &[Line], index: usize) -> Step {
    let line = &lines[index];
    let level = line.level.clamp(1, 6);
    let above = index.checked_sub(1).and_then(|index| lines.get(index));
    let joined = above.is_some_and(|above| {
        let down = (above.baseline - line.baseline).abs();
        let close = down <= 2.0 * line.size.max(above.size);
        above.is_heading() && close && (above.size - line.size).abs() <= 2.0
    });
    if joined {
        Step::Continue
    } else {
        Step::Begin(Kind::Heading(level))
    }
}

/// Whether the line goes on with the sentence of the heading above it, in the same bold type.
fn ends_heading(lines: &[Line], index: usize, flow: &Flow<'_>) -> bool {
    let line = &lines[index];
    let above = index.checked_sub(1).and_then(|index| lines.get(index));
    above.is_some_and(|above| {
        let alike = above.is_bold() && line.is_bold() && (above.size - line.size).abs() < 0.5;
        let near = flow.follows(index) && above.baseline - line.baseline < 1.6 * line.size;
        alike && near && line.starts_lowercase() && !above.ends_sentence()
    })
}

fn code(lines: &[Line], index: usize, flow: &Flow<'_>) -> Step {
    let line = &lines[index];
    let above = index.checked_sub(1).and_then(|index| lines.get(index));
    let joined = above.is_some_and(|above| {
        let down = above.baseline - line.baseline;
        let near = (above.left - line.left).abs() < 12.0 * line.size;
        above.is_code() && !above.is_heading() && near && flow.follows(index) && down < 3.0 * line.size
    });
    if joined {
        Step::Continue
    } else {
        Step::Begin(Kind::Code)
    }
}

impl Block {
    /// Top, left and right of its ink on the page.
    pub(super) fn extent(&self) -> (f32, f32, f32) {
        let mut extent = (f32::MIN, f32::MAX, f32::MIN);
        for line in &self.lines {
            extent.0 = extent.0.max(line.baseline + line.size);
            extent.1 = extent.1.min(line.left);
            extent.2 = extent.2.max(line.right);
        }
        extent
    }

    /// Whether all its text is bold.
    pub(super) fn is_bold(&self) -> bool {
        self.lines.iter().all(Line::is_bold)
    }

    pub(super) fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.trim()).collect();
        lines.join(" ")
    }
}
