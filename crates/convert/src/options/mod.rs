mod choice;
mod engine;
mod foreign;
mod table;
mod tokenizer;
mod write;

use serde::{Deserialize, Serialize};

use crate::PageRanges;
pub use engine::OcrEngine;
pub use foreign::{ForeignFormat, OcrPageOptions, OutputForm, ScoreGranularity, SeparateTables};
pub use table::{OptionValues, OutputOption};
pub use tokenizer::{Tokenizer, TokenizerName};
pub use write::{
    Attachments, Boilerplate, ChunkContext, ChunkOptions, Comments, Furniture, Hidden, Images, OutputFormat,
    PageBreaks, Places, Revisions, TableChunks, Tables, WriteOptions,
};

/// Document to convert.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Content of the file.
    pub bytes: &'a [u8],
    /// File name, which decides the format where the content does not. May be empty or wrong.
    pub name: &'a str,
}

/// Options of a conversion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// Pages to convert: slides, sheets and chapters too; `None` for all. A format without pages refuses it.
    pub pages: Option<PageRanges>,
    /// Use of OCR.
    pub ocr: OcrMode,
    /// Engine of OCR.
    pub ocr_engine: OcrEngine,
    /// Languages for OCR.
    pub ocr_languages: OcrLanguages,
    /// Keeps the finished pages when the conversion is stopped. Observed by the caller that stops it, since the
    /// conversion ends with its process.
    pub partial: bool,
    /// Options of the outputs.
    pub output: WriteOptions,
}

/// Use of OCR.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OcrMode {
    /// On pages without a usable text layer.
    #[default]
    Auto,
    /// Never.
    Off,
    /// On every page that can be rendered, including those with a text layer.
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

/// OCR languages by their tesseract names: `eng`, `eng+deu`, `chi_sim`. The default is `eng`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OcrLanguages(String);

impl OcrLanguages {
    /// Languages joined by `+`, safe as a program argument.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Iterates over the languages.
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

#[cfg(test)]
mod tests {
    use super::{OcrLanguages, OcrMode};

    #[test]
    fn languages_are_names_joined_by_plus_signs() {
        let eight = "eng+deu+fra+ita+spa+por+nld+swe";
        for (text, languages) in [
            ("eng", 1),
            ("eng+deu", 2),
            ("chi_sim", 1),
            ("chi_tra_vert+jpn", 2),
            ("Latin", 1),
            (eight, 8),
        ] {
            let parsed: OcrLanguages = text.parse().unwrap();
            assert_eq!((parsed.as_str(), parsed.iter().count()), (text, languages));
        }
    }

    #[test]
    fn what_could_be_an_option_or_a_path_is_no_language() {
        let nine = "eng+deu+fra+ita+spa+por+nld+swe+fin";
        let long = "e".repeat(33);
        for text in [
            "",
            "+",
            "eng+",
            "+eng",
            "eng++deu",
            "e",
            "-l",
            "--psm",
            "1eng",
            "_eng",
            "eng deu",
            "eng,deu",
            "../eng",
            "eng/deu",
            "eng.traineddata",
            "eng\0",
            "eng\n",
            "\u{e9}ng",
            nine,
            &long,
        ] {
            assert!(text.parse::<OcrLanguages>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn modes_are_written_in_small_letters() {
        for (text, mode) in [
            ("auto", Ok(OcrMode::Auto)),
            ("off", Ok(OcrMode::Off)),
            ("force", Ok(OcrMode::Force)),
            ("Auto", Err(())),
            ("on", Err(())),
            ("", Err(())),
        ] {
            assert_eq!(text.parse::<OcrMode>().map_err(drop), mode, "{text:?}");
        }
    }
}
