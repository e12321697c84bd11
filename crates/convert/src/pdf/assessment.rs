use serde::{Deserialize, Serialize};

use super::page::ContentReader;
use super::page_class::is_garbled;
use super::page_text::PageText;
use super::{header, source};
use crate::{ConvertError, Limits};

/// Letters and digits, at least, that are the text of a page rather than a caption or a stamp beside an image.
const MIN_TEXT_CHARS_BESIDE_IMAGE: usize = 200;
/// Letters and digits, at least, that are text by themselves.
const MIN_TEXT_CHARS: usize = 24;
/// Share of the page from which on an image is the page.
const FULL_PAGE_COVERAGE: f32 = 0.6;
/// Share of the page up to which an image is an ornament.
const ORNAMENT_COVERAGE: f32 = 0.1;
/// Fill operators beyond which a page with next to no text shows text drawn as outlines.
const MAX_FILLS_WITHOUT_TEXT: u32 = 50;
/// Letters, at least, whose frequencies tell anything.
const MIN_SAMPLE_CHARS: usize = 200;

/// Assessment of one page of a PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageAssessment {
    /// 1-based number of the page.
    pub number: u32,
    /// Verdict.
    pub verdict: PageVerdict,
}

/// Verdict on a page: its text layer is good enough, or OCR is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageVerdict {
    /// The text layer is sound: its characters can be taken as they are.
    TextLayer,
    /// Nothing is painted on the page.
    Blank,
    /// The page needs OCR.
    NeedsOcr(OcrReason),
}

/// Reason why a page needs OCR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OcrReason {
    /// Image or drawing with little or no text.
    NoText,
    /// Text whose characters are not those that are shown: an encoding is missing or wrong.
    BrokenEncoding,
    /// Image that covers most of the page, with little text beside it.
    MostlyImage,
    /// Content that cannot be read.
    Unreadable,
}

/// Assesses for each page of a PDF whether its text layer is usable. Reads characters only: renders nothing and
/// recognizes nothing, so that it is cheap enough to decide about OCR that costs money.
///
/// # Errors
/// `InvalidDocument` (no PDF, broken), `PasswordProtected`, `TooLarge`, `TooManyPages`.
pub fn assess_pdf(bytes: &[u8], limits: &Limits) -> Result<Vec<PageAssessment>, ConvertError> {
    limits.check_input(bytes.len())?;
    let document = header::require_document(bytes)?;
    let source = source::Source::open(&document)?;
    let count = source.page_count_within(limits)?;
    let mut reader = ContentReader::new(source.pdf());
    let assessments = (1..=count).map(|number| {
        let verdict = match PageText::read(&mut reader, number) {
            Ok(page) => verdict(&page),
            Err(_) => PageVerdict::NeedsOcr(OcrReason::Unreadable),
        };
        PageAssessment { number, verdict }
    });
    Ok(assessments.collect())
}

fn verdict(page: &PageText) -> PageVerdict {
    let text = page.text();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let facts = &page.facts;
    let (glyphs, unknown) = (u64::from(facts.glyphs), u64::from(facts.unknown));
    // More than a tenth of the characters are missing from the text; a few symbols are in many sound documents.
    let missing = unknown > 10 && 10 * unknown > glyphs;
    if is_garbled(&text) || is_nonsense(&text) || missing {
        return PageVerdict::NeedsOcr(OcrReason::BrokenEncoding);
    }
    let outlines = facts.filled_shapes > MAX_FILLS_WITHOUT_TEXT;
    let drawn = facts.has_image || outlines;
    // From no text to much text; the less there is, the smaller an image has to be to count as the page's content.
    match letters {
        0 if drawn || glyphs > 0 => PageVerdict::NeedsOcr(OcrReason::NoText),
        0 => PageVerdict::Blank,
        1..MIN_TEXT_CHARS if facts.image_coverage > ORNAMENT_COVERAGE || outlines => {
            PageVerdict::NeedsOcr(OcrReason::NoText)
        }
        ..MIN_TEXT_CHARS_BESIDE_IMAGE if facts.image_coverage > FULL_PAGE_COVERAGE => {
            PageVerdict::NeedsOcr(OcrReason::MostlyImage)
        }
        _ => PageVerdict::TextLayer,
    }
}

/// Returns true if the characters are readable but are no language: glyph numbers of a font taken for letters.
fn is_nonsense(text: &str) -> bool {
    let (mut all, mut odd, mut latin, mut vowels, mut rare) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        all += 1;
        odd += usize::from(is_odd(c));
        match c.to_ascii_lowercase() {
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' => vowels += 1,
            'j' | 'k' | 'q' | 'v' | 'w' | 'x' | 'z' => rare += 1,
            _ => {}
        }
        latin += usize::from(c.is_ascii_alphabetic());
    }
    let mostly_odd = all >= MIN_SAMPLE_CHARS / 4 && 10 * odd > 4 * all;
    // In languages written in Latin letters, a third or more of the letters are vowels, and the seven rarest letters
    // together stay below a sixth. Tables of random codes use all letters alike, have 23 % of vowels and so pass.
    let mostly_latin = latin >= MIN_SAMPLE_CHARS && 2 * latin > all;
    let no_language = mostly_latin && 100 * vowels < 22 * latin && 100 * rare > 20 * latin;
    mostly_odd || no_language
}

/// Returns true for signs that no ordinary text mostly consists of.
fn is_odd(c: char) -> bool {
    matches!(
        c,
        '[' | ']' | '{' | '}' | '|' | '\\' | '^' | '~' | '`' | '@' | '#' | '$' | '&' | '<' | '>' | '=' | '!' | '"'
            | '\u{a1}'..='\u{bf}' | '\u{2020}'..='\u{2021}' | '\u{2030}'..='\u{203f}' | '\u{192}' | '\u{2c6}'..='\u{2dd}'
    )
}
