use std::fmt;
use std::str::FromStr;

use ilios_convert::Options;
use serde::{Deserialize, Serialize};

use super::{Id, MicroCents};

/// Options of a conversion: those of every reader, the choice of the engine, and those of some engines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConversionOptions {
    /// Pages and OCR.
    #[serde(flatten)]
    pub reading: Options,
    /// The engine; the server's choice when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<EngineChoice>,
    /// True if the pictures of pages are kept, by every engine.
    #[serde(skip_serializing_if = "is_false")]
    pub include_images: bool,
    /// True if Mistral takes the headers of pages out of their text.
    #[serde(skip_serializing_if = "is_false")]
    pub extract_header: bool,
    /// True if Mistral takes the footers of pages out of their text.
    #[serde(skip_serializing_if = "is_false")]
    pub extract_footer: bool,
    /// The most that the conversion may cost, margin included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<MicroCents>,
    /// Fields of the request that nothing is known of, or that mean nothing there; its result tells.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
}

/// Fields of one request that are told as ignored.
const MAX_IGNORED: usize = 20;
/// Characters that are told of the name of such a field.
const MAX_IGNORED_NAME: usize = 64;

impl ConversionOptions {
    /// The options with those addresses for pictures that they have as pictures of the document `id`.
    #[must_use]
    pub fn with_addresses_of(mut self, id: &Id) -> Self {
        self.reading.output.image_folder = image_folder(id);
        self
    }

    /// Notes that the request has a field `name` that is ignored.
    pub fn ignore(&mut self, name: &str) {
        let plain = name.chars().filter(|c| !c.is_control());
        let name: String = plain.take(MAX_IGNORED_NAME).collect();
        if !name.trim().is_empty() && self.ignored.len() < MAX_IGNORED && !self.ignored.contains(&name) {
            self.ignored.push(name);
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde calls")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Begin of the addresses of the pictures of the document `id`.
#[must_use]
pub fn image_folder(id: &Id) -> String {
    format!("/api/documents/{id}/images/")
}

/// Choice of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineChoice {
    /// Mistral's OCR, wherever it takes the type.
    Mistral,
    /// This machine.
    Local,
    /// Page by page: Mistral for those that need OCR, this machine for the rest.
    Auto,
}

impl EngineChoice {
    /// The name in requests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mistral => "mistral",
            Self::Local => "local",
            Self::Auto => "auto",
        }
    }
}

impl fmt::Display for EngineChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EngineChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Mistral, Self::Local, Self::Auto]
            .into_iter()
            .find(|choice| choice.as_str() == text)
            .ok_or_else(|| "takes mistral, local or auto".into())
    }
}
