//! Headers and footers of binary Word documents (MS-DOC), which the library leaves out: they are texts behind the body,
//! six for each section.
//!
//! ```text
//!   FIB ─┬─ lengths: body, notes, headers …
//!        ├─ places of the pieces of text ──> characters
//!        └─ places of the headers ─────────> even, odd header; even, odd footer; first header, first footer
//! ```

use std::io::{Cursor, Read};
use std::ops::Range;

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

/// Stream of the text, and that of its places; `None` for an encrypted document.
pub(super) fn streams(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let limit = u64::try_from(bytes.len()).ok()?;
    let mut read = |name: &str| {
        let mut content = Vec::new();
        file.open_stream(name)
            .ok()?
            .take(limit)
            .read_to_end(&mut content)
            .ok()?;
        Some(content)
    };
    let document = read("/WordDocument")?;
    let flags = short(&document, 0x0a)?;
    if flags & 0x0100 != 0 {
        return None;
    }
    let table = read(if flags & 0x0200 != 0 { "/1Table" } else { "/0Table" })?;
    Some((document, table))
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

/// Part of the stream of places whose place and length stand here in the head of the document.
pub(super) fn part<'t>(document: &[u8], table: &'t [u8], at: usize) -> Option<&'t [u8]> {
    let from = usize::try_from(long(document, at)?).ok()?;
    let length = usize::try_from(long(document, at + 4)?).ok()?;
    table.get(from..from.checked_add(length)?)
}

/// Pieces of the text: where each begins, and where its characters are.
pub(super) struct Pieces<'t> {
    begins: &'t [u8],
    places: &'t [u8],
}

impl<'t> Pieces<'t> {
    pub(super) fn of(mut clx: &'t [u8]) -> Option<Self> {
        // Properties stand in front.
        while clx.first() == Some(&1) {
            let length = usize::from(short(clx, 1)?);
            clx = clx.get(3 + length..)?;
        }
        let length = usize::try_from(long(clx, 1).filter(|_| clx.first() == Some(&2))?).ok()?;
        let pieces = clx.get(5..)?.get(..length)?;
        let count = length.checked_sub(4)? / 12;
        let (begins, places) = pieces.split_at_checked((count + 1) * 4)?;
        Some(Self { begins, places })
    }

    /// Bytes of each piece in the document, and the width of its characters.
    pub(super) fn ranges(&self) -> Vec<(Range<usize>, usize)> {
        let range = |(index, place): (usize, &[u8])| {
            let begin = long(self.begins, index * 4)?;
            let count = long(self.begins, index * 4 + 4)?.checked_sub(begin)?;
            let (first, width) = bytes_of(long(place, 2)?);
            let from = usize::try_from(first).ok()?;
            let length = usize::try_from(count).ok()?.checked_mul(width)?;
            Some((from..from.checked_add(length)?, width))
        };
        self.places
            .chunks_exact(8)
            .enumerate()
            .filter_map(range)
            .collect()
    }

    /// Text between two characters, as far as it is there.
    fn text(&self, document: &[u8], from: u32, to: u32) -> String {
        let mut text = String::new();
        for (index, place) in self.places.chunks_exact(8).enumerate() {
            let begin = long(self.begins, index * 4).unwrap_or(u32::MAX);
            let end = long(self.begins, index * 4 + 4).unwrap_or(begin);
            let (first, last) = (from.max(begin), to.min(end));
            if first < last {
                let place = long(place, 2).unwrap_or_default();
                text.push_str(&characters(document, place, first - begin, last - first).unwrap_or_default());
            }
        }
        text
    }
}

/// First byte of a piece that has this place, and the width of its characters.
fn bytes_of(place: u32) -> (u32, usize) {
    const BYTES: u32 = 0x4000_0000;
    match place & BYTES {
        0 => (place, 2),
        _ => ((place & !BYTES) / 2, 1),
    }
}

/// Characters of a piece: bytes, or UTF-16.
fn characters(document: &[u8], place: u32, skipped: u32, count: u32) -> Option<String> {
    let (begin, width) = bytes_of(place);
    let encoding = match width {
        1 => encoding_rs::WINDOWS_1252,
        _ => encoding_rs::UTF_16LE,
    };
    let skipped = usize::try_from(skipped).ok()?.checked_mul(width)?;
    let from = usize::try_from(begin).ok()?.checked_add(skipped)?;
    let length = usize::try_from(count).ok()?.checked_mul(width)?;
    let bytes = document.get(from..from.checked_add(length)?)?;
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// Text without the instructions of its fields: what they show stays.
fn without_fields(text: &str) -> String {
    let mut out = String::new();
    // Fields that are open, the innermost last: true before what it shows.
    let mut fields: Vec<bool> = Vec::new();
    for c in text.chars() {
        match c {
            '\u{13}' => fields.push(true),
            '\u{14}' => {
                if let Some(field) = fields.last_mut() {
                    *field = false;
                }
            }
            '\u{15}' => drop(fields.pop()),
            _ if fields.contains(&true) => {}
            '\t' | '\u{7}' => out.push(' '),
            '\r' | '\u{b}' => out.push(c),
            c if !c.is_control() => out.push(c),
            _ => {}
        }
    }
    out
}

pub(super) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(
        bytes.get(at..at.checked_add(2)?)?.try_into().ok()?,
    ))
}

pub(super) fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(
        bytes.get(at..at.checked_add(4)?)?.try_into().ok()?,
    ))
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
