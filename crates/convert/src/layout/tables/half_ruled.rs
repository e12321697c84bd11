//! Tables with horizontal rules alone: the rules bound them and part their rows, the text makes their columns.

use super::assemble::assemble;
use super::borders::Stroke;
use super::columns::{Laid, lay};
use super::evidence::Evidence;
use super::lines::{TextLine, interleaved};
use super::rows::TableLine;
use super::sketch::Sketch;
use super::unruled::is_table;
use crate::layout::word::Word;

/// Gap between two rules of one height, at most, in points, for them to be one.
const RULE_GAP: f32 = 12.0;
/// Length of a rule in points, at least.
const MIN_RULE: f32 = 40.0;
/// Difference between the ends of the rules of one table, at most, in points.
const SAME_END: f32 = 8.0;
/// Length in points by which text may stick out over the end of a rule.
const STICK_OUT: f32 = 6.0;
/// Gap that parts two cells for certain, in multiples of the text size.
const CELL_GAP_EM: f32 = 1.0;
/// Words of a piece from which on it reads as a line of prose.
const PROSE_WORDS: usize = 8;
/// Rows of a header, at most.
const MAX_HEADER: usize = 3;
/// Distance of a header from the rule below it, at most, in multiples of the text size.
const HEADER_PITCH_EM: f32 = 1.6;
/// Words of a cell on average above which there is no table.
const MAX_WORDS: f32 = 30.0;

/// Groups of rules of a page, at most.
const MAX_GROUPS: usize = 60;

/// Content between two rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Band {
    Empty,
    /// Lines with cells.
    Cells,
    /// A single piece of text.
    Single,
    Prose,
}

/// Finds the tables between horizontal rules.
pub(super) fn tables(words: &[Word], lines: &[TextLine], across: &[Stroke]) -> Vec<Sketch> {
    let mut found = Vec::new();
    for group in groups(across) {
        let (left, right) = (
            group.iter().map(|rule| rule.from).fold(f32::INFINITY, f32::min) - STICK_OUT,
            group.iter().map(|rule| rule.to).fold(f32::NEG_INFINITY, f32::max) + STICK_OUT,
        );
        let inside: Vec<TextLine> = lines
            .iter()
            .filter_map(|line| line.between(left, right))
            .collect();
        let bands: Vec<Vec<TextLine>> = group
            .windows(2)
            .map(|pair| match pair {
                [above, below] => between(&inside, above.at, below.at),
                _ => Vec::new(),
            })
            .collect();
        let kinds: Vec<Band> = bands.iter().map(|band| kind_of(band)).collect();
        let mut start = 0;
        for run in kinds.chunk_by(|a, b| (*a == Band::Prose) == (*b == Band::Prose)) {
            let end = start + run.len();
            if run.contains(&Band::Cells)
                && let Some(rules) = group.get(start..=end)
            {
                let text: Vec<TextLine> = bands.get(start..end).unwrap_or_default().concat();
                let top = rules.first().map_or(f32::INFINITY, |rule| rule.at);
                let below = inside.partition_point(|line| line.middle() > top);
                let candidate = Candidate {
                    lines: &text,
                    above: inside
                        .get(below.saturating_sub(MAX_HEADER * 3)..below)
                        .unwrap_or_default(),
                    rules,
                    across,
                };
                found.extend(candidate.table(words));
            }
            start = end;
        }
    }
    found
}

/// Groups of rules with the same ends, each from top to bottom.
fn groups(across: &[Stroke]) -> Vec<Vec<Stroke>> {
    let mut rules: Vec<Stroke> = Vec::new();
    for stroke in across {
        match rules.last_mut() {
            Some(last) if last.at == stroke.at && stroke.from - last.to <= RULE_GAP => {
                last.to = last.to.max(stroke.to)
            }
            _ => rules.push(*stroke),
        }
    }
    rules.retain(|rule| rule.length() >= MIN_RULE);
    rules.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.to.total_cmp(&b.to)));
    let mut groups: Vec<Vec<Stroke>> = Vec::new();
    for rule in rules {
        // Sorted by their left ends: only groups that began near enough can take the rule.
        let same = |group: &&mut Vec<Stroke>| {
            group.first().is_some_and(|first| {
                (first.from - rule.from).abs() <= SAME_END && (first.to - rule.to).abs() <= SAME_END
            })
        };
        match groups.iter_mut().rev().take(20).find(same) {
            Some(group) => group.push(rule),
            None => groups.push(vec![rule]),
        }
    }
    groups.retain(|group| group.len() > 1);
    groups.truncate(MAX_GROUPS);
    for group in &mut groups {
        group.sort_by(|a, b| b.at.total_cmp(&a.at));
    }
    groups
}

fn between(lines: &[TextLine], above: f32, below: f32) -> Vec<TextLine> {
    let inside = |line: &&TextLine| line.middle() < above && line.middle() > below;
    interleaved(lines.iter().filter(inside).cloned().collect())
}

