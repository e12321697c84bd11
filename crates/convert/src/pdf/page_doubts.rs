//! Doubts about the text of a page.

use crate::ir::{Doubt, DoubtCode, Severity};
use crate::layout::characters::Characters;

/// Share of characters without a meaning from which on words are concerned.
const WORDS_SHARE: f32 = 0.02;
/// Share of characters without a meaning from which on most of the page is concerned.
const PAGE_SHARE: f32 = 0.3;

/// Doubt about characters that could not be decoded.
pub(super) fn unmapped_glyphs(characters: Characters) -> Option<Doubt> {
    let count = characters.unmapped;
    if count == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "characters of a page")]
    let share = count as f32 / characters.all.max(1) as f32;
    let severity = match share {
        share if share < WORDS_SHARE => Severity::Low,
        share if share < PAGE_SHARE => Severity::Medium,
        _ => Severity::High,
    };
    let message = match count {
        1 => "1 character could not be decoded".to_owned(),
        count => format!("{count} characters could not be decoded"),
    };
    Some(Doubt {
        code: DoubtCode::UnmappedGlyphs,
        severity,
        message,
        share: Some(share),
        blocks: Vec::new(),
    })
}

/// Doubt about words that are on the page and that a reader does not see.
pub(super) fn hidden_words(count: usize) -> Option<Doubt> {
    let message = match count {
        0 => return None,
        1 => "1 word that the page does not show was left out".to_owned(),
        count => format!("{count} words that the page does not show were left out"),
    };
    Some(Doubt {
        code: DoubtCode::HiddenContent,
        severity: Severity::Medium,
        message,
        share: None,
        blocks: Vec::new(),
    })
}

/// Doubt about letters beyond the edges of the page.
pub(super) fn outside_page(count: usize) -> Option<Doubt> {
    let message = match count {
        0 => return None,
        1 => "1 letter outside the page was left out".to_owned(),
        count => format!("{count} letters outside the page were left out"),
    };
    Some(Doubt {
        code: DoubtCode::HiddenContent,
        severity: Severity::Low,
        message,
        share: None,
        blocks: Vec::new(),
    })
}

/// Doubt about text in a font that the document does not have.
pub(super) fn missing_font(count: u32) -> Option<Doubt> {
    let message = match count {
        0 => return None,
        1 => "1 character is in a font that the document lacks, and may be another".to_owned(),
        count => format!("{count} characters are in a font that the document lacks, and may be others"),
    };
    Some(Doubt {
        code: DoubtCode::UnmappedGlyphs,
        severity: Severity::Medium,
        message,
        share: None,
        blocks: Vec::new(),
    })
}

/// Doubt about a page whose content could not be read to its end.
pub(super) fn damaged_content() -> Doubt {
    whole(
        DoubtCode::DamagedContent,
        "the content is damaged: only what stands before the damage was read",
    )
}

/// Doubt about a page whose text layer makes no sense and was kept all the same.
pub(super) fn garbled_text() -> Doubt {
    whole(DoubtCode::GarbledText, "the text layer has an unknown encoding")
}

/// Doubt about a page that was not recognized.
pub(super) fn not_recognized() -> Doubt {
    whole(DoubtCode::NotRecognized, "the page was not recognized")
}

fn whole(code: DoubtCode, message: &str) -> Doubt {
    Doubt {
        code,
        severity: Severity::High,
        message: message.to_owned(),
        share: None,
        blocks: Vec::new(),
    }
}
