/// Text of a string of the document (ISO 32000-1, 7.9.2): UTF-16 or UTF-8 by its mark, else PDFDocEncoding.
pub(super) fn text_string(bytes: &[u8]) -> String {
    let units = |rest: &[u8], unit: fn([u8; 2]) -> u16| -> String {
        let units: Vec<u16> = rest.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => without_escapes(&units(rest, u16::from_be_bytes)),
        [0xff, 0xfe, rest @ ..] => without_escapes(&units(rest, u16::from_le_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes
            .iter()
            .filter_map(|byte| document_character(*byte))
            .collect(),
    }
}

/// Removes escape sequences of languages, which stand between two escape characters.
fn without_escapes(text: &str) -> String {
    let parts = text.split('\u{1b}').enumerate();
    parts
        .filter(|(index, _)| index % 2 == 0)
        .map(|(_, part)| part)
        .collect()
}

/// Character of a byte in PDFDocEncoding (ISO 32000-1, D.3).
fn document_character(byte: u8) -> Option<char> {
    const ACCENTS: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const UPPER: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ',
        'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    match byte {
        b'\t' | b'\n' | b'\r' => Some(char::from(byte)),
        0x18..=0x1f => ACCENTS.get(usize::from(byte - 0x18)).copied(),
        0x00..=0x17 | 0x7f | 0xad => None,
        0x80..=0xa0 => UPPER.get(usize::from(byte - 0x80)).copied(),
        byte => Some(char::from(byte)),
    }
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
            (b"a\x00\x01\tb", "a\tb"),
            (b"", ""),
        ] {
            assert_eq!(text_string(bytes), expected, "{bytes:?}");
        }
    }
}
