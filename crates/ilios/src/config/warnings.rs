use super::Raw;
use super::keys::{self, MIN_KEY_LENGTH};

/// Warnings about settings that are valid and probably a mistake. They show no value.
pub(super) fn of(raw: &Raw) -> Vec<String> {
    let keys = keys::short(raw.get("API_KEY").unwrap_or_default());
    let encryption = ["DB_ENCRYPTION_KEY", "NEW_DB_ENCRYPTION_KEY"]
        .into_iter()
        .filter(|name| {
            raw.get(name)
                .is_some_and(|key| key.chars().count() < MIN_KEY_LENGTH)
        })
        .map(|name| format!("{name} has fewer than {MIN_KEY_LENGTH} characters and can be guessed"));
    let pages = raw.get("CORS_ORIGINS") == Some("*") && raw.get("API_KEY").is_none();
    let pages = pages.then(|| {
        "CORS_ORIGINS=* without API_KEY: every web page that somebody opens can read and change everything".to_owned()
    });
    let misspelt = raw
        .misspelt()
        .into_iter()
        .map(|(name, meant)| format!("{} is not read; did you mean {meant}?", name.escape_debug()));
    keys.into_iter()
        .chain(encryption)
        .chain(pages)
        .chain(misspelt)
        .collect()
}
