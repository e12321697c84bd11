use std::fmt;

use super::printable::is_hidden;

/// A file name that is safe to store, to log and to send back: no path, no control characters, at most
/// 255 bytes, never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

const MAX_BYTES: usize = 255;
const UNNAMED: &str = "document";

impl FileName {
    /// Makes a name of what a client sent: the last part of a path, without control and invisible
    /// direction characters, cut to 255 bytes before its extension; `document` when nothing is left.
    #[must_use]
    pub fn clean(raw: &str) -> Self {
        let last = raw
            .rsplit(['/', '\\'])
            .find(|part| !part.trim().is_empty())
            .unwrap_or_default();
        let visible: String = last.chars().filter(|&c| !is_hidden(c)).collect();
        let trimmed = visible.trim().trim_end_matches('.').trim_end();
        if trimmed.trim_matches('.').is_empty() {
            return Self(UNNAMED.into());
        }
        Self(shorten(trimmed))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name with another extension: `report.pdf` → `report.md`.
    #[must_use]
    pub fn with_extension(&self, extension: &str) -> Self {
        let (stem, _) = split_extension(&self.0);
        Self(shorten(&format!("{stem}.{extension}")))
    }
}

fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, ""),
    }
}

fn shorten(name: &str) -> String {
    if name.len() <= MAX_BYTES {
        return name.to_owned();
    }
    let (stem, extension) = split_extension(name);
    let end = stem.floor_char_boundary(MAX_BYTES - extension.len());
    format!("{}{extension}", &stem[..end])
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
