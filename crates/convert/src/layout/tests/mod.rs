//! Tables of cases for each step of the layout. Pages are drawn as text: a row is a line of 10 points with a pitch of
//! 12, a column is 5 points wide, an empty row is a gap.

mod block;
mod code_blocks;
mod column_metrics;
mod columns;
mod extent;
mod fields;
mod figures;
mod furniture;
mod furniture_positions;
mod furniture_styles;
mod heading_lines;
mod headings;
mod hyphenation;
mod inlines;
mod line;
mod list_marker;
mod list_nesting;
mod list_or_text;
mod lists;
mod model;
mod paragraph_breaks;
mod paragraphs;
mod reading_order;
mod table_placement;
mod tables;
mod text_cues;

use super::block::{Block, BlockKind};
use super::line::{Line, Run};
use super::paragraphs::group_lines;
use super::table::{Cell, Table};
use crate::ir::Inline;

pub(super) const SIZE: f32 = 10.0;
pub(super) const PITCH: f32 = 12.0;
pub(super) const COLUMN: f32 = 5.0;
const TOP: f32 = 700.0;

/// Run at a column of the drawing.
pub(super) fn run(column: usize, text: &str) -> Run {
    let width = |text: &str| text.chars().map(|_| COLUMN).sum::<f32>();
    let left = (0..column).map(|_| COLUMN).sum::<f32>();
    Run {
        text: text.to_owned(),
        left,
        ink_right: left + width(text.trim_end()),
        size: SIZE,
        font_name: "Serif".to_owned(),
        ..Run::default()
    }
}

/// Line of these runs, with a space between two of them.
pub(super) fn line_of(runs: Vec<Run>, baseline: f32) -> Option<Line> {
    let texts: Vec<&str> = runs.iter().map(|run| run.text.as_str()).collect();
    Line::new(texts.join(" "), runs, baseline, 0)
}

/// Line of one run at a column and a baseline.
pub(super) fn line(column: usize, baseline: f32, text: &str) -> Line {
    let mut lines = line_of(vec![run(column, text)], baseline);
    lines.take().unwrap_or_else(|| unreachable_line(text))
}

fn unreachable_line(text: &str) -> Line {
    Line {
        runs: Vec::new(),
        text: text.to_owned(),
        left: 0.0,
        right: 0.0,
        baseline: 0.0,
        size: SIZE,
        level: 0,
    }
}

/// Lines of a drawn page. `*` in front of a row makes it bold, `#` a heading of level 1, `` ` `` source code.
pub(super) fn page(drawing: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut baseline = TOP;
    for row in drawing.trim_matches('\n').lines() {
        baseline -= PITCH;
        let mark = row.chars().next().filter(|c| matches!(c, '*' | '#' | '`'));
        let text = if mark.is_some() { &row[1..] } else { row };
        if text.trim().is_empty() {
            continue;
        }
        let column = text.len() - text.trim_start().len();
        let mut line = line(column, baseline, text.trim());
        for run in &mut line.runs {
            run.bold = mark == Some('*');
            run.monospace = mark == Some('`');
        }
        line.level = u8::from(mark == Some('#'));
        lines.push(line);
    }
    lines
}

/// Drawn page that is expected to consist of these blocks: name, drawing, outline.
pub(super) type DrawnPage<'a> = (&'a str, &'a str, &'a [&'a str]);

/// Checks the blocks of drawn pages.
pub(super) fn check_pages(pages: &[DrawnPage<'_>]) {
    for (name, drawing, expected) in pages {
        assert_eq!(outline(&group_lines(page(drawing))), *expected, "{name}");
    }
}

/// Blocks in short: kind, colon, text of the lines joined by ` / `.
pub(super) fn outline(blocks: &[Block]) -> Vec<String> {
    blocks.iter().map(outline_of).collect()
}

fn outline_of(block: &Block) -> String {
    let texts: Vec<&str> = block.lines.iter().map(|line| line.text.as_str()).collect();
    let text = texts.join(" / ");
    match &block.kind {
        BlockKind::Heading(level) => format!("h{level}: {text}"),
        BlockKind::Paragraph => format!("p: {text}"),
        BlockKind::ListItem(item) => {
            let text = text.get(item.skip..).unwrap_or_default();
            format!("{}{} {text}", " ".repeat(item.indent), item.mark)
        }
        BlockKind::Code => format!("code: {text}"),
        BlockKind::Table(table) => format!("table: {}", table.text()),
        BlockKind::Header => "header".to_owned(),
        BlockKind::Footer => "footer".to_owned(),
        BlockKind::PageNumber => "page number".to_owned(),
        BlockKind::Watermark => "watermark".to_owned(),
        BlockKind::Field(field) => format!("{}: {}", field.label.as_deref().unwrap_or_default(), field.value),
        BlockKind::Figure(figure) => format!("figure: {}", figure.name),
    }
}

/// Table of one row.
pub(super) fn table(texts: &[&str]) -> Table {
    let cells = (0..).zip(texts).map(|(column, text)| Cell {
        row: 0,
        column,
        row_span: 1,
        column_span: 1,
        header: false,
        inlines: vec![Inline::plain(*text)],
        extent: None,
    });
    Table {
        extent: None,
        cells: cells.collect(),
    }
}

/// Block of one line.
pub(super) fn block(kind: BlockKind, line: Line) -> Block {
    Block::of_line(kind, line)
}
