//! Properties of a message or of its attachments (MS-OXTNEF, section 2.1.3.4).

use crate::charset;
use crate::readers::little_endian::Reader;

/// Properties that are read of a list, at most.
const MAX_PROPERTIES: u32 = 10_000;
/// Property whose value is a text in the encoding of the file, and one whose value is in UTF-16.
const TEXT: u16 = 0x001e;
const WIDE_TEXT: u16 = 0x001f;
/// Properties whose values are bytes.
const OBJECT: u16 = 0x000d;
const BINARY: u16 = 0x0102;
/// Bit of the kinds whose properties have several values.
const SEVERAL: u16 = 0x1000;
/// Properties from this id on have a name.
const FIRST_NAMED: u16 = 0x8000;

/// Property that is a text or bytes.
pub(super) struct Property<'a> {
    pub(super) id: u16,
    pub(super) kind: u16,
    pub(super) value: &'a [u8],
}

impl Property<'_> {
    /// Text of the property; bytes are in the encoding of the code page.
    pub(super) fn text(&self, code_page: u32) -> String {
        let text = match self.kind {
            WIDE_TEXT => encoding_rs::UTF_16LE
                .decode_without_bom_handling(self.value)
                .0
                .into_owned(),
            _ => decoded(self.value, code_page),
        };
        text.trim_end_matches('\0').to_owned()
    }
}

/// Decodes a text in the encoding of a code page of Windows.
pub(super) fn decoded(bytes: &[u8], code_page: u32) -> String {
    let label = match code_page {
        0 => return crate::readers::decode::decode(bytes, None),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        20127 => "windows-1252".to_owned(),
        20866 => "koi8-r".to_owned(),
        65001 => "utf-8".to_owned(),
        28591..=28605 => format!("iso-8859-{}", code_page - 28590),
        50220..=50222 => "iso-2022-jp".to_owned(),
        51932 => "euc-jp".to_owned(),
        other => format!("windows-{other}"),
    };
    charset::decode(&label, bytes).unwrap_or_else(|| crate::readers::decode::decode(bytes, None))
}

/// Reads the properties of a list that are texts or bytes, and the numbers among them by their ids. What is cut off ends
/// the list.
pub(super) fn read(bytes: &[u8]) -> (Vec<Property<'_>>, Vec<(u16, u32)>) {
    let mut reader = Reader { rest: bytes };
    let (mut properties, mut numbers) = (Vec::new(), Vec::new());
    let count = reader.number().unwrap_or(0).min(MAX_PROPERTIES);
    for _ in 0..count {
        if reader.property(&mut properties, &mut numbers).is_none() {
            break;
        }
    }
    (properties, numbers)
}

impl<'a> Reader<'a> {
    /// Takes a value with its length in front; it fills whole words.
    fn sized(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let value = self.take(length)?;
        let padding = length.next_multiple_of(4) - length;
        self.rest = self.rest.get(padding..).unwrap_or_default();
        Some(value)
    }

    fn property(&mut self, properties: &mut Vec<Property<'a>>, numbers: &mut Vec<(u16, u32)>) -> Option<()> {
        let head = self.number()?;
        let (kind, id) = ((head & 0xffff) as u16, (head >> 16) as u16);
        if id >= FIRST_NAMED {
            self.take(16)?;
            match self.number()? {
                0 => drop(self.number()?),
                _ => drop(self.sized()?),
            }
        }
        let single = kind & !SEVERAL;
        let is_sized = matches!(single, TEXT | WIDE_TEXT | OBJECT | BINARY);
        let count = if is_sized || kind & SEVERAL != 0 {
            self.number()?
        } else {
            1
        };
        for _ in 0..count {
            if is_sized {
                let value = self.sized()?;
                properties.push(Property {
                    id,
                    kind: single,
                    value,
                });
                continue;
            }
            let value = self.take(width(single)?)?;
            if single == 3 {
                numbers.push((id, u32::from_le_bytes(value.try_into().ok()?)));
            }
        }
        Some(())
    }
}

/// Bytes of a value, whole words; `None` for a kind that is not known.
fn width(kind: u16) -> Option<usize> {
    match kind {
        0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => Some(4),
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => Some(8),
        0x0048 => Some(16),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn texts_bytes_and_numbers_are_read() {
        let list = [
            &4_u32.to_le_bytes()[..],
            // A named number, a text, bytes, and a kind that is not known.
            &[3, 0, 0, 0x80],
            &[0; 16],
            &[0; 4],
            &[1, 0, 0, 0],
            &[7, 0, 0, 0],
            &[0x1e, 0, 0x37, 0, 1, 0, 0, 0, 3, 0, 0, 0, b'H', b'i', 0, 0],
            &[2, 1, 9, 0x10, 1, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0],
            &[0xff, 0, 0, 0],
        ]
        .concat();
        let (properties, numbers) = read(&list);
        assert_eq!(numbers, [(0x8000, 7)]);
        assert_eq!(
            (properties[0].id, properties[0].text(1252)),
            (0x37, "Hi".to_owned())
        );
        assert_eq!((properties[1].id, properties[1].value), (0x1009, &[9][..]));
        assert_eq!(properties.len(), 2);
    }

    #[test]
    fn a_list_that_lies_ends_where_it_is_cut_off() {
        assert!(read(&[255; 4]).0.is_empty());
        assert!(
            read(&[1, 0, 0, 0, 0x1e, 0x10, 1, 0, 255, 255, 255, 255])
                .0
                .is_empty()
        );
    }
}
