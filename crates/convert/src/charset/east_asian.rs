//! Encodings of East Asia that `encoding_rs` has not: ISO-2022 with any of its sets, HZ (RFC 1843), and Johab
//! (KS X 1001, annex 3).

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK};

const ESCAPE: u8 = 0x1b;
const SHIFT_OUT: u8 = 0x0e;
const SHIFT_IN: u8 = 0x0f;

/// Country whose characters a set has.
#[derive(Debug, Clone, Copy)]
enum Country {
    Japan,
    China,
    Korea,
}

/// Set of characters that an escape sequence names.
#[derive(Debug, Clone, Copy)]
struct Set {
    country: Country,
    /// Byte before those of each character.
    prefix: Option<u8>,
    /// Bytes of a character.
    width: usize,
}

/// Escape sequences behind the escape, and the sets that they name; those with `)` wait for a shift.
const SETS: [(&[u8], Option<Set>); 15] = [
    (b"(B", None),
    (b"(J", None),
    (b"(I", Some(set(Country::Japan, Some(0x8e), 1))),
    (b"$@", Some(set(Country::Japan, None, 2))),
    (b"$B", Some(set(Country::Japan, None, 2))),
    (b"$(@", Some(set(Country::Japan, None, 2))),
    (b"$(B", Some(set(Country::Japan, None, 2))),
    (b"$(D", Some(set(Country::Japan, Some(0x8f), 2))),
    (b"$(O", Some(set(Country::Japan, None, 2))),
    (b"$(Q", Some(set(Country::Japan, None, 2))),
    (b"$A", Some(set(Country::China, None, 2))),
    (b"$(A", Some(set(Country::China, None, 2))),
    (b"$(C", Some(set(Country::Korea, None, 2))),
    (b"$)A", Some(set(Country::China, None, 2))),
    (b"$)C", Some(set(Country::Korea, None, 2))),
];

const fn set(country: Country, prefix: Option<u8>, width: usize) -> Set {
    Set {
        country,
        prefix,
        width,
    }
}

impl Country {
    /// Encoding that has the sets of the country with the highest bit set.
    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Japan => EUC_JP,
            Self::China => GBK,
            Self::Korea => EUC_KR,
        }
    }
}

/// Decodes ISO-2022 (JP, KR, CN and their extensions). The end of a line ends a set.
pub(super) fn iso_2022(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let (mut current, mut shifted) = (None, None);
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        match first {
            ESCAPE => {
                let named = SETS.iter().find(|(name, _)| after.starts_with(name));
                rest = named
                    .and_then(|(name, _)| after.get(name.len()..))
                    .unwrap_or(after);
                match named {
                    Some((name, set)) if name.contains(&b')') => shifted = *set,
                    Some((_, set)) => current = *set,
                    None => {}
                }
            }
            SHIFT_OUT => (current, rest) = (shifted, after),
            SHIFT_IN => (current, rest) = (None, after),
            b'\n' => {
                out.push('\n');
                (current, rest) = (None, after);
            }
            _ => rest = plain(rest, current, &mut out),
        }
    }
    out
}

/// Adds the bytes up to the next control character in a set, and returns what follows.
fn plain<'b>(bytes: &'b [u8], set: Option<Set>, out: &mut String) -> &'b [u8] {
    let is_end = |byte: &u8| matches!(*byte, ESCAPE | SHIFT_OUT | SHIFT_IN | b'\n');
    let end = bytes.iter().position(is_end).unwrap_or(bytes.len());
    let (run, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    let Some(set) = set else {
        out.push_str(&String::from_utf8_lossy(run));
        return rest;
    };
    add_high(run, set, out);
    rest
}

/// Adds bytes of seven bits in a set.
fn add_high(run: &[u8], set: Set, out: &mut String) {
    let mut high = Vec::with_capacity(run.len() * 2);
    for character in run.chunks(set.width) {
        if character.iter().any(|byte| matches!(*byte & 0x7f, 0..=0x20)) {
            high.extend_from_slice(character);
            continue;
        }
        high.extend(set.prefix);
        high.extend(character.iter().map(|byte| byte | 0x80));
    }
    out.push_str(&set.country.encoding().decode_without_bom_handling(&high).0);
}

/// Decodes HZ: `~{` begins Chinese, `~}` ends it, `~~` is a tilde, and one at the end of a line continues it.
pub(super) fn hz(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'~', rest) {
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        out.push_str(&String::from_utf8_lossy(before));
        rest = after.get(2..).unwrap_or_default();
        match after.get(1) {
            Some(b'{') => {
                let end = memchr::memmem::find(rest, b"~}");
                let line = memchr::memchr(b'\n', rest);
                let end = [end, line].into_iter().flatten().min().unwrap_or(rest.len());
                add_high(
                    rest.get(..end).unwrap_or_default(),
                    set(Country::China, None, 2),
                    &mut out,
                );
                rest = rest.get(end..).unwrap_or_default();
                rest = rest.strip_prefix(b"~}").unwrap_or(rest);
            }
            Some(b'~') => out.push('~'),
            Some(b'\n') => {}
            Some(other) => out.extend(['~', char::from(*other)]),
            None => out.push('~'),
        }
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}

/// Decodes Johab, whose Hangul are three numbers of five bits: initial, vowel and final.
pub(super) fn johab(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first < 0x80 {
            out.push(char::from(first));
            continue;
        }
        let Some((&second, after)) = after.split_first() else {
            out.push(char::REPLACEMENT_CHARACTER);
            break;
        };
        rest = after;
        match hangul((u32::from(first) << 8) | u32::from(second)) {
            Some(syllable) => out.push(syllable),
            None => add_sign(first, second, &mut out),
        }
    }
    out
}

fn hangul(code: u32) -> Option<char> {
    let initial = ((code >> 10) & 31)
        .checked_sub(2)
        .filter(|initial| *initial < 19)?;
    let vowel = match (code >> 5) & 31 {
        vowel @ 3..=7 => vowel - 3,
        vowel @ 10..=15 => vowel - 5,
        vowel @ 18..=23 => vowel - 7,
        vowel @ 26..=29 => vowel - 9,
        _ => return None,
    };
    let last = match code & 31 {
        last @ 1..=17 => last - 1,
        last @ 19..=29 => last - 2,
        _ => return None,
    };
    char::from_u32(0xac00 + (initial * 21 + vowel) * 28 + last)
}

/// Adds a sign or a Chinese character, which stand in KS X 1001 in rows of 94.
fn add_sign(first: u8, second: u8, out: &mut String) {
    let (first, second) = (usize::from(first), usize::from(second));
    let row = match first {
        0xd9..=0xde => 2 * (first - 0xd9),
        0xe0..=0xf9 => 2 * first - 0x197,
        _ => usize::MAX,
    };
    let place = match second {
        0x31..=0x7e => second - 0x31,
        0x91..=0xfe => second - 0x43,
        _ => usize::MAX,
    };
    let byte = |value: usize| u8::try_from(value + 0xa1).unwrap_or(0xff);
    if row == usize::MAX || place == usize::MAX {
        out.push(char::REPLACEMENT_CHARACTER);
        return;
    }
    let pair = [byte(row + place / 94), byte(place % 94)];
    out.push_str(&EUC_KR.decode_without_bom_handling(&pair).0);
}
