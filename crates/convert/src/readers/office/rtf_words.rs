//! Parts of RTF documents that the library reads wrongly, written anew before it reads the document.
//!
//! ```text
//!   \mac, \pc, \pca   caf\'8e      ──>  caf{\uc0\u233 }     characters of the Macintosh and of DOS
//!   \*                {a \*\x b}   ──>  {a \x b}            only at the beginning of a group it says what the group is
//!   \upr              {\upr{a}{\*\ud{b}}}  ──>  {{b}}       the text for programs that know Unicode
//! ```

use crate::charset;

/// Words at the beginning of a document that name the encoding of its bytes.
const ENCODINGS: [(&[u8], &str); 3] = [(b"\\mac", "macintosh"), (b"\\pca", "cp850"), (b"\\pc", "cp437")];
/// Bytes at the beginning of a document in which its encoding is named.
const HEAD_BYTES: usize = 256;

/// Writes these parts of a document anew; `None` if it has none.
pub(super) fn corrected(bytes: &[u8]) -> Option<Vec<u8>> {
    let encoding = encoding(bytes);
    let mut pass = Pass {
        rest: bytes,
        out: Vec::with_capacity(bytes.len()),
        encoding,
        begins: false,
        reads_upr: true,
        changed: false,
    };
    while let Some(&byte) = pass.rest.first() {
        match byte {
            b'\\' => pass.control(),
            b'\r' | b'\n' => pass.copy(1),
            byte => {
                pass.copy(1);
                pass.begins = byte == b'{';
            }
        }
    }
    pass.changed.then_some(pass.out)
}

/// Encoding that a document names, if the library takes it for that of Windows.
fn encoding(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    if memchr::memmem::find(head, b"\\ansicpg").is_some() {
        return None;
    }
    let is_word = |word: &[u8]| {
        memchr::memmem::find_iter(head, word)
            .any(|at| !head.get(at + word.len()).is_some_and(u8::is_ascii_alphanumeric))
    };
    ENCODINGS
        .iter()
        .find(|(word, _)| is_word(word))
        .map(|(_, encoding)| *encoding)
}

struct Pass<'a> {
    rest: &'a [u8],
    out: Vec<u8>,
    encoding: Option<&'static str>,
    /// Nothing but white space has been read of the group.
    begins: bool,
    /// Each group behind `\upr` has been what it has to be: others are not searched for their end.
    reads_upr: bool,
    changed: bool,
}

impl Pass<'_> {
    fn copy(&mut self, count: usize) {
        let (copied, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.out.extend_from_slice(copied);
        self.rest = rest;
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
        self.changed = true;
    }

    fn control(&mut self) {
        let word = self.rest.get(1..).unwrap_or_default();
        match word.first() {
            Some(b'*') if !self.begins => return self.skip(2),
            Some(b'*') => return self.copy(2),
            Some(b'\'') => self.byte(),
            Some(letter) if letter.is_ascii_alphabetic() => {
                let letters = word.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                match word.get(..letters).unwrap_or_default() {
                    b"upr" => self.upr(),
                    b"bin" => self.binary(letters),
                    _ => self.copy(1 + letters),
                }
            }
            _ => self.copy(2),
        }
        self.begins = false;
    }

    /// Writes a byte of a known encoding as its character.
    fn byte(&mut self) {
        let digits = self
            .rest
            .get(2..4)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (Some(encoding), Some(byte @ 0x80..)) = (self.encoding, byte) else {
            return self.copy(4);
        };
        let text = charset::decode(encoding, &[byte]).unwrap_or_default();
        for unit in text.encode_utf16() {
            // Numbers of characters are signed numbers of 16 bits.
            let number = i32::from(unit) - if unit > 0x7fff { 0x1_0000 } else { 0 };
            self.out
                .extend_from_slice(format!("{{\\uc0\\u{number} }}").as_bytes());
        }
        self.skip(4);
    }

    /// Copies `\bin` with its bytes.
    fn binary(&mut self, letters: usize) {
        let behind = self.rest.get(1 + letters..).unwrap_or_default();
        let digits = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(behind.get(..digits).unwrap_or_default());
        let number = number.unwrap_or_default().parse::<usize>().unwrap_or(0);
        let space = usize::from(behind.get(digits) == Some(&b' '));
        self.copy((1 + letters + digits + space).saturating_add(number));
    }

    /// Skips the group behind `\upr`, and what says of the next one that it may be skipped.
    fn upr(&mut self) {
        let behind = self.rest.get(4..).unwrap_or_default();
        let length = Some(behind).filter(|_| self.reads_upr).and_then(group_length);
        let next = length.and_then(|length| behind.get(length..)).unwrap_or_default();
        let Some(destination) = next.strip_prefix(b"{\\*\\ud") else {
            self.reads_upr = false;
            return self.copy(4);
        };
        self.out.push(b'{');
        self.changed = true;
        self.rest = destination;
    }
}

/// Length of the group at the beginning.
fn group_length(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            b'\\' => at += 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at).filter(|_| bytes.first() == Some(&b'{'));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::corrected;

    #[test]
    fn parts_are_written_anew() {
        for (rtf, expected) in [
            ("{\\rtf1\\mac caf\\'8e}", Some("{\\rtf1\\mac caf{\\uc0\\u233 }}")),
            ("{\\rtf1\\ansi\\ansicpg1252\\mac caf\\'8e}", None),
            ("{\\rtf1\\pc caf\\'82}", Some("{\\rtf1\\pc caf{\\uc0\\u233 }}")),
            (
                "{\\rtf1 {a \\*\\x b}{\\*\\y c}}",
                Some("{\\rtf1 {a \\x b}{\\*\\y c}}"),
            ),
            ("{\\upr{a \\} b}{\\*\\ud{c}}}", Some("{{{c}}}")),
            ("{\\bin4 \\*{}x}", None),
            ("{\\upr{a", None),
        ] {
            let corrected = corrected(rtf.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(corrected.as_deref(), expected, "{rtf}");
        }
    }
}
