/// Bytes behind `data:` in which its media type would have to have its slash.
const MEDIA_TYPE: usize = 128;
/// Names of characters by which an address can be hidden.
const HIDING: &[&[u8]] = &[b"colon;", b"tab;", b"newline;"];

/// Returns true if a text may hold the address of a script, however it is written; errs on the side of true. Most texts
/// hold none and need not be parsed. Takes linear time and no memory.
///
/// Looks only at colons and ampersands, which are found by a search of many bytes at a time; the scheme is read
/// backwards from its colon.
#[must_use]
pub fn may_mislead(text: &[u8]) -> bool {
    memchr::memchr2_iter(b':', b'&', text).any(|at| {
        let (before, rest) = text.split_at(at);
        let (byte, rest) = rest.split_first().map_or((0, rest), |(byte, rest)| (*byte, rest));
        let mut signs = if byte == b':' {
            Signs::before(before)
        } else {
            Signs::default()
        };
        signs.is_at(byte, rest)
    })
}

/// The last letters, digits and colons of a text: escapes, white space and control characters between them count for
/// nothing.
#[derive(Default)]
pub(super) struct Signs(u64);

impl Signs {
    /// The state after a text, of which no more than the end is read.
    fn before(text: &[u8]) -> Self {
        let counted = text.iter().rev().filter(|byte| counts(**byte));
        let last = counted.take(size_of::<u64>()).enumerate();
        Self(last.fold(0, |signs, (place, byte)| {
            signs | u64::from(byte.to_ascii_lowercase()) << (8 * place)
        }))
    }

    /// Takes the next byte, with the bytes behind it: whether it is the colon of a scheme, or the beginning of a
    /// character reference, that has to be looked at.
    pub(super) fn is_at(&mut self, byte: u8, rest: &[u8]) -> bool {
        if byte == b'&' {
            return is_hiding(rest);
        }
        if !counts(byte) {
            return false;
        }
        self.0 = self.0 << 8 | u64::from(byte.to_ascii_lowercase());
        byte == b':' && (self.ends_with(b"script:") || self.ends_with(b"mocha:") || self.is_data(rest))
    }

    fn ends_with(&self, word: &[u8]) -> bool {
        let last = self.0.to_be_bytes();
        last.ends_with(word)
    }

    fn is_data(&self, rest: &[u8]) -> bool {
        let near = rest.get(..MEDIA_TYPE.min(rest.len())).unwrap_or_default();
        self.ends_with(b"data:") && near.iter().any(|byte| matches!(byte, b'/' | b'&'))
    }
}

/// Returns true for the bytes by which a scheme is recognized: ASCII letters, digits and the colon. All others are
/// skipped, as they may hide it.
fn counts(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b':'
}

fn is_hiding(rest: &[u8]) -> bool {
    let begins = |name: &&[u8]| {
        rest.get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    rest.first() == Some(&b'#') || HIDING.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: &[&str] = &[
        "script", "Mo", "cha", ":", "&", "#", "data", "/", " ", "\\", "colon;", "TAB;", "\u{1}", "é",
    ];

    fn byte_by_byte(text: &[u8]) -> bool {
        let mut signs = Signs::default();
        text.iter()
            .enumerate()
            .any(|(at, &byte)| signs.is_at(byte, text.get(at + 1..).unwrap_or_default()))
    }

    #[test]
    fn a_search_finds_what_reading_each_byte_finds() {
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer = texts
                .iter()
                .flat_map(|text| PARTS.iter().map(move |part| format!("{text}{part}")));
            texts = longer.collect();
            for text in &texts {
                let found = may_mislead(text.as_bytes());
                assert_eq!(found, byte_by_byte(text.as_bytes()), "{text:?}");
            }
        }
    }
}
