//! Links and comments of binary Excel workbooks (MS-XLS), which the library leaves out.
//!
//! ```text
//!   HLINK              cells, and the address as an object (MS-OSHARED, section 2.3.7.1)
//!   OBJ, TXO, CONTINUE id of an object, and its text
//!   NOTE               cell, author, and the id of the object that has the text
//! ```

use std::collections::HashMap;

use super::cell_links::{CellLinks, NamedLink};
use super::cell_names;
use crate::ir::Annotation;
use crate::readers::little_endian::Reader;

/// Links of a sheet, and comments, at most.
const MAX_OBJECTS: usize = 65_530;
/// Characters of a comment, at most: Excel allows no more.
const MAX_CHARACTERS: usize = 32_767;
/// Kind of an object whose address is that of a page: the id of its class.
const ADDRESS: [u8; 16] = [
    0xe0, 0xc9, 0xea, 0x79, 0xf9, 0xba, 0xce, 0x11, 0x8c, 0x82, 0x00, 0xaa, 0x00, 0x4b, 0xa9, 0x0b,
];

/// Objects of a sheet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LegacyObjects {
    links: Vec<Linked>,
    notes: Vec<Noted>,
    texts: HashMap<u16, String>,
    /// Object that is being read.
    object: u16,
    /// Characters of its text that are still to come.
    left: usize,
}

/// Link of cells.
#[derive(Debug, PartialEq, Eq)]
struct Linked {
    cells: String,
    address: Option<String>,
    place: String,
}

/// Comment on a cell.
#[derive(Debug, PartialEq, Eq)]
struct Noted {
    at: (u16, u16),
    object: u16,
    author: String,
}

impl LegacyObjects {
    /// Reads a record, if it is one of an object.
    pub(super) fn take(&mut self, kind: u16, record: &[u8]) {
        let is_text = matches!(kind, 0x01b6 | 0x003c);
        match kind {
            0x01b8 if self.links.len() < MAX_OBJECTS => self.links.extend(link(record)),
            0x001c if self.notes.len() < MAX_OBJECTS => self.notes.extend(note(record)),
            0x005d => self.object = short(record, 6).unwrap_or(0),
            0x01b6 => {
                let count = short(record, 10).map_or(0, usize::from);
                self.left = count.min(MAX_CHARACTERS);
            }
            0x003c if self.left > 0 && self.texts.len() < MAX_OBJECTS => self.text(record),
            _ => {}
        }
        if !is_text {
            self.left = 0;
        }
    }

    fn text(&mut self, record: &[u8]) {
        let Some((flags, characters)) = record.split_first() else {
            return;
        };
        let (text, count) = decoded(*flags, characters, self.left);
        self.left -= count;
        self.texts.entry(self.object).or_default().push_str(&text);
    }

    /// Comments in the order of their cells.
    pub(super) fn comments(&mut self) -> Vec<Annotation> {
        let mut notes = std::mem::take(&mut self.notes);
        notes.sort_by_key(|note| note.at);
        let comments = notes.into_iter().filter_map(|note| {
            let text = self.texts.remove(&note.object)?.trim().to_owned();
            let author = Some(note.author).filter(|author| !author.trim().is_empty());
            let date = None;
            (!text.is_empty()).then_some(Annotation { author, date, text })
        });
        comments.collect()
    }

    pub(super) fn links(&self) -> CellLinks {
        let named: Vec<NamedLink> = (self.links.iter().enumerate())
            .map(|(index, link)| NamedLink {
                cells: link.cells.clone(),
                id: index.to_string(),
                location: link.place.clone(),
            })
            .collect();
        let addresses = (self.links.iter().enumerate())
            .filter_map(|(index, link)| Some((index.to_string(), link.address.clone()?)));
        CellLinks::new(&named, &addresses.collect())
    }
}

