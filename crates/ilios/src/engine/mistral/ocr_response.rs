use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::fault::Fault;

/// Parts of a page that are looked at, at most.
const MAX_BLOCKS: usize = 10_000;

/// The answer of OCR. What is not read here is ignored, whatever it is.
#[derive(Debug, Deserialize)]
pub(super) struct OcrResponse {
    pub(super) pages: Vec<OcrPage>,
    /// The model by its own name, whichever it was asked by.
    pub(super) model: String,
    pub(super) usage_info: Usage,
}

#[derive(Debug, Deserialize)]
pub(super) struct Usage {
    /// Billed pages.
    pub(super) pages_processed: u32,
}

#[derive(Debug, Deserialize)]
pub(super) struct OcrPage {
    pub(super) markdown: String,
    #[serde(default)]
    pub(super) images: Option<Vec<OcrImage>>,
    #[serde(default)]
    pub(super) tables: Option<Vec<OcrTable>>,
    #[serde(default)]
    pub(super) dimensions: Option<Dimensions>,
    /// Parts of the page. One that is malformed is left out.
    #[serde(default)]
    pub(super) blocks: Option<Vec<serde_json::Value>>,
    #[serde(default)]
    pub(super) header: Option<String>,
    #[serde(default)]
    pub(super) footer: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OcrImage {
    pub(super) id: String,
    #[serde(default)]
    pub(super) image_base64: Option<String>,
}

/// Part of a page with its box in pixels.
#[derive(Debug, Deserialize)]
pub(super) struct OcrBlock {
    pub(super) content: String,
    #[serde(default)]
    pub(super) image_id: Option<String>,
    top_left_x: f32,
    top_left_y: f32,
    bottom_right_x: f32,
    bottom_right_y: f32,
}

impl OcrBlock {
    /// Left, top, right and bottom edge; `None` for a box that is none.
    pub(super) fn bbox(&self) -> Option<[f32; 4]> {
        let bbox = [
            self.top_left_x,
            self.top_left_y,
            self.bottom_right_x,
            self.bottom_right_y,
        ];
        let [left, top, right, bottom] = bbox;
        let sound = bbox.iter().all(|edge| edge.is_finite() && *edge >= 0.0);
        (sound && left <= right && top <= bottom).then_some(bbox)
    }
}

/// A table that was taken out of the text.
#[derive(Debug, Deserialize)]
pub(super) struct OcrTable {
    pub(super) id: String,
    pub(super) content: String,
}

/// The size of the picture that was read.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Dimensions {
    pub(super) dpi: Option<f32>,
    pub(super) width: Option<f32>,
    pub(super) height: Option<f32>,
}

/// Number of pages that a response must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// So many, and so many billed.
    Exactly(usize),
    /// At least one, and as many as are billed.
    AsBilled,
    /// At least one: what flows has no pages of its own.
    Some,
}

impl OcrResponse {
    /// Reads an answer that must have `expected` pages.
    pub(super) fn read(body: &[u8], expected: Expected) -> Result<Self, Fault> {
        // The parser's message may quote the document.
        let answer: Self = serde_json::from_slice(body).map_err(|error| {
            Fault::Unusable(format!(
                "its answer is cut off or no answer of OCR ({:?} at byte {})",
                error.classify(),
                error.column()
            ))
        })?;
        answer.checked(expected)
    }

    /// Itself, if it has `expected` pages.
    pub(super) fn checked(self, expected: Expected) -> Result<Self, Fault> {
        let (pages, billed) = (self.pages.len(), self.usage_info.pages_processed as usize);
        let right = match expected {
            Expected::Exactly(number) => pages == number && billed == number,
            Expected::AsBilled => pages > 0 && pages == billed,
            Expected::Some => pages > 0 && billed > 0,
        };
        if right {
            return Ok(self);
        }
        let wanted = match expected {
            Expected::Exactly(number) => number.to_string(),
            Expected::AsBilled | Expected::Some => "another number".to_owned(),
        };
        Err(Fault::Unusable(format!(
            "its answer has {pages} pages and bills {billed}, where {wanted} was expected"
        )))
    }
}

impl OcrPage {
    /// Its parts that are well-formed, as many as a page may have.
    pub(super) fn parts(&self) -> impl Iterator<Item = OcrBlock> {
        let blocks = self.blocks.iter().flatten().take(MAX_BLOCKS);
        blocks.filter_map(|block| OcrBlock::deserialize(block).ok())
    }

    /// The text with its tables in their places.
    pub(super) fn text(&self) -> String {
        let mut text = self.markdown.clone();
        for table in self.tables.iter().flatten() {
            let link = format!("[{0}]({0})", table.id);
            if text.contains(&link) {
                text = text.replace(&link, &table.content);
            }
        }
        text
    }
}

impl OcrImage {
    /// Its bytes, sent as a data URI or as bare base64; none when none came or they are broken.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        let text = self.image_base64.as_deref()?;
        let payload = match text.strip_prefix("data:") {
            Some(uri) => uri.split_once(',')?.1,
            None => text,
        };
        STANDARD
            .decode(payload.trim())
            .ok()
            .filter(|bytes| !bytes.is_empty())
    }
}
