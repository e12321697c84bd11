//! Text of binary Word documents (MS-DOC): its streams, its pieces, and its fields.
//!
//! ```text
//!   FIB ─── places of the pieces ──> pieces: first character, and where its characters are, of one or two bytes
//!   field: begin, instruction, what it shows, end
//! ```

use std::io::{Cursor, Read};
use std::ops::Range;

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
    /// The pieces of a list of them (CLX); `None` for a broken one.
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
    pub(super) fn text(&self, document: &[u8], from: u32, to: u32) -> String {
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

/// Fields that are open at a place of the text, the innermost last: true before what it shows.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<bool>);

impl Fields {
    /// Takes the next character; returns true if it is none of an instruction, and no sign of a field.
    pub(super) fn shows(&mut self, character: char) -> bool {
        match character {
            '\u{13}' => self.0.push(true),
            '\u{14}' => {
                if let Some(field) = self.0.last_mut() {
                    *field = false;
                }
            }
            '\u{15}' => drop(self.0.pop()),
            _ => return !self.0.contains(&true),
        }
        false
    }
}

/// Number of two bytes.
pub(super) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(
        bytes.get(at..at.checked_add(2)?)?.try_into().ok()?,
    ))
}

/// Number of four bytes.
pub(super) fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(
        bytes.get(at..at.checked_add(4)?)?.try_into().ok()?,
    ))
}
