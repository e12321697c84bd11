//! Encoding of a text that names none.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, UTF_8, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC};

/// Beginnings of the escape sequences by which texts of seven bits change to the sets of East Asia. Terminals have
/// others.
const ESCAPES: [&[u8]; 5] = [b"\x1b$B", b"\x1b$@", b"\x1b$)C", b"\x1b$A", b"\x1b$("];
/// Different letters of the Macintosh in words, at least, in a text that is taken for one.
const MIN_MAC_LETTERS: u32 = 2;

/// Decodes a text of seven bits with escape sequences of ISO-2022; `None` if there are none.
pub(crate) fn iso_2022(bytes: &[u8]) -> Option<String> {
    memchr::memchr(0x1b, bytes)?;
    let is_known = |escape: &&[u8]| memchr::memmem::find(bytes, escape).is_some();
    (bytes.is_ascii() && ESCAPES.iter().any(is_known)).then(|| super::east_asian::iso_2022(bytes))
}

/// Guesses the encoding of a text that is no valid UTF-8.
pub(crate) fn guess(bytes: &[u8]) -> &'static Encoding {
    if is_damaged_utf8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let guessed = detector.guess(None, Utf8Detection::Allow);
    if guessed == WINDOWS_1251 && is_mac_cyrillic(bytes) {
        return X_MAC_CYRILLIC;
    }
    // The detector takes any Latin encoding that fits, but none of the Macintosh.
    if guessed.is_single_byte() && is_mac_roman(bytes) {
        return if guessed == WINDOWS_1252 || !bytes.contains(&b'\n') {
            MACINTOSH
        } else {
            guessed
        };
    }
    guessed
}

/// Returns true if at least as many characters are UTF-8 as bytes are none: in a text of another encoding, that is a
/// rare chance.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid >= invalid && valid > 0
}

/// Returns true if `я` stands where the Macintosh has it, within words, and never where Windows has it.
fn is_mac_cyrillic(bytes: &[u8]) -> bool {
    let is_small = |byte: u8| (0xe0..=0xfe).contains(&byte);
    !bytes.contains(&0xff)
        && bytes
            .windows(2)
            .any(|pair| matches!(pair, [before, 0xdf] if is_small(*before)))
}

/// Returns true if small letters with accents stand in words where the Macintosh has them, and none where Windows has
/// them.
fn is_mac_roman(bytes: &[u8]) -> bool {
    let mut seen = 0_u32;
    for triple in bytes.windows(3) {
        let [before, byte, after] = triple else { continue };
        let in_word = before.is_ascii_alphabetic() || after.is_ascii_lowercase();
        match byte {
            0xe0..=0xff if in_word => return false,
            0x87..=0x90 | 0x98 | 0x9a..=0x9f if in_word => seen |= 1_u32 << (*byte - 0x80),
            _ => {}
        }
    }
    seen.count_ones() >= MIN_MAC_LETTERS
}

#[cfg(test)]
mod tests {
    use encoding_rs::{MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC};

    use super::{guess, iso_2022};

    #[test]
    fn one_bad_byte_does_not_change_the_encoding() {
        assert_eq!(guess(b"J\xc3\xb6rg only one\nBad\xe9\n"), UTF_8);
        assert_eq!(guess(b"Caf\xe9 and na\xefve"), WINDOWS_1252);
    }

    #[test]
    fn texts_of_the_macintosh_are_told_from_those_of_windows() {
        assert_eq!(guess(b"Caf\x8e \x9fber d\x8ej\x88 vu"), MACINTOSH);
        assert_eq!(guess("Škoda, našel a žena přišla".as_bytes()), UTF_8);
        let text = "Завтра встреча в десять часов";
        let (mac, ..) = X_MAC_CYRILLIC.encode(text);
        let (windows, ..) = WINDOWS_1251.encode(text);
        assert_eq!(guess(&mac), X_MAC_CYRILLIC);
        assert_eq!(guess(&windows), WINDOWS_1251);
        let (japanese, ..) = SHIFT_JIS.encode("明日の会議は十時からです。場所は三階です。");
        assert_eq!(guess(&japanese), SHIFT_JIS);
    }

    #[test]
    fn escape_sequences_of_terminals_are_no_encoding() {
        assert_eq!(iso_2022(b"\x1b[31mred\x1b(B"), None);
        assert_eq!(iso_2022(b"\x1b$BL@F|\x1b(B").as_deref(), Some("明日"));
    }
}
