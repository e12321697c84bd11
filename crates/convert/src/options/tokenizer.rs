use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Tokenizer by which chunks are measured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Tokenizer {
    /// That of GPT-4 and of OpenAI's embeddings.
    #[default]
    Cl100kBase,
    /// That of GPT-4o and later models.
    O200kBase,
    /// Characters: code points.
    Characters,
    /// One of the installation.
    Installed(TokenizerName),
}

/// Name of a tokenizer of the installation: up to 64 ASCII letters, digits, points, hyphens and underscores, the first of
/// them a letter or a digit. It can stand for a file and leads to no other folder.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenizerName(String);

impl Tokenizer {
    /// Names of those that are built in, the default first.
    pub const NAMES: &'static [&'static str] = &["cl100k_base", "o200k_base", "characters"];

    /// Name in every interface.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Cl100kBase => "cl100k_base",
            Self::O200kBase => "o200k_base",
            Self::Characters => "characters",
            Self::Installed(name) => name.as_str(),
        }
    }
}

impl TokenizerName {
    /// Bytes of a name, at most.
    pub const MAX_BYTES: usize = 64;

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TokenizerName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let is_name = text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.len() <= Self::MAX_BYTES
            && text.chars().all(is_part);
        is_name.then(|| Self(text.to_owned())).ok_or_else(|| {
            let built_in = Tokenizer::NAMES.join(", ");
            format!("takes {built_in}, or the name of a tokenizer of the installation")
        })
    }
}

impl fmt::Display for TokenizerName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Tokenizer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "cl100k_base" => Self::Cl100kBase,
            "o200k_base" => Self::O200kBase,
            "characters" => Self::Characters,
            name => Self::Installed(name.parse()?),
        })
    }
}

impl TryFrom<String> for Tokenizer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Tokenizer> for String {
    fn from(tokenizer: Tokenizer) -> Self {
        tokenizer.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Tokenizer;

    #[test]
    fn a_name_leads_to_no_other_folder() {
        let long = "a".repeat(65);
        for text in [
            "", ".", "..", "../x", "a/b", "a\\b", ".hidden", "a b", "ä", "a\0", &long,
        ] {
            assert!(text.parse::<Tokenizer>().is_err(), "{text:?}");
        }
        for text in ["bge-m3", "all-MiniLM-L6-v2", "qwen2.5", "cl100k_base"] {
            let parsed: Tokenizer = text.parse().expect(text);
            assert_eq!(parsed.as_str(), text);
        }
    }

    #[test]
    fn stored_options_hold_the_name() {
        for text in ["\"o200k_base\"", "\"bge-m3\""] {
            let read: Tokenizer = serde_json::from_str(text).expect(text);
            assert_eq!(serde_json::to_string(&read).expect("JSON"), text);
        }
        assert!(serde_json::from_str::<Tokenizer>("\"../x\"").is_err());
    }
}
