/// Code points of the codes 24 to 31 of `PDFDocEncoding` (ISO 32000-1, D.2).
const ACCENTS: [char; 8] = [
    '\u{2d8}', '\u{2c7}', '\u{2c6}', '\u{2d9}', '\u{2dd}', '\u{2db}', '\u{2da}', '\u{2dc}',
];
/// Code points of the codes 128 to 160 of `PDFDocEncoding`.
const PUNCTUATION: [char; 33] = [
    '\u{2022}', '\u{2020}', '\u{2021}', '\u{2026}', '\u{2014}', '\u{2013}', '\u{192}', '\u{2044}',
    '\u{2039}', '\u{203a}', '\u{2212}', '\u{2030}', '\u{201e}', '\u{201c}', '\u{201d}', '\u{2018}',
    '\u{2019}', '\u{201a}', '\u{2122}', '\u{fb01}', '\u{fb02}', '\u{141}', '\u{152}', '\u{160}', '\u{178}',
    '\u{17d}', '\u{131}', '\u{142}', '\u{153}', '\u{161}', '\u{17e}', '\u{fffd}', '\u{20ac}',
];
/// Character around a language code within UTF-16 text.
const ESCAPE: u16 = 0x1b;

/// Decodes a text string (ISO 32000-2, 7.9.2.2): UTF-16 or UTF-8 with a byte order mark, else `PDFDocEncoding`.
pub(super) fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| pdf_doc_character(*byte)).collect(),
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let mut in_language = false;
    let units = pairs.iter().map(|pair| unit(*pair)).filter(|unit| {
        let is_escape = *unit == ESCAPE;
        in_language ^= is_escape;
        !is_escape && !in_language
    });
    char::decode_utf16(units)
        .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn pdf_doc_character(byte: u8) -> char {
    let at = |table: &[char], first: u8| table.get(usize::from(byte - first)).copied();
    match byte {
        24..=31 => at(&ACCENTS, 24),
        128..=160 => at(&PUNCTUATION, 128),
        _ => Some(char::from(byte)),
    }
    .unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::text_string;

    #[test]
    fn text_strings_are_decoded_by_their_mark() {
        for (bytes, expected) in [
            (&b"plain"[..], "plain"),
            (b"\xfe\xff\x20\xac\xd8\x3d\xde\x00", "\u{20ac}\u{1f600}"),
            (b"\xff\xfe\xac\x20", "\u{20ac}"),
            (b"\xef\xbb\xbf\xe2\x82\xac", "\u{20ac}"),
            (b"\x80\x93\xa0\xe4\x18", "\u{2022}\u{fb01}\u{20ac}\u{e4}\u{2d8}"),
            (b"\xfe\xff\x00\x1b\x00e\x00n\x00\x1b\x00A", "A"),
            (b"\xfe\xff\xd8\x00\x00A\x00", "\u{fffd}A"),
            (b"", ""),
        ] {
            assert_eq!(text_string(bytes), expected, "{bytes:?}");
        }
    }
}
