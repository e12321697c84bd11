use std::collections::BTreeMap;

use ilios_convert::render::TextBox;
use serde::{Deserialize, Serialize};

use super::StoredImage;

/// Pages and pictures that a paid service has delivered of a document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceOutput {
    /// The model by the name that the service gave.
    pub model: String,
    /// Pages that the service says it has processed: what is billed.
    pub billed_pages: u32,
    /// True if it was read as a part of a batch, which costs half.
    pub in_batch: bool,
    /// The pages that it read, by their 1-based numbers in the document.
    pub pages: BTreeMap<u32, HeaderFooter>,
    /// The pictures that were kept.
    pub pictures: Vec<StoredImage>,
}

/// Facts about a page that the service tells beside its text: header and footer, where it has separated them, and the
/// boxes of its parts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HeaderFooter {
    /// Its header, where that was taken out of the text.
    pub header: Option<String>,
    /// Its footer, where that was taken out of the text.
    pub footer: Option<String>,
    /// Parts of its text with their boxes.
    #[serde(default)]
    pub boxes: Vec<TextBox>,
}
