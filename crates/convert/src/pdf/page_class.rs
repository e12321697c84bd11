use super::page_text::PageText;

/// Letters and digits, at least, that are the text of a scanned page rather than a page number or a stamp.
const MIN_TEXT_CHARS: usize = 24;
/// Share of the page from which on an image on it is a scan.
const SCAN_COVERAGE: f32 = 0.3;
/// Undecoded runs beyond which a page with next to no text counts as garbled.
const MAX_UNDECODED_RUNS: usize = 3;
/// Fill operators beyond which a page without text shows text drawn as outlines.
const MAX_FILLS_WITHOUT_TEXT: u32 = 50;

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

/// Classifies the page by its text without markup. `had_furniture`: running headers or footers were removed from it, so it does
/// have a text layer.
pub(super) fn classify(page: &PageText, text: &str, had_furniture: bool) -> PageClass {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let facts = &page.facts;
    let has_image = page.operators.image > 0 || facts.image_coverage > 0.0;
    if is_garbled(text) || letters < MIN_TEXT_CHARS && page.undecoded_runs > MAX_UNDECODED_RUNS {
        return PageClass::Garbled;
    }
    let outlines = facts.fill_op_count > MAX_FILLS_WITHOUT_TEXT;
    // Text that is painted and yields no characters, other than blank runs.
    let invisible = page.operators.text > 0 && facts.blank_text_runs < page.operators.text;
    match letters {
        // A page with nothing but its header is a page of a document with a text layer, unless an image covers it.
        _ if had_furniture && facts.image_coverage <= SCAN_COVERAGE => PageClass::Text,
        0 if has_image || outlines || page.has_bad_ocr_layer || invisible => PageClass::Scan,
        // Nothing painted either: OCR would find nothing, and costs a second a page.
        0 => PageClass::Blank,
        _ if letters < MIN_TEXT_CHARS && (facts.image_coverage > SCAN_COVERAGE || page.has_bad_ocr_layer) => {
            PageClass::Scan
        }
        _ => PageClass::Text,
    }
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
