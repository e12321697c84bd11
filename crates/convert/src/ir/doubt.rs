use serde::{Deserialize, Serialize};

use super::BlockId;

/// Doubt about a page: something of it may be missing or wrong in the result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// Kind of the doubt.
    pub code: DoubtCode,
    /// Weight of the doubt.
    pub severity: Severity,
    /// Description for people.
    pub message: String,
    /// Part of the page's characters that is concerned, 0 to 1, where known.
    pub share: Option<f32>,
    /// Blocks that are concerned; empty for the whole page.
    pub blocks: Vec<BlockId>,
}

/// Weight of a doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// A few characters or their order.
    Low,
    /// Words of the page.
    Medium,
    /// Most of the page.
    High,
}

/// Kind of a doubt. A closed list: `docs/document-model.md` describes each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DoubtCode {
    /// Characters of a text layer that could not be decoded.
    UnmappedGlyphs,
    /// The text layer makes no sense, and no other reading of the page was possible.
    GarbledText,
    /// The page is a picture whose text was not recognized, or a part of it.
    NotRecognized,
    /// Text was recognized with low confidence.
    LowConfidence,
    /// The text is in a script that no engine at hand can read.
    ScriptNotSupported,
    /// Characters that change the direction of text were removed: they may show other words than they hold.
    DirectionControls,
    /// Hidden text, rows or sheets.
    HiddenContent,
    /// The content of the page is damaged, or beyond a limit: what comes after was not read.
    DamagedContent,
    /// The result was stored before the model existed: it has no blocks.
    NoPlaces,
}

impl DoubtCode {
    /// All codes, in the order of their documentation.
    pub const ALL: [Self; 9] = [
        Self::UnmappedGlyphs,
        Self::GarbledText,
        Self::NotRecognized,
        Self::LowConfidence,
        Self::ScriptNotSupported,
        Self::DirectionControls,
        Self::HiddenContent,
        Self::DamagedContent,
        Self::NoPlaces,
    ];

    /// Name in every output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnmappedGlyphs => "unmapped_glyphs",
            Self::GarbledText => "garbled_text",
            Self::NotRecognized => "not_recognized",
            Self::LowConfidence => "low_confidence",
            Self::ScriptNotSupported => "script_not_supported",
            Self::DirectionControls => "direction_controls",
            Self::HiddenContent => "hidden_content",
            Self::DamagedContent => "damaged_content",
            Self::NoPlaces => "no_places",
        }
    }
}
