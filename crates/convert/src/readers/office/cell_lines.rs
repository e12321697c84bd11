//! Line breaks in cells of Excel workbooks, of which the library makes spaces: they are marked before it reads the
//! workbook. Controls that are written as `_x000D_` are read, which the library takes for text.
//!
//! ```text
//!   <t>ten&#10;coins</t>  ──>  <t>ten«L»coins</t>     L: sign in the place of a line break
//! ```

use anydoc::model::{Block, CellSlot, Inline};

use super::signs::BREAK;
use crate::xml::local;

/// Part of a workbook that holds the texts of its cells.
pub(super) const SHARED: &str = "xl/sharedStrings.xml";
/// Character of a binary workbook that stands for a line break; of others like it, spaces have been made.
pub(super) const LEGACY_BREAK: u8 = b'\t';

/// Marks the line breaks in the texts of a part; `None` if it has none.
pub(super) fn marked(part: &str) -> Option<String> {
    let mut out = String::with_capacity(part.len());
    let (mut rest, mut in_text, mut changed) = (part, false, false);
    while let Some((before, after)) = rest.split_once('<') {
        match lines(before).filter(|_| in_text) {
            Some(text) => {
                changed = true;
                out.push_str(&text);
            }
            None => out.push_str(before),
        }
        let (tag, behind) = after.split_once('>').unwrap_or((after, ""));
        out.push('<');
        out.push_str(tag);
        if tag.len() < after.len() {
            out.push('>');
        }
        rest = behind;
        let name = tag.split(|c: char| c.is_ascii_whitespace()).next();
        in_text = local(name.unwrap_or_default()) == "t" && !tag.starts_with('/') && !tag.ends_with('/');
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// Text with signs for its line breaks, but for those at its ends; `None` if nothing has to be changed.
fn lines(text: &str) -> Option<String> {
    const NAMES: [(&str, &str); 8] = [
        ("_x000D_", "\r"),
        ("_x000d_", "\r"),
        ("_x000A_", "\n"),
        ("_x000a_", "\n"),
        ("&#13;", "\r"),
        ("&#xD;", "\r"),
        ("&#10;", "\n"),
        ("&#xA;", "\n"),
    ];
    if !text.contains('\n') && !NAMES.iter().any(|(name, _)| text.contains(name)) {
        return None;
    }
    let named = NAMES
        .iter()
        .fold(text.to_owned(), |text, (name, end)| text.replace(name, end));
    let lines = named.replace("\r\n", "\n").replace('\r', "\n");
    let (begin, end) = (
        lines.len() - lines.trim_start_matches('\n').len(),
        lines.trim_end_matches('\n').len(),
    );
    let mut marked = String::with_capacity(lines.len() + 8);
    marked.push_str(lines.get(..begin)?);
    marked.push_str(
        &lines
            .get(begin..end.max(begin))?
            .replace('\n', &BREAK.to_string()),
    );
    marked.push_str(lines.get(end.max(begin)..)?);
    Some(marked)
}

/// Puts signs in the place of what stands for line breaks in the tables of a binary workbook.
pub(super) fn mark(blocks: &mut [Block]) {
    let tables = blocks.iter_mut().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let cells = tables
        .flat_map(|table| table.grid.iter_mut().flatten())
        .filter_map(|slot| match slot {
            CellSlot::Origin(cell) => Some(cell),
            CellSlot::Covered { .. } => None,
        });
    for block in cells.flat_map(|cell| cell.blocks.iter_mut()) {
        let Block::Paragraph(inlines) = block else {
            continue;
        };
        for inline in inlines {
            if let Inline::Text { text, .. } = inline
                && text.contains(char::from(LEGACY_BREAK))
            {
                *text = text.replace(char::from(LEGACY_BREAK), &BREAK.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::marked;

    fn text(part: &str) -> Option<String> {
        marked(part).map(|part| part.replace('\u{fddc}', "«L»"))
    }

    #[test]
    fn line_breaks_within_texts_are_marked() {
        for (part, expected) in [
            ("<t>a\nb</t>", Some("<t>a«L»b</t>")),
            (
                "<x:t xml:space=\"preserve\">a&#10;b&#xA;</x:t>",
                Some("<x:t xml:space=\"preserve\">a«L»b\n</x:t>"),
            ),
            ("<t>a_x000D_\nb_x000D_</t>", Some("<t>a«L»b\n</t>")),
            ("<si>\n<t>a</t>\n</si>", None),
            ("<t/>\n<t", None),
        ] {
            assert_eq!(text(part).as_deref(), expected, "{part}");
        }
    }
}
