use serde::{Deserialize, Serialize};

use super::{Block, Doubt};

/// Page: a page of a PDF, a picture, a slide, a sheet, a chapter, or the whole of a document without any of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// 1-based number in the document.
    pub number: u32,
    /// Number or name that is printed on it or given to it: `iii`, the name of a sheet.
    pub label: Option<String>,
    /// Width, in `unit`.
    pub width: Option<f32>,
    /// Height, in `unit`.
    pub height: Option<f32>,
    /// Unit of its size and of the boxes of its blocks.
    pub unit: Unit,
    /// Degrees clockwise, 0, 90, 180 or 270, by which a viewer turns it; size and boxes are as the viewer shows it.
    pub rotation: u16,
    /// Origin of the text.
    pub kind: PageKind,
    /// The document hides it, as it does a sheet or a slide.
    pub hidden: bool,
    /// Confidence in what was recognized or guessed.
    pub confidence: Option<Confidence>,
    /// Name of the engine that has read it.
    pub engine: Option<String>,
    /// Language of most of its text, as BCP 47 writes it.
    pub lang: Option<String>,
    /// Its header, where the engine has told that apart from its text without a place.
    pub header: Option<String>,
    /// Its footer, likewise.
    pub footer: Option<String>,
    /// Its Markdown, without trailing white space, with the default options.
    pub markdown: String,
    /// Its blocks in reading order.
    pub blocks: Vec<Block>,
    /// Doubts about it.
    pub doubts: Vec<Doubt>,
}

/// Origin of the text of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// Characters that the document draws.
    TextLayer,
    /// Characters recognized in an image.
    Ocr,
    /// Text with a structure that the file itself says: Office, web, mail.
    Structure,
    /// No text found.
    Empty,
}

/// Unit of length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Point, 1/72 inch.
    #[default]
    Pt,
    /// Pixel.
    Px,
}

/// Confidence, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Confidence {
    /// Mean of the words.
    pub mean: f32,
    /// That of the worst word.
    pub min: f32,
}

/// Picture of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// Name in the document's result, unique there: `p3-1.png`.
    pub name: String,
    /// Media type: `image/png` or `image/jpeg`.
    pub mime_type: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its bytes; empty once they are stored elsewhere.
    pub bytes: Vec<u8>,
}

impl Page {
    /// Creates a page of no size without blocks.
    #[must_use]
    pub fn new(number: u32, kind: PageKind) -> Self {
        Self {
            number,
            label: None,
            width: None,
            height: None,
            unit: Unit::default(),
            rotation: 0,
            kind,
            hidden: false,
            confidence: None,
            engine: None,
            lang: None,
            header: None,
            footer: None,
            markdown: String::new(),
            blocks: Vec::new(),
            doubts: Vec::new(),
        }
    }
}
