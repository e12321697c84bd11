use serde::{Deserialize, Serialize};

use crate::PageRanges;

/// The document to convert.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The whole file.
    pub bytes: &'a [u8],
    /// The file's name, which decides the type where the bytes do not. May be empty or wrong.
    pub name: &'a str,
}

/// What the caller wants of a conversion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// The pages to convert; all when absent. Formats without pages ignore it.
    pub pages: Option<PageRanges>,
    /// When to recognize text in pictures.
    pub ocr: OcrMode,
    /// What the pictures' text may be written in.
    pub ocr_languages: OcrLanguages,
    /// Keep the pages that are done when the conversion is stopped. A conversion does not know of its end: whoever
    /// stops it heeds this.
    pub partial: bool,
}

/// When to recognize text in pictures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OcrMode {
    /// Where a page has no usable text of its own.
    #[default]
    Auto,
    /// Never.
    Off,
    /// On every page that can be rendered, also on those with text of their own.
    Force,
}

impl std::str::FromStr for OcrMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "off" => Ok(Self::Off),
            "force" => Ok(Self::Force),
            _ => Err("takes auto, off or force".into()),
        }
    }
}

/// OCR languages as tesseract names them: `eng`, `eng+deu`, `chi_sim`. `eng` by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OcrLanguages(String);

impl OcrLanguages {
    /// The languages joined by `+`, safe as one program argument.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The languages one by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split('+')
    }
}

impl Default for OcrLanguages {
    fn default() -> Self {
        Self("eng".into())
    }
}

impl std::str::FromStr for OcrLanguages {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = |part: &str| {
            (2..=32).contains(&part.len())
                && part.starts_with(|c: char| c.is_ascii_alphabetic())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let parts: Vec<&str> = text.split('+').collect();
        if parts.len() > 8 || !parts.iter().all(|part| name(part)) {
            return Err("takes up to 8 language names of tesseract joined by +, such as eng+deu".into());
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for OcrLanguages {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<OcrLanguages> for String {
    fn from(languages: OcrLanguages) -> Self {
        languages.0
    }
}
