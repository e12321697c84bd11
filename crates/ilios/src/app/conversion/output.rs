use std::str::FromStr;

use crate::engine::Rendering;
use crate::model::FileName;

/// Format of a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OutputFormat {
    /// The Markdown itself.
    #[default]
    Markdown,
    /// Markdown, pages and metadata as one JSON object.
    Json,
    /// Plain text.
    Text,
    /// A sanitized HTML page.
    Html,
}

impl FromStr for OutputFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "markdown" => Ok(Self::Markdown),
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            "html" => Ok(Self::Html),
            _ => Err("takes markdown, json, text or html".into()),
        }
    }
}

impl OutputFormat {
    /// The media type of the output.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
            Self::Text => "text/plain; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    /// The extension of a file with the output.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Text => "txt",
            Self::Html => "html",
        }
    }

    /// Returns true if Markdown has to be parsed for this format, which takes a child process.
    #[must_use]
    pub fn needs_rendering(self) -> bool {
        matches!(self, Self::Text | Self::Html)
    }

    /// Rendering of Markdown for this format; `None` for Markdown and JSON, which hold it as it is.
    #[must_use]
    pub fn rendering(self, title: &FileName) -> Option<Rendering> {
        match self {
            Self::Markdown | Self::Json => None,
            Self::Text => Some(Rendering::Text),
            Self::Html => Some(Rendering::Html {
                title: title.to_string(),
            }),
        }
    }
}
