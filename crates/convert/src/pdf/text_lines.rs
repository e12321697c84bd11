//! Adapter from the PDF library's lines to those of `layout`.

use unpdf::parser::{BlockType, TextBlock, TextLine, TextSpan};

use crate::layout::line::RunLink;
use crate::layout::{Block, BlockKind, Line, Run, is_bare_bullet};

/// Converts the lines of a page. Keeps the library's own lines of a page with Korean text, whose line breaks only the
/// library can judge.
pub(super) struct LineConverter {
    korean: bool,
    sources: Vec<TextLine>,
}

impl LineConverter {
    /// Creates a converter for a page with these spans.
    pub(super) fn for_page(spans: &[TextSpan]) -> Self {
        Self {
            korean: spans.iter().any(|span| span.text.contains(is_hangul)),
            sources: Vec::new(),
        }
    }

    /// Converts lines in reading order and puts bullets back to the text that they belong to.
    pub(super) fn convert(&mut self, lines: Vec<TextLine>) -> Vec<Line> {
        let lines = lines
            .into_iter()
            .filter_map(|source| Some((to_line(&source)?, source)));
        // On the library's lines, because only the library knows where spaces go when two lines are merged.
        let lines = attach_bullets(lines);
        lines
            .into_iter()
            .map(|(line, source)| self.register(line, source))
            .collect()
    }

    /// Converts the spans of one row to a line; `None` when it has no ink.
    pub(super) fn convert_row(&mut self, spans: Vec<TextSpan>) -> Option<Line> {
        let source = TextLine::from_spans(spans);
        let line = to_line(&source)?;
        Some(self.register(line, source))
    }

    fn register(&mut self, mut line: Line, source: TextLine) -> Line {
        if self.korean {
            line.source = self.sources.len();
            self.sources.push(source);
        }
        line
    }

    /// Joins the lines of Korean blocks. Korean has spaces between words but breaks lines within them; the library
    /// tells one break from the other by the room that a line leaves.
    pub(super) fn join_korean(&self, blocks: &mut [Block]) {
        for block in blocks.iter_mut().filter(|_| self.korean) {
            let hangul = block.lines.iter().any(|line| line.text.contains(is_hangul));
            if block.lines.len() < 2 || !hangul || matches!(block.kind, BlockKind::Code) {
                continue;
            }
            let lines = block
                .lines
                .iter()
                .filter_map(|line| self.sources.get(line.source));
            let joined = TextBlock::new(lines.cloned().collect(), BlockType::Paragraph);
            block.joined_text = Some(joined.text());
        }
    }
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}')
}

fn to_line(source: &TextLine) -> Option<Line> {
    let level = if source.is_heading {
        source.heading_level
    } else {
        0
    };
    let runs = source.spans.iter().map(to_run).collect();
    Line::new(source.text(), runs, source.y, level)
}

fn to_run(span: &TextSpan) -> Run {
    let links = span.links.iter().map(|link| RunLink {
        range: link.range.clone(),
        uri: link.value.target.uri().to_owned(),
    });
    Run {
        text: span.text.clone(),
        left: span.x,
        ink_right: ink_right(span),
        size: span.font_size,
        font_name: span.font_name.clone(),
        bold: span.is_bold,
        italic: span.is_italic,
        struck: span.is_struck,
        monospace: span.is_monospace,
        rotated: span.is_rotated(),
        direction: span.direction,
        links: links.collect(),
    }
}

/// Right edge of the ink of a span in points. Where the library could not measure it, trailing spaces count with the
/// average width of the characters.
pub(super) fn ink_right(span: &TextSpan) -> f32 {
    if let (true, Some(ink)) = (span.width_measured, span.ink_width) {
        return span.x + ink;
    }
    let all = span.text.chars().count().max(1);
    let inked = span.text.trim_end().chars().count();
    #[expect(clippy::cast_precision_loss, reason = "runs are short")]
    let share = inked as f32 / all as f32;
    span.x + span.width * share
}

/// Puts bullets back to their text: in another size than the text, they make a line of their own.
fn attach_bullets(lines: impl Iterator<Item = (Line, TextLine)>) -> Vec<(Line, TextLine)> {
    let mut out: Vec<(Line, TextLine)> = Vec::new();
    for (line, source) in lines {
        match out.last_mut() {
            Some(last) if is_bare_bullet(&last.0) && is_beside(&last.0, &line) => {
                let bullet = std::mem::replace(last, (line, source));
                absorb(last, bullet.1);
            }
            Some(last) if is_bare_bullet(&line) && is_beside(&line, &last.0) => absorb(last, source),
            _ => out.push((line, source)),
        }
    }
    out
}

fn is_beside(bullet: &Line, text: &Line) -> bool {
    let same_row = (bullet.baseline - text.baseline).abs() < 0.6 * text.size;
    same_row && text.left > bullet.left && text.left - bullet.right < 6.0 * text.size
}

/// Merges another line of the same row into a line, which keeps its baseline, size and heading level.
fn absorb((line, source): &mut (Line, TextLine), other: TextLine) {
    let mut spans = std::mem::take(&mut source.spans);
    spans.extend(other.spans);
    let (level, heading) = (source.heading_level, source.is_heading);
    *source = TextLine::from_spans(spans);
    (source.heading_level, source.is_heading) = (level, heading);
    if let Some(joined) = to_line(source) {
        *line = Line {
            baseline: line.baseline,
            size: line.size,
            ..joined
        };
    }
}
