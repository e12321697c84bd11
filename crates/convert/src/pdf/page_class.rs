use super::page_text::PageText;

/// Letters and digits, at least, that are the text of a scanned page rather than a page number or a stamp.
const MIN_TEXT_CHARS: usize = 24;
/// Share of the page from which on an image on it is a scan.
const SCAN_COVERAGE: f32 = 0.3;
/// Glyphs without a text beyond which a page with next to no text counts as garbled.
const MAX_UNKNOWN_GLYPHS: u32 = 8;
/// Filled shapes beyond which a page without text shows text drawn as outlines.
const MAX_SHAPES_WITHOUT_TEXT: u32 = 50;

/// Class of a page, by what its text layer is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageClass {
    /// The text layer is the text of the page.
    Text,
    /// The page is an image, with next to no text beside it.
    Scan,
    /// The text layer cannot be read: a font lacks a usable encoding.
    Garbled,
    /// Nothing is painted on the page.
    Blank,
}

/// Classifies the page by its text without markup. `had_furniture`: running headers or footers were set apart from it,
/// so it does have a text layer.
pub(super) fn classify(page: &PageText, text: &str, had_furniture: bool) -> PageClass {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let facts = &page.facts;
    // 30 % of the glyphs, as for the characters of a text.
    let mostly_unknown = facts.glyphs > 0 && 10 * u64::from(facts.unknown) >= 3 * u64::from(facts.glyphs);
    let nothing_but_unknown = letters < MIN_TEXT_CHARS && facts.unknown > MAX_UNKNOWN_GLYPHS;
    if is_garbled(text) || nothing_but_unknown || mostly_unknown {
        return PageClass::Garbled;
    }
    let outlines = facts.filled_shapes > MAX_SHAPES_WITHOUT_TEXT;
    match letters {
        // A page with nothing but its header is a page of a document with a text layer, unless an image covers it.
        _ if had_furniture && facts.image_coverage <= SCAN_COVERAGE => PageClass::Text,
        0 if facts.has_image || outlines || facts.glyphs > 0 => PageClass::Scan,
        // Nothing painted either: OCR would find nothing, and costs a second a page.
        0 => PageClass::Blank,
        _ if letters < MIN_TEXT_CHARS && facts.image_coverage > SCAN_COVERAGE => PageClass::Scan,
        _ => PageClass::Text,
    }
}

/// Returns true if the page is an image and nothing else: whatever is made of it, it has no text.
pub(super) fn is_bare_image(page: &PageText) -> bool {
    let has_text = !page.groups.is_empty() || !page.widgets.is_empty() || !page.stamps.is_empty();
    page.facts.has_image && page.facts.glyphs == 0 && !has_text
}

/// Returns true if 30 % or more of the characters have no meaning: replacement characters, private use, controls.
pub(super) fn is_garbled(text: &str) -> bool {
    let mut broken = 0_usize;
    let mut all = 0_usize;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        all += 1;
        let private_use = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
        broken += usize::from(c == '\u{fffd}' || private_use || c.is_control());
    }
    all > 0 && broken * 10 >= all * 3
}
