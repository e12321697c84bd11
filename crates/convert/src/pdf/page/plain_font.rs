//! Fonts that no program can be found for: neither embedded nor one of the standard fonts. Their codes have widths and
//! texts all the same.

use hayro::hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro_font::CMapResolverFn;
use hayro_font::hayro_cmap::{BfString, CMap};

use super::unicode::parse;

/// Width of a code where the font says none, in thousandths of the em.
const SIMPLE_WIDTH: f64 = 500.0;
const COMPOSITE_WIDTH: f64 = 1000.0;
/// Widths, at least, that tell the pitch of a font.
const MIN_WIDTHS: usize = 6;
/// Entries of the widths of a font that are read, at most.
const MAX_WIDTHS: usize = 70_000;

/// Font without a program.
pub(super) struct PlainFont {
    /// Codes have two bytes.
    composite: bool,
    to_unicode: Option<CMap>,
    /// First code, last code and width.
    widths: Vec<(u32, u32, f64)>,
    default_width: f64,
}

impl PlainFont {
    pub(super) fn of(font: &Dict<'_>, descendant: Option<&Dict<'_>>, resolver: &CMapResolverFn) -> Self {
        let to_unicode = font
            .get::<Stream<'_>>("ToUnicode")
            .and_then(|stream| parse(&stream, resolver));
        let composite = font
            .get::<Name<'_>>("Subtype")
            .is_some_and(|kind| kind.as_str() == "Type0");
        let (widths, default_width) = match descendant.filter(|_| composite) {
            Some(descendant) => (
                composite_widths(descendant),
                descendant.get::<f64>("DW").unwrap_or(COMPOSITE_WIDTH),
            ),
            None => (simple_widths(font), SIMPLE_WIDTH),
        };
        Self {
            composite,
            to_unicode,
            widths,
            default_width,
        }
    }

    /// Next code and its length in bytes.
    pub(super) fn read_code(&self, string: &[u8], at: usize) -> (u32, usize) {
        let byte = |at: usize| u32::from(string.get(at).copied().unwrap_or(0));
        match self.composite {
            true => (byte(at) << 8 | byte(at + 1), 2),
            false => (byte(at), 1),
        }
    }

    pub(super) fn advance(&self, code: u32) -> f64 {
        let width = self
            .widths
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&code));
        width.map_or(self.default_width, |(_, _, width)| *width)
    }

    /// Text of a code: that of its map or, of a simple font, that of the encoding which most have.
    pub(super) fn text(&self, code: u32) -> Option<BfString> {
        if let Some(map) = &self.to_unicode {
            return map.lookup_bf_string(code);
        }
        let byte = u8::try_from(code).ok().filter(|_| !self.composite)?;
        let (text, _, _) = encoding_rs::WINDOWS_1252.decode(std::slice::from_ref(&byte));
        text.chars().next().map(BfString::Char)
    }
}

/// Returns true if the widths of a font are those of a fixed pitch: one, and its double for ideographs. Fonts without
/// enough widths may have one.
pub(super) fn may_be_fixed_pitch(font: &Dict<'_>, descendant: Option<&Dict<'_>>) -> bool {
    let widths = descendant.map_or_else(|| simple_widths(font), composite_widths);
    let mut widths: Vec<f64> = widths
        .into_iter()
        .map(|(_, _, width)| width)
        .filter(|width| *width > 0.0)
        .collect();
    if widths.len() < MIN_WIDTHS {
        return true;
    }
    widths.sort_by(f64::total_cmp);
    let median = widths.get(widths.len() / 2).copied().unwrap_or(COMPOSITE_WIDTH);
    let near = |width: f64, other: f64| (width - other).abs() <= 0.02 * other;
    let on_pitch = widths
        .iter()
        .filter(|width| near(**width, median) || near(**width, 2.0 * median) || near(2.0 * **width, median));
    10 * on_pitch.count() >= 9 * widths.len()
}

fn simple_widths(font: &Dict<'_>) -> Vec<(u32, u32, f64)> {
    let first = font.get::<u32>("FirstChar").unwrap_or(0);
    let widths = font.get::<Array<'_>>("Widths").unwrap_or_default();
    let widths = widths.iter::<f64>().take(256).zip(first..);
    widths.map(|(width, code)| (code, code, width)).collect()
}

/// Widths of a composite font: `first [width …]` or `first last width` (ISO 32000-1, 9.7.4.3).
fn composite_widths(descendant: &Dict<'_>) -> Vec<(u32, u32, f64)> {
    let entries = descendant.get::<Array<'_>>("W").unwrap_or_default();
    let mut entries = entries.iter::<Object<'_>>();
    let mut widths = Vec::new();
    while let Some(Object::Number(first)) = entries.next()
        && widths.len() < MAX_WIDTHS
    {
        let Some(first) = code(&first) else { break };
        match entries.next() {
            Some(Object::Array(list)) => {
                let list = list.iter::<f64>().take(MAX_WIDTHS - widths.len()).zip(first..);
                widths.extend(list.map(|(width, code)| (code, code, width)));
            }
            Some(Object::Number(last)) => {
                if let (Some(last), Some(Object::Number(width))) = (code(&last), entries.next()) {
                    widths.push((first, last, width.as_f64()));
                }
            }
            _ => break,
        }
    }
    widths
}

fn code(number: &Number) -> Option<u32> {
    u32::try_from(number.as_i64()).ok()
}
