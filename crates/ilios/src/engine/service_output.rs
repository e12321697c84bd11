use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::StoredImage;

/// Pages and pictures that a paid service has delivered of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

/// Header and footer of a page, where the service has separated them from its text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderFooter {
    /// Its header, where that was taken out of the text.
    pub header: Option<String>,
    /// Its footer, where that was taken out of the text.
    pub footer: Option<String>,
}
