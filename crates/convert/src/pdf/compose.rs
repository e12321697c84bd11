use unpdf::parser::{FontStatistics, LayoutAnalyzer, TextLine, TextSpan};

use super::block::{Block, Kind, blocks};
use super::headings;
use super::hyphen::Words;
use super::layer::Layer;
use super::line::Line;
use super::marker::is_bare_bullet;
use super::source::{Source, Text, guarded};
use super::tables::{self, Content, Found, Tables, Whole};
use super::write::{tidy, write};

/// Text beside tables is the page's body from so many lines on.
const BODY_LINES: usize = 3;
/// Single lines of the same row lie no further apart.
const ROW: f32 = 6.0;

/// The page as Markdown. The layer loses its text.
///
/// # Errors
/// Why not, in words.
pub(super) fn markdown(source: &Source<'_>, text: &Text, layer: &mut Layer) -> Result<String, String> {
    let spans = std::mem::take(&mut layer.spans);
    let (number, ruled) = (layer.number, layer.ruled);
    guarded(|| tidy(page(source, text, number, ruled, spans)))
        .ok_or_else(|| "its content is broken".to_owned())
}

fn page(source: &Source<'_>, text: &Text, number: u32, ruled: bool, spans: Vec<TextSpan>) -> String {
    let mut analyzer = LayoutAnalyzer::new(&text.backend);
    // Grouping joins the fragments that a text was drawn in; the search for tables needs them joined.
    let lines = analyzer.group_spans_into_lines_pub(spans);
    let counts: Vec<usize> = lines.iter().map(|line| line.spans.len()).collect();
    let spans: Vec<TextSpan> = lines.iter().flat_map(|line| line.spans.iter().cloned()).collect();
    let sizes: Vec<(f32, usize)> = spans.iter().map(size_and_weight).collect();
    let Tables { found, rest } = match tables::find(source, number, ruled, spans) {
        Ok(tables) => tables,
        Err(Whole(markdown)) => return markdown,
    };
    let lines = if found.is_empty() && rest.len() == counts.iter().sum::<usize>() {
        add_sizes(analyzer.font_stats_mut(), sizes);
        lines
    } else {
        add_sizes(analyzer.font_stats_mut(), body_sizes(&rest, sizes));
        analyzer.group_spans_into_lines_pub(rest)
    };
    let tops: Vec<f32> = found
        .iter()
        .filter(|table| table.ruled)
        .map(|table| table.top)
        .collect();
    let lines = analyzer.detect_headings_around_pub(lines, &tops);
    let lines = with_bullets(lines.into_iter().filter_map(Line::new).collect());
    let words = Words::of(lines.iter());
    let mut blocks = blocks(lines);
    if !found.is_empty() {
        blocks = with_rows_joined(with_tables(blocks, found));
    }
    headings::promote_bold(&mut blocks);
    write(&blocks, &words)
}

fn size_and_weight(span: &TextSpan) -> (f32, usize) {
    (span.font_size, FontStatistics::weight_of(&span.text))
}

fn add_sizes(statistics: &mut FontStatistics, sizes: Vec<(f32, usize)>) {
    for (size, weight) in sizes {
        statistics.add_chars(size, weight);
    }
    statistics.analyze();
}

/// The sizes that tell the body's: those of the text beside the tables, if its commonest size has some lines.
fn body_sizes(beside: &[TextSpan], all: Vec<(f32, usize)>) -> Vec<(f32, usize)> {
    let sizes: Vec<(f32, usize)> = beside.iter().map(size_and_weight).collect();
    let alike = |a: f32, b: f32| (a - b).abs() < 0.05;
    let weight = |size: f32| -> usize {
        let same = sizes.iter().filter(|(other, _)| alike(*other, size));
        same.map(|&(_, weight)| weight).sum()
    };
    let mut distinct: Vec<f32> = sizes.iter().map(|&(size, _)| size).collect();
    distinct.sort_by(f32::total_cmp);
    distinct.dedup_by(|a, b| alike(*a, *b));
    let body = distinct.into_iter().max_by_key(|&size| weight(size));
    let mut baselines: Vec<f32> = beside
        .iter()
        .filter(|span| body.is_some_and(|body| alike(span.font_size, body)))
        .map(|span| span.y.round())
        .collect();
    baselines.sort_by(f32::total_cmp);
    baselines.dedup();
    if baselines.len() >= BODY_LINES { sizes } else { all }
}

/// Bullets of another size than their text stand on a line of their own; they go back to it.
fn with_bullets(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        match out.last_mut() {
            Some(last) if is_bare_bullet(last) && is_beside(last, &line) => {
                let bullet = std::mem::replace(last, line);
                last.absorb(bullet);
            }
            Some(last) if is_bare_bullet(&line) && is_beside(&line, last) => last.absorb(line),
            _ => out.push(line),
        }
    }
    out
}

fn is_beside(bullet: &Line, text: &Line) -> bool {
    let near = (bullet.baseline - text.baseline).abs() < 0.6 * text.size;
    near && text.left > bullet.left && text.left - bullet.right < 6.0 * text.size
}

/// Puts each table before the first text below its top that shares its width, into the order that the text has.
fn with_tables(text: Vec<Block>, mut found: Vec<Found>) -> Vec<Block> {
    found.sort_by(|a, b| b.top.total_cmp(&a.top));
    let extents: Vec<(f32, f32, f32)> = text.iter().map(Block::extent).collect();
    let place = |table: &Found| {
        let below = |&(top, _, _): &(f32, f32, f32)| top <= table.top + 1.0;
        let shares = |&(_, left, right): &(f32, f32, f32)| left < table.right && table.left < right;
        extents
            .iter()
            .position(|extent| below(extent) && shares(extent))
            .or_else(|| extents.iter().rposition(shares).map(|index| index + 1))
            .or_else(|| extents.iter().position(below))
            .unwrap_or(extents.len())
    };
    let mut placed: Vec<(usize, Found)> = found.into_iter().map(|table| (place(&table), table)).collect();
    placed.sort_by_key(|&(index, _)| index);
    let mut placed = placed.into_iter().peekable();
    let mut out = Vec::with_capacity(text.len());
    for (index, block) in text.into_iter().enumerate() {
        while let Some((_, table)) = placed.next_if(|&(at, _)| at <= index) {
            out.extend(blocks_of(table));
        }
        out.push(block);
    }
    out.extend(placed.flat_map(|(_, table)| blocks_of(table)));
    out
}

fn blocks_of(table: Found) -> Vec<Block> {
    match table.content {
        Content::Table(markdown) => vec![Block {
            kind: Kind::Table(markdown),
            lines: Vec::new(),
        }],
        Content::Rows(rows) => rows
            .into_iter()
            .filter_map(|row| Line::new(TextLine::from_spans(row)))
            .map(|line| Block {
                kind: Kind::Paragraph,
                lines: vec![line],
            })
            .collect(),
    }
}

/// Beside tables, single lines of one row are often cells that the search for columns has cut apart.
fn with_rows_joined(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for mut block in blocks {
        let single = |block: &Block| matches!(block.kind, Kind::Paragraph) && !block.lines.is_empty();
        if let Some(last) = out.last_mut()
            && let ([line], [first, ..]) = (block.lines.as_slice(), last.lines.as_slice())
            && let Some(end) = last.lines.last()
            && single(&block)
            && single(last)
            && (end.baseline - first.baseline).abs() <= ROW
            && (line.baseline - first.baseline).abs() <= ROW
        {
            last.lines.append(&mut block.lines);
            continue;
        }
        out.push(block);
    }
    out
}