fn kind_of(lines: &[TextLine]) -> Band {
    if lines.is_empty() {
        return Band::Empty;
    }
    let is_prose = |line: &&TextLine| {
        let long = line
            .pieces
            .iter()
            .filter(|piece| piece.words_per_line() >= PROSE_WORDS)
            .count();
        long == line.pieces.len()
    };
    let prose = lines.iter().filter(is_prose).count();
    let cells = lines.iter().filter(|line| has_cells(line)).count();
    if cells > 0 && prose * 3 <= lines.len() {
        Band::Cells
    } else if lines.len() == 1 || prose == 0 && lines.len() == 2 {
        Band::Single
    } else {
        Band::Prose
    }
}

/// Returns true if a gap parts the line that is wider than between words.
pub(super) fn has_cells(line: &TextLine) -> bool {
    line.pieces.windows(2).any(|pair| match pair {
        [before, after] => after.left - before.right >= CELL_GAP_EM * line.size,
        _ => false,
    })
}

/// Part of a page between rules that may be a table.
struct Candidate<'a> {
    lines: &'a [TextLine],
    /// Lines above the first rule, from the top down.
    above: &'a [TextLine],
    /// Rules that bound it, and those between its bands.
    rules: &'a [Stroke],
    /// All rules of the page, shorter ones too.
    across: &'a [Stroke],
}

impl Candidate<'_> {
    fn table(&self, words: &[Word]) -> Option<Sketch> {
        if self.lines.len() < 2 {
            return None;
        }
        let heights = self.heights();
        let laid = lay(self.lines, &heights, words)?;
        let bare = assemble(&laid.rows, laid.columns, true)?;
        let evidence = Evidence::of(&bare, words);
        if !self.is_table(&evidence, &laid, &heights) {
            return None;
        }
        if !evidence.has_header()
            && let Some(headed) = self.headed(&laid, &heights, words)
        {
            return Some(headed);
        }
        let mut sketch = bare;
        let head = laid.rows_above(&heights);
        let all_ruled = heights.len() + 1 >= laid.rows.len();
        sketch.mark_header(if evidence.has_header() || head > 0 && !all_ruled {
            head.clamp(1, MAX_HEADER)
        } else {
            0
        });
        Some(sketch)
    }

    /// Heights of the rules between its lines.
    fn heights(&self) -> Vec<f32> {
        let (Some(first), Some(last)) = (self.rules.first(), self.rules.last()) else {
            return Vec::new();
        };
        let (left, right) = (first.from - STICK_OUT, first.to + STICK_OUT);
        let inner = self.across.iter().filter(|rule| {
            let inside = rule.at < first.at && rule.at > last.at && rule.from >= left && rule.to <= right;
            inside && rule.length() * 2.0 >= right - left
        });
        inner.map(|rule| rule.at).collect()
    }

    /// Decides by the evidence: rules may part sections of text, too.
    fn is_table(&self, evidence: &Evidence, laid: &Laid, heights: &[f32]) -> bool {
        let text = evidence.prose_columns > 1 && heights.len() + 1 < evidence.rows;
        let listed = evidence.columns == 2 && (evidence.labels > 0.6 || evidence.leaders > 0.5);
        if text || listed || evidence.equations || evidence.words > MAX_WORDS || evidence.rows < 2 {
            return false;
        }
        let head = laid.rows_above(heights);
        let headed = (1..=MAX_HEADER).contains(&head) && head < evidence.rows;
        let ruled = heights.len() > 1 && heights.len() + 1 >= evidence.rows;
        evidence.is_aligned() && (headed || ruled) || is_table(evidence, laid.is_underlined(heights))
    }

    /// The table with the lines above its first rule as its header, if they fill its columns.
    fn headed(&self, laid: &Laid, heights: &[f32], words: &[Word]) -> Option<Sketch> {
        let top = self.rules.first()?.at;
        let mut head: Vec<TextLine> = Vec::new();
        for line in self.above.iter().rev() {
            let below = head.last().map_or(top, |line| line.first);
            if line.baseline - below > HEADER_PITCH_EM * line.size || head.len() >= MAX_HEADER {
                break;
            }
            head.push(line.clone());
        }
        head.reverse();
        head = interleaved(head);
        let count = head.len();
        head.extend(self.lines.iter().cloned());
        let all: Vec<f32> = heights.iter().copied().chain([top]).collect();
        let headed = lay(&head, &all, words)?;
        let whole = headed.rows.first()?.iter().map(TableLine::filled).max()? >= headed.columns;
        let same = headed.columns == laid.columns && headed.rows.len() == laid.rows.len() + 1;
        let mut sketch = assemble(&headed.rows, headed.columns, true)?;
        sketch.mark_header(1);
        (count > 0 && whole && same).then_some(sketch)
    }
}
