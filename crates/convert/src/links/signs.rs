/// Bytes behind `data:` in which its media type would have to have its slash.
const MEDIA_TYPE: usize = 128;
/// Names of characters by which an address can be hidden.
const HIDING: &[&[u8]] = &[b"colon;", b"tab;", b"newline;"];

/// Whether a text has anything that could be the address of a script, however it is written. Most texts have not, and
/// need no second look. It takes one pass without memory, and errs on the side of yes.
#[must_use]
pub fn may_mislead(text: &[u8]) -> bool {
    let mut signs = Signs::default();
    text.iter().enumerate().any(|(at, &byte)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        signs.is_at(byte, rest)
    })
}

/// The last letters, digits and colons of a text: escapes, white space and control characters between them count for
/// nothing.
#[derive(Default)]
pub(super) struct Signs(u64);

impl Signs {
    /// Takes the next byte, with the bytes behind it: whether it is the colon of a scheme, or the beginning of a
    /// character reference, that has to be looked at.
    pub(super) fn is_at(&mut self, byte: u8, rest: &[u8]) -> bool {
        if byte == b'&' {
            return is_hiding(rest);
        }
        if !byte.is_ascii_alphanumeric() && byte != b':' {
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

fn is_hiding(rest: &[u8]) -> bool {
    let begins = |name: &&[u8]| {
        rest.get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    rest.first() == Some(&b'#') || HIDING.iter().any(begins)
}
