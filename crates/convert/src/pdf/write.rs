use unicode_normalization::UnicodeNormalization;

use super::block::{Block, Kind};
use super::hyphen::Words;
use super::inline::{self, Show};
use super::line::Line;
use crate::markdown::{code, guard_line, heading};

/// The blocks as Markdown.
pub(super) fn write(blocks: &[Block], words: &Words) -> String {
    let mut out = String::new();
    let mut in_list = false;
    for block in blocks {
        let text = match &block.kind {
            Kind::Heading(level) => heading(*level, &inline::write(&block.lines, 0, Show::Links, words)),
            Kind::Paragraph => guard_line(&inline::write(&block.lines, 0, Show::Emphasis, words)),
            Kind::Item(item) => {
                let text = guard_line(&inline::write(&block.lines, item.skip, Show::Emphasis, words));
                format!("{}{} {text}", " ".repeat(item.indent), item.mark)
            }
            Kind::Code => code("", &code_text(&block.lines)),
            Kind::Table(markdown) => markdown.clone(),
        };
        if text.trim().is_empty() {
            continue;
        }
        let item = matches!(block.kind, Kind::Item(_));
        if !out.is_empty() {
            out.push_str(if item && in_list { "\n" } else { "\n\n" });
        }
        out.push_str(text.trim_end());
        in_list = item;
    }
    out
}

/// Lines of a program, indented by the columns that they stand in, with its blank lines.
fn code_text(lines: &[Line]) -> String {
    let left = lines.iter().map(|line| line.left).fold(f32::INFINITY, f32::min);
    let mut out = String::new();
    let mut above: Option<&Line> = None;
    for line in lines {
        if let Some(above) = above {
            let blank = above.baseline - line.baseline > 2.0 * line.size;
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        let width = line.width_of(1).max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 256"
        )]
        let indent = ((line.left - left) / width).round().clamp(0.0, 256.0) as usize;
        out.push_str(&" ".repeat(indent));
        out.push_str(line.text.trim());
        above = Some(line);
    }
    out
}

/// Composed letters instead of their parts, letters instead of ligatures, and nothing for what could not be
/// read.
pub(super) fn tidy(markdown: String) -> String {
    if markdown.is_ascii() {
        return markdown;
    }
    let mut out = String::with_capacity(markdown.len());
    for c in markdown.nfc() {
        match c {
            '\u{fb00}' => out.push_str("ff"),
            '\u{fb01}' => out.push_str("fi"),
            '\u{fb02}' => out.push_str("fl"),
            '\u{fb03}' => out.push_str("ffi"),
            '\u{fb04}' => out.push_str("ffl"),
            '\u{fb05}' | '\u{fb06}' => out.push_str("st"),
            '\u{fffd}' | '\u{ad}' => {}
            c => out.push(c),
        }
    }
    out
}
