use serde::{Deserialize, Serialize};

use super::judge::garbled;
use super::layer::Layer;
use super::{header, source};
use crate::{ConvertError, Limits};

/// Fewer letters and digits than this beside a picture are a caption or a stamp, not the page's text.
const LITTLE: usize = 200;
/// The share of a page from which on a picture is the page.
const MOST: f32 = 0.6;
/// The share of a page below which a picture is no more than an ornament.
const ORNAMENT: f32 = 0.1;
/// Fewer letters and digits than this are no text by themselves.
const FEW: usize = 24;
/// From so many letters on their frequencies tell something.
const SAMPLE: usize = 200;

/// What one page of a PDF needs to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageVerdict {
    /// The 1-based number.
    pub number: u32,
    /// What it needs.
    pub needs: PageNeeds,
}

/// What a page needs to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageNeeds {
    /// Its text layer is sound: characters can be taken as they are.
    Text,
    /// Nothing is painted on it.
    Nothing,
    /// It has to be looked at.
    Eyes(WhyEyes),
}

/// Why a page has to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyEyes {
    /// It is a picture, or drawn, without text or with next to none.
    NoText,
    /// It has text whose characters are not what is seen: an encoding is missing or wrong.
    BrokenEncoding,
    /// A picture covers most of it, with little text beside it.
    MostlyPicture,
    /// Its content cannot be read.
    Unreadable,
}

/// Tells of each page of a PDF whether its text layer is worth something. Recognizes and paints nothing.
///
/// # Errors
/// `InvalidDocument` (no PDF, broken), `PasswordProtected`, `TooLarge`, `TooManyPages`.
pub fn assess_pdf(bytes: &[u8], limits: &Limits) -> Result<Vec<PageVerdict>, ConvertError> {
    limits.check_input(bytes.len())?;
    let document = header::document(bytes).ok_or_else(|| ConvertError::InvalidDocument {
        reason: "it has no PDF header".into(),
    })?;
    let source = source::Source::open(&document)?;
    let count = source.page_count();
    limits.check_pages(usize::try_from(count).unwrap_or(usize::MAX))?;
    let verdicts = (1..=count).map(|number| {
        let layer = source.text.as_ref().map(|text| Layer::read(text, number));
        let needs = match layer {
            Some(Ok(layer)) => needs(&layer),
            _ => PageNeeds::Eyes(WhyEyes::Unreadable),
        };
        PageVerdict { number, needs }
    });
    Ok(verdicts.collect())
}

fn needs(page: &Layer) -> PageNeeds {
    let text: String = page.spans.iter().map(|span| span.text.as_str()).collect();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let facts = &page.facts;
    let undecoded = facts.undecoded_text_codes as usize;
    if garbled(&text) || nonsense(&text) || page.unreadable > 3 && 4 * page.unreadable > page.spans.len() {
        return PageNeeds::Eyes(WhyEyes::BrokenEncoding);
    }
    if undecoded > 10 && 10 * undecoded > letters {
        return PageNeeds::Eyes(WhyEyes::BrokenEncoding);
    }
    let drawn = page.operators.image > 0 || facts.image_coverage > 0.0 || facts.fill_op_count > 50;
    let hidden = page.recognized_badly || page.operators.text > facts.blank_text_runs;
    match letters {
        0 if drawn || hidden => PageNeeds::Eyes(WhyEyes::NoText),
        0 => PageNeeds::Nothing,
        _ if page.recognized_badly => PageNeeds::Eyes(WhyEyes::NoText),
        1..FEW if facts.image_coverage > ORNAMENT || facts.fill_op_count > 50 => {
            PageNeeds::Eyes(WhyEyes::NoText)
        }
        ..LITTLE if facts.image_coverage > MOST => PageNeeds::Eyes(WhyEyes::MostlyPicture),
        _ => PageNeeds::Text,
    }
}

/// Whether characters that can all be read make no language: a font's numbers of glyphs taken for letters.
fn nonsense(text: &str) -> bool {
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
    let mostly_odd = all >= SAMPLE / 4 && 10 * odd > 4 * all;
    // Of the letters of a language that is written with these, a third and more are vowels, and of the seven that
    // are rare in most no language has more than a sixth. Codes, which have all letters alike, pass.
    let mostly_latin = latin >= SAMPLE && 2 * latin > all;
    let no_language = mostly_latin && 100 * vowels < 22 * latin && 100 * rare > 20 * latin;
    mostly_odd || no_language
}

/// A sign that no ordinary text consists of.
fn is_odd(c: char) -> bool {
    matches!(
        c,
        '[' | ']' | '{' | '}' | '|' | '\\' | '^' | '~' | '`' | '@' | '#' | '$' | '&' | '<' | '>' | '=' | '!' | '"'
            | '\u{a1}'..='\u{bf}' | '\u{2020}'..='\u{2021}' | '\u{2030}'..='\u{203f}' | '\u{192}' | '\u{2c6}'..='\u{2dd}'
    )
}