fn link(record: &[u8]) -> Option<Linked> {
    let place = |at: usize| short(record, at).map(u32::from);
    let (top, bottom, left, right) = (place(0)?, place(2)?, place(4)?, place(6)?);
    let mut reader = Reader {
        rest: record.get(24..)?,
    };
    reader.number()?;
    let flags = reader.number()?;
    let has = |bit: u32| flags >> bit & 1 == 1;
    if has(4) {
        reader.string()?;
    }
    if has(7) {
        reader.string()?;
    }
    let address = match (has(0), has(8)) {
        (true, true) => Some(reader.string()?),
        (true, false) => reader.address(),
        (false, _) => None,
    };
    // What follows another kind of address is not read.
    let is_read = address.is_some() || !has(0);
    let place = match has(3) && is_read {
        true => reader.string().unwrap_or_default(),
        false => String::new(),
    };
    Some(Linked {
        cells: format!(
            "{}:{}",
            cell_names::name(top, left),
            cell_names::name(bottom, right)
        ),
        address,
        place,
    })
}

impl<'a> Reader<'a> {
    /// Text with its length in characters in front.
    fn string(&mut self) -> Option<String> {
        let count = usize::try_from(self.number()?).ok()?;
        Some(until_zero(self.take(count.checked_mul(2)?)?))
    }

    /// Address of a page, with its length in bytes in front.
    fn address(&mut self) -> Option<String> {
        if self.take(ADDRESS.len())? != ADDRESS {
            return None;
        }
        let count = usize::try_from(self.number()?).ok()?;
        Some(until_zero(self.take(count)?))
    }
}

fn until_zero(bytes: &[u8]) -> String {
    let text = encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0;
    text.split('\0').next().unwrap_or_default().to_owned()
}

fn note(record: &[u8]) -> Option<Noted> {
    let count = usize::from(short(record, 8)?);
    let (flags, characters) = record.get(10..)?.split_first()?;
    Some(Noted {
        at: (short(record, 0)?, short(record, 2)?),
        object: short(record, 6)?,
        author: decoded(*flags, characters, count).0,
    })
}

/// Decodes this many characters, or as many as there are: bytes, or UTF-16 as the flags say.
fn decoded(flags: u8, characters: &[u8], count: usize) -> (String, usize) {
    if flags & 1 == 0 {
        let bytes = characters.get(..count).unwrap_or(characters);
        return (bytes.iter().map(|&byte| char::from(byte)).collect(), bytes.len());
    }
    let bytes = characters.get(..count * 2).unwrap_or(characters);
    let text = encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0;
    (text.into_owned(), bytes.len().div_ceil(2))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{ADDRESS, LegacyObjects};
    use crate::ir::Link;

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn cells_have_links_and_comments() {
        let mut objects = LegacyObjects::default();
        let address = wide("https://a.example/\0");
        let size = u32::try_from(address.len()).unwrap();
        let link = [
            &[1, 0, 1, 0, 2, 0, 3, 0][..],
            &[0; 16],
            &[2, 0, 0, 0, 0b1011, 0, 0, 0],
            &ADDRESS,
            &size.to_le_bytes(),
            &address,
            &[4, 0, 0, 0],
            &wide("top\0"),
        ]
        .concat();
        objects.take(0x01b8, &link);
        objects.take(0x01b8, &link[..40]);
        objects.take(0x005d, &[0x15, 0, 0x12, 0, 0x19, 0, 7, 0]);
        objects.take(0x01b6, &[&[0; 10][..], &[6, 0], &[0; 6]].concat());
        objects.take(0x003c, b"\0Che");
        objects.take(0x003c, &[&[1][..], &wide("ck\u{e9}more")].concat());
        objects.take(0x001c, &[&[1, 0, 2, 0, 0, 0, 7, 0, 3, 0, 0][..], b"Ann"].concat());
        let links = objects.links();
        let href = Some(Link::Href("https://a.example/#top".into()));
        assert_eq!((links.of(1, 2, None), links.of(1, 3, None)), (href.clone(), href));
        assert_eq!(links.of(2, 2, None), None);
        let comments = objects.comments();
        assert_eq!(comments.len(), 1);
        assert_eq!(
            (comments[0].author.as_deref(), comments[0].text.as_str()),
            (Some("Ann"), "Checké")
        );
    }
}
