//! Hidden text of binary Word documents (MS-DOC), which the library takes for text: it is overwritten in a copy by a
//! character that the library leaves out.
//!
//! ```text
//!   FIB ─┬─ places of pages of properties ──> ranges of bytes whose characters are hidden (sprmCFVanish)
//!        └─ pieces of the text ─────────────> their characters, of one or two bytes
//! ```

use std::io::{Cursor, Seek, SeekFrom, Write};
use std::ops::Range;

use super::legacy_text::{Fields, Pieces, long, part, short, streams};

/// Bytes of a page of properties.
const PAGE: usize = 512;
/// Optional hyphen, which shows nothing and which the library leaves out.
const NOTHING: u8 = 0x1f;
/// Property of hidden characters.
const VANISH: u16 = 0x083c;

/// Counts the pieces of hidden text, and returns the document without them; `None` if it hides none.
pub(super) fn without(bytes: &[u8]) -> Option<(u64, Vec<u8>)> {
    let (mut document, table) = streams(bytes)?;
    let hidden = hidden(&document, &table)?;
    let pieces = Pieces::of(part(&document, &table, 0x1a2)?)?.ranges();
    let mut count = 0;
    let mut fields = Fields::default();
    for (range, width) in pieces {
        count += overwrite(&mut document, range, width, &hidden, &mut fields);
    }
    if count == 0 {
        return None;
    }
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes.to_vec())).ok()?;
    let mut stream = file.open_stream("/WordDocument").ok()?;
    stream.seek(SeekFrom::Start(0)).ok()?;
    stream.write_all(&document).ok()?;
    stream.flush().ok()?;
    drop(stream);
    Some((count, file.into_inner().into_inner()))
}

/// Ranges of bytes of the text whose characters are hidden, in order; `None` if there are none.
fn hidden(document: &[u8], table: &[u8]) -> Option<Vec<Range<usize>>> {
    let places = part(document, table, 0xfa)?;
    let count = places.len().checked_sub(4)? / 8;
    let mut hidden = Vec::new();
    for index in 0..count {
        let page = usize::try_from(long(places, (count + 1 + index) * 4)? & 0x3f_ffff).ok()?;
        let page = page
            .checked_mul(PAGE)
            .and_then(|at| document.get(at..at.checked_add(PAGE)?));
        hidden.extend(page.map(hidden_in).unwrap_or_default());
    }
    hidden.sort_by_key(|range| range.start);
    Some(hidden).filter(|hidden| !hidden.is_empty())
}

/// Ranges of a page of properties that are hidden.
fn hidden_in(page: &[u8]) -> Vec<Range<usize>> {
    let count = usize::from(page.last().copied().unwrap_or_default());
    let range = |index: usize| {
        let properties = usize::from(*page.get((count + 1) * 4 + index)?) * 2;
        if properties == 0 {
            return None;
        }
        let length = usize::from(*page.get(properties)?);
        let properties = page.get(properties + 1..properties + 1 + length)?;
        let place = |index: usize| usize::try_from(long(page, index * 4)?).ok();
        is_hidden(properties).then_some(place(index)?..place(index + 1)?)
    };
    (0..count).filter_map(range).collect()
}

/// Returns true if these properties hide text: the last word of them counts.
fn is_hidden(mut properties: &[u8]) -> bool {
    let mut hidden = false;
    while let Some(code) = short(properties, 0) {
        let operand = properties.get(2..).unwrap_or_default();
        if code == VANISH {
            // 0x80 is what the style says, 0x81 its contrary.
            hidden = matches!(operand.first(), Some(1 | 0x81));
        }
        let length = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            _ => operand.first().map_or(0, |&length| usize::from(length) + 1),
        };
        properties = operand.get(length..).unwrap_or_default();
    }
    hidden
}

/// Overwrites the hidden characters of a piece, and counts the ranges that held more than white space.
fn overwrite(
    document: &mut [u8],
    piece: Range<usize>,
    width: usize,
    hidden: &[Range<usize>],
    fields: &mut Fields,
) -> u64 {
    let Some(text) = document.get_mut(piece.clone()) else {
        return 0;
    };
    let mut next = hidden.partition_point(|range| range.end <= piece.start);
    let (mut count, mut counted) = (0, None);
    for (character, at) in text.chunks_exact_mut(width).zip(piece.step_by(width)) {
        let code = match *character {
            [low, high] => u16::from_le_bytes([low, high]),
            [byte] => u16::from(byte),
            _ => 0,
        };
        // Ends of paragraphs and cells, pictures and notes stay.
        let shows = fields.shows(char::from_u32(code.into()).unwrap_or(' ')) && code >= 0x20;
        while hidden.get(next).is_some_and(|range| range.end <= at) {
            next += 1;
        }
        if !shows || !hidden.get(next).is_some_and(|range| range.contains(&at)) {
            continue;
        }
        if code != 0x20 && counted != Some(next) {
            count += 1;
            counted = Some(next);
        }
        character.fill(0);
        if let Some(low) = character.first_mut() {
            *low = NOTHING;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{Fields, hidden_in, is_hidden, overwrite};

    #[test]
    fn the_last_word_on_hiding_counts() {
        assert!(is_hidden(&[0x35, 0x08, 1, 0x3c, 0x08, 1]));
        assert!(is_hidden(&[0x3c, 0x08, 0x81]));
        assert!(!is_hidden(&[0x3c, 0x08, 1, 0x3c, 0x08, 0]));
        assert!(!is_hidden(&[0x3c, 0x08, 0x80]) && !is_hidden(&[0x4a, 0x3c, 0x08, 1]) && !is_hidden(&[0x3c]));
    }

    #[test]
    fn a_page_of_properties_tells_the_ranges() {
        let mut page = vec![0; 512];
        for (index, place) in [1024_u32, 1030, 1040].into_iter().enumerate() {
            page[index * 4..index * 4 + 4].copy_from_slice(&place.to_le_bytes());
        }
        (page[13], page[511]) = (100, 2);
        page[200..204].copy_from_slice(&[3, 0x3c, 0x08, 1]);
        assert_eq!(hidden_in(&page), std::slice::from_ref(&(1030..1040)));
        page[13] = 255;
        assert!(hidden_in(&page).is_empty());
    }

    #[test]
    fn ends_and_the_instructions_of_fields_stay() {
        let mut text = *b"ab \rc\x13DATE\x14now\x15z";
        let length = text.len();
        let hidden = [2..4, 5..15];
        let count = overwrite(&mut text, 0..length, 1, &hidden, &mut Fields::default());
        assert_eq!(&text, b"ab\x1f\rc\x13DATE\x14\x1f\x1f\x1f\x15z");
        assert_eq!(count, 1);
        let mut wide = *b"a\0b\0";
        assert_eq!(
            overwrite(
                &mut wide,
                0..4,
                2,
                std::slice::from_ref(&(2..4)),
                &mut Fields::default()
            ),
            1
        );
        assert_eq!(&wide, b"a\0\x1f\0");
    }
}
