//! Encodings of text by their names in mail and documents: those of the WHATWG, and the older ones of DOS, EBCDIC, the
//! Macintosh and East Asia that Python's codecs know as well.
//!
//! ```text
//!  name ──► letters and digits ──► ISO-2022, HZ, Johab: a decoder of this module
//!                                ├► `tables.txt`: 128 or 256 characters, one for each byte
//!                                └► `tables.txt` (`=NAME`) or the name itself: `encoding_rs`
//! ```

mod east_asian;
mod guess;

use encoding_rs::Encoding;

pub(crate) use guess::{guess, iso_2022};

/// Lines of names, a tab, and characters: those of the bytes from 128 on, those of all 256 (EBCDIC), or `=` and the
/// name that `encoding_rs` knows.
const TABLES: &str = include_str!("tables.txt");
/// Bytes that are ASCII in a table of 128 characters.
const ASCII_BYTES: usize = 128;

/// Decodes bytes in the encoding of this name; `None` for a name that is not known.
pub(crate) fn decode(label: &str, bytes: &[u8]) -> Option<String> {
    let name: String = (label.chars())
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    if name.starts_with("iso2022") || name.starts_with("csiso2022") {
        return Some(east_asian::iso_2022(bytes));
    }
    match name.as_str() {
        "hz" | "hzgb" | "hzgb2312" => return Some(east_asian::hz(bytes)),
        "johab" | "cp1361" | "ms1361" => return Some(east_asian::johab(bytes)),
        _ => {}
    }
    let line = TABLES.lines().find_map(|line| {
        let (names, characters) = line.split_once('\t')?;
        names.split(' ').any(|known| known == name).then_some(characters)
    });
    let encoding = match line {
        Some(line) => match line.strip_prefix('=') {
            Some(label) => Encoding::for_label(label.as_bytes()),
            None => return Some(by_table(line, bytes)),
        },
        None => Encoding::for_label(label.trim().as_bytes()),
    };
    let encoding = encoding.filter(|encoding| *encoding != encoding_rs::REPLACEMENT)?;
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    Some(text.into_owned())
}

/// Decodes bytes by a line of the tables, in which signs stand for the control characters of a text.
fn by_table(line: &str, bytes: &[u8]) -> String {
    let characters: Vec<char> = line
        .chars()
        .map(|c| match c {
            '\u{2424}' => '\n',
            '\u{2409}' => '\t',
            c => c,
        })
        .collect();
    let ascii = if characters.len() > ASCII_BYTES {
        0
    } else {
        ASCII_BYTES
    };
    let decoded = bytes.iter().map(|&byte| match usize::from(byte) {
        byte_index if byte_index < ascii => char::from(byte),
        byte_index => characters
            .get(byte_index - ascii)
            .copied()
            .unwrap_or(char::REPLACEMENT_CHARACTER),
    });
    decoded.collect()
}

#[cfg(test)]
mod tests {
    use super::{TABLES, decode};

    #[test]
    fn every_line_has_names_and_an_encoding() {
        for line in TABLES.lines() {
            let (names, characters) = line.split_once('\t').unwrap();
            assert!(!names.is_empty());
            let length = characters.chars().count();
            assert!(
                characters.starts_with('=') || length == 128 || length == 256,
                "{names}: {length}"
            );
            let first = names.split(' ').next().unwrap();
            assert!(decode(first, b"").is_some(), "{first}");
        }
    }

    #[test]
    fn names_of_other_systems_are_known() {
        let cases: [(&str, &[u8], &str); 14] = [
            ("cp437", b"\x81ber", "über"),
            ("IBM-852", b"\xa7lu", "žlu"),
            ("cp037", b"\xc8\x85\x93\x93\x96", "Hello"),
            ("mac-roman", b"Caf\x8e", "Café"),
            ("x-mac-ce", b"\x8ekuska", "ékuska"),
            ("mac_greek", b"\xe1", "α"),
            ("cp949", b"\xc8\xb8\xc0\xc7", "회의"),
            ("johab", b"\xd2\x41\xb7\x81\x20\xf7\xdb", "회의 韓"),
            ("hz-gb-2312", b"~{;aRi~} a~~b", "会议 a~b"),
            ("iso2022_kr", b"\x1b$)C\x0eH8@G\x0f ok", "회의 ok"),
            ("iso2022_jp_2", b"\x1b$BL@F|\x1b(B x", "明日 x"),
            ("shift_jis_2004", b"\x96\xbe\x93\xfa", "明日"),
            ("euc-jisx0213", b"\xcc\xc0\xc6\xfc", "明日"),
            ("cp950", b"\xb7\x7c\xc4\xb3", "會議"),
        ];
        for (label, bytes, text) in cases {
            assert_eq!(decode(label, bytes).as_deref(), Some(text), "{label}");
        }
        assert_eq!(decode("no-such-encoding", b"x"), None);
    }
}
