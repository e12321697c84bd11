//! Normal form of the text of glyphs.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Characters of a page: all that are not white space, and those of them that stand for glyphs without a meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Characters {
    pub(crate) all: usize,
    pub(crate) unmapped: usize,
}

impl Characters {
    /// Normalizes text and counts its characters: composes letters (NFC), resolves ligatures, and drops soft hyphens
    /// and replacement characters, which stand for glyphs that could not be decoded.
    pub(crate) fn normalized<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        if text.is_ascii() {
            self.all += text.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        for c in text.nfc() {
            self.all += usize::from(!c.is_whitespace());
            self.unmapped += usize::from(is_unmapped(c));
            match c {
                '\u{fb00}' => out.push_str("ff"),
                '\u{fb01}' => out.push_str("fi"),
                '\u{fb02}' => out.push_str("fl"),
                '\u{fb03}' => out.push_str("ffi"),
                '\u{fb04}' => out.push_str("ffl"),
                '\u{fb05}' | '\u{fb06}' => out.push_str("st"),
                '\u{fffd}' | '\u{ad}' => {}
                c => out.push(c),
            }
        }
        Cow::Owned(out)
    }
}

/// Returns true for replacement characters and those of private use.
pub(crate) fn is_unmapped(c: char) -> bool {
    matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}
