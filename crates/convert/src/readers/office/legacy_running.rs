//! Headers and footers of binary Word documents (MS-DOC), which the library leaves out: they are texts behind the body,
//! six for each section.
//!
//! ```text
//!   FIB ─┬─ lengths: body, notes, headers …
//!        ├─ places of the pieces of text ──> characters
//!        └─ places of the headers ─────────> even, odd header; even, odd footer; first header, first footer
//! ```

use super::legacy_text::{Fields, Pieces, long, part, streams};
use super::running::Running;

/// Headers and footers that are read, at most.
const MAX_STORIES: usize = 10_000;
/// Texts in front of those of the first section: separators of notes.
const SEPARATORS: usize = 6;

/// Reads the headers and footers of a document.
pub(super) fn of(bytes: &[u8]) -> Running {
    let mut running = Running::default();
    let Some((document, table)) = streams(bytes) else {
        return running;
    };
    for (is_header, text) in stories(&document, &table).unwrap_or_default() {
        let lines: Vec<String> = text.split(['\r', '\u{b}']).map(str::to_owned).collect();
        running.add_lines(is_header, &lines);
    }
    running
}

/// Texts of the headers and footers; true for a header.
fn stories(document: &[u8], table: &[u8]) -> Option<Vec<(bool, String)>> {
    let begin = long(document, 0x4c)?.checked_add(long(document, 0x50)?)?;
    let places = part(document, table, 0xf2)?;
    let pieces = Pieces::of(part(document, table, 0x1a2)?)?;
    let place = |index: usize| long(places, index * 4);
    let mut stories = Vec::new();
    // The last two places are the end of the last text, and one that is not used.
    for index in SEPARATORS..(places.len() / 4).saturating_sub(2).min(MAX_STORIES) {
        let (from, to) = (place(index)?, place(index + 1)?);
        let text = pieces.text(document, begin.checked_add(from)?, begin.checked_add(to)?);
        let is_header = matches!((index - SEPARATORS) % 6, 0 | 1 | 4);
        stories.push((is_header, without_fields(&text)));
    }
    Some(stories)
}

/// Text without the instructions of its fields: what they show stays.
fn without_fields(text: &str) -> String {
    let mut out = String::new();
    let mut fields = Fields::default();
    for c in text.chars() {
        match c {
            _ if !fields.shows(c) => {}
            '\t' | '\u{7}' => out.push(' '),
            '\r' | '\u{b}' => out.push(c),
            c if !c.is_control() => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{stories, without_fields};

    #[test]
    fn texts_of_a_section_are_headers_and_footers() {
        let text = "Body\rOdd head\rPage \u{13} PAGE \u{14}1\u{15}\r";
        let mut document = vec![0; 0x200];
        let mut set = |at: usize, number: u32| {
            drop(document.splice(at..at + 4, number.to_le_bytes()));
        };
        set(0x4c, 5);
        set(0xf2, 0);
        set(0xf6, 4 * 14);
        set(0x1a2, 4 * 14);
        set(0x1a6, 5 + 16);
        let length = u32::try_from(text.len()).unwrap();
        document.extend(text.bytes());
        let heads = [
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            9,
            9,
            length - 5,
            length - 5,
            length - 5,
            0,
        ];
        let mut table: Vec<u8> = heads.iter().flat_map(|place: &u32| place.to_le_bytes()).collect();
        table.extend([2, 16, 0, 0, 0, 0, 0, 0, 0]);
        table.extend(length.to_le_bytes());
        table.extend([0, 0]);
        table.extend((0x4000_0000 | 0x400_u32).to_le_bytes());
        table.extend([0, 0]);
        let stories = stories(&document, &table).unwrap();
        let filled: Vec<_> = stories.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        assert_eq!(
            filled,
            [(true, "Odd head\r".to_owned()), (false, "Page 1\r".to_owned())]
        );
    }

    #[test]
    fn fields_are_what_they_show() {
        assert_eq!(without_fields("a\u{13} DATE \u{15}b"), "ab");
        assert_eq!(
            without_fields("a\u{13}IF \u{13}X\u{14}y\u{15}\u{14}b\u{15}c"),
            "abc"
        );
    }
}
