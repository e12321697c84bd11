use serde::{Deserialize, Serialize};

use super::OutputFormat;

/// Form of an output that another product has defined, for the clients of that product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForeignFormat {
    /// JSON of a `DoclingDocument`.
    Docling,
    /// DocTags, docling's markup.
    DocTags,
    /// Lines with the reference that each block has in the `DoclingDocument`.
    DoclingReferences,
    /// XHTML with a `div` for each page, as Apache Tika makes it.
    Xhtml,
    /// Lines with a JSON object for each element, from which Unstructured's elements are made.
    Elements,
}

/// Form of an output: one of our own, or that of another product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutputForm {
    /// Our own.
    Own(OutputFormat),
    /// Another product's.
    Foreign(ForeignFormat),
}

impl Default for OutputForm {
    fn default() -> Self {
        Self::Own(OutputFormat::default())
    }
}

impl From<OutputFormat> for OutputForm {
    fn from(format: OutputFormat) -> Self {
        Self::Own(format)
    }
}

impl From<ForeignFormat> for OutputForm {
    fn from(format: ForeignFormat) -> Self {
        Self::Foreign(format)
    }
}
