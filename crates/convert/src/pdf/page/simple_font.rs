//! Simple fonts whose dictionaries tell the texts and widths of their codes. Their programs, by far the most of their
//! bytes, are not decoded for them.

use hayro::hayro_syntax::object::{Array, Dict, Name, Stream};
use hayro_font::CMapResolverFn;
use hayro_font::hayro_cmap::CMap;

use super::unicode::{parse, sound};

/// Codes of a simple font.
const MAX_CODES: usize = 256;

/// Texts and widths in the dictionary of a simple font.
pub(super) struct SimpleFont {
    to_unicode: CMap,
    first: u32,
    /// From the first code on.
    widths: Vec<f32>,
}

impl SimpleFont {
    /// Reads the dictionary of a font; `None` if it is no simple font, or lacks widths or texts.
    pub(super) fn of(font: &Dict<'_>, resolver: &CMapResolverFn) -> Option<Self> {
        let kind = font.get::<Name<'_>>("Subtype")?;
        if !matches!(kind.as_str(), "Type1" | "MMType1" | "TrueType" | "OpenType") {
            return None;
        }
        let (first, last) = (font.get::<usize>("FirstChar")?, font.get::<usize>("LastChar")?);
        let count = last.checked_sub(first)?.saturating_add(1).min(MAX_CODES);
        let widths = font.get::<Array<'_>>("Widths")?;
        Some(Self {
            to_unicode: parse(&font.get::<Stream<'_>>("ToUnicode")?, resolver)?,
            first: u32::try_from(first).ok()?,
            widths: widths.iter::<f32>().take(count).collect(),
        })
    }

    /// Text of a code and its width in thousandths of the em; `None` where the program has to tell one of them.
    pub(super) fn code(&self, code: u32) -> Option<(String, f64)> {
        let index = usize::try_from(code.checked_sub(self.first)?).ok()?;
        let width = self.widths.get(index)?;
        let text = sound(self.to_unicode.lookup_bf_string(code)?)?;
        Some((text, f64::from(*width)))
    }
}
