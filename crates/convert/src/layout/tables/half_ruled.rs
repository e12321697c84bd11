//! Tables with horizontal rules alone: the rules bound them and part their rows, the text makes their columns.

use super::assemble::assemble;
use super::borders::Stroke;
use super::columns::lay;
use super::evidence::Evidence;
use super::lines::{TextLine, interleaved};
use super::sketch::Sketch;
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
/// Words of a cell on average above which there is no table.
const MAX_WORDS: f32 = 30.0;

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
                found.extend(table(words, &text, rules, across));
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

fn table(words: &[Word], lines: &[TextLine], rules: &[Stroke], across: &[Stroke]) -> Option<Sketch> {
    if lines.len() < 2 {
        return None;
    }
    let (top, bottom) = (rules.first()?.at, rules.last()?.at);
    let (left, right) = (rules.first()?.from - STICK_OUT, rules.first()?.to + STICK_OUT);
    let inner = across.iter().filter(|rule| {
        let inside = rule.at < top && rule.at > bottom && rule.from >= left && rule.to <= right;
        inside && rule.length() * 2.0 >= right - left
    });
    let heights: Vec<f32> = inner.map(|rule| rule.at).collect();
    let laid = lay(lines, &heights, words)?;
    let sketch = assemble(&laid.rows, laid.columns, true)?;
    let evidence = Evidence::of(&sketch, words);
    let bounded = rules.len() > 2 || evidence.rows > 2;
    let text = evidence.prose_columns > 1 && heights.len() + 1 < evidence.rows;
    let listed = evidence.columns == 2 && (evidence.labels > 0.6 || evidence.leaders > 0.5);
    let table = bounded && !text && !listed && evidence.words <= MAX_WORDS && evidence.rows > 1;
    table.then_some(sketch)
}
