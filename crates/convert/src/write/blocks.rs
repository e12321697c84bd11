use unicode_normalization::UnicodeNormalization;

use super::inline::{self, Styling};
use super::markdown::{code, guard_line, heading};
use crate::layout::hyphenation::Vocabulary;
use crate::layout::{Block, BlockKind, Line};

/// Columns by which a line of code is indented, at most.
const MAX_CODE_INDENT_COLUMNS: f32 = 256.0;

/// Writes blocks as Markdown.
pub(crate) fn write(blocks: &[Block], vocabulary: &Vocabulary) -> String {
    let mut out = String::new();
    let mut in_list = false;
    for block in blocks {
        let inline = |skip, styling| inline::write(block, skip, styling, vocabulary);
        let text = match &block.kind {
            BlockKind::Heading(level) => heading(*level, &inline(0, Styling::LinksOnly)),
            BlockKind::Paragraph => guard_line(&inline(0, Styling::Full)),
            BlockKind::ListItem(item) => {
                let text = guard_line(&inline(item.skip, Styling::Full));
                format!("{}{} {text}", " ".repeat(item.indent), item.mark)
            }
            BlockKind::Code => code("", &code_text(&block.lines)),
            BlockKind::Table(markdown) => markdown.clone(),
        };
        if text.trim().is_empty() {
            continue;
        }
        let item = matches!(block.kind, BlockKind::ListItem(_));
        // A blank line between two items would make the list loose, with paragraphs inside its items.
        if !out.is_empty() {
            out.push_str(if item && in_list { "\n" } else { "\n\n" });
        }
        out.push_str(text.trim_end());
        in_list = item;
    }
    out
}

/// Restores the indents and blank lines of source code from the positions of its lines.
fn code_text(lines: &[Line]) -> String {
    let left = lines.iter().map(|line| line.left).fold(f32::INFINITY, f32::min);
    let mut out = String::new();
    let mut above: Option<&Line> = None;
    for line in lines {
        if let Some(above) = above {
            // More than a line pitch of space was a blank line.
            let blank = above.baseline - line.baseline > 2.0 * line.size;
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        let width = line.width_of(1).max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 256"
        )]
        let indent = ((line.left - left) / width)
            .round()
            .clamp(0.0, MAX_CODE_INDENT_COLUMNS) as usize;
        out.push_str(&" ".repeat(indent));
        out.push_str(line.text.trim());
        above = Some(line);
    }
    out
}

/// Normalizes characters: composes letters (NFC), resolves ligatures, and drops soft hyphens and replacement
/// characters, which stand for glyphs that could not be decoded.
pub(crate) fn normalize(markdown: String) -> String {
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
