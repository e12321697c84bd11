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
    /// Lines with a JSON object for each page, as Mistral's OCR answers them.
    OcrPages(OcrPageOptions),
}

/// Options of pages as Mistral's OCR answers them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is something that is asked for or not, in any combination"
)]
pub struct OcrPageOptions {
    /// Form of tables that are taken out of the text; `None` leaves them in it, as Markdown.
    pub tables: Option<SeparateTables>,
    /// Headers are taken out of the text.
    pub extract_header: bool,
    /// Footers are taken out of the text.
    pub extract_footer: bool,
    /// Blocks with their places.
    pub blocks: bool,
    /// Finest part that has a score of confidence; `None` for no scores at all.
    pub scores: Option<ScoreGranularity>,
    /// Pictures of the document, at most.
    pub image_limit: Option<u32>,
    /// Pixels that a picture is wide and high, at least.
    pub image_min_size: Option<u32>,
    /// Each picture has the name of its bytes, too.
    pub image_names: bool,
}

/// Form of tables beside the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeparateTables {
    /// Tables of Markdown.
    Markdown,
    /// Tables of HTML.
    Html,
}

/// Part of a page that has a score of confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScoreGranularity {
    /// The page.
    Page,
    /// The page and its words.
    Word,
    /// The page and its blocks.
    Block,
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
