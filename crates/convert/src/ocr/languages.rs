use crate::OcrLanguages;

/// Languages of scripts that the networks do not know, by the first letters of their names.
const FOREIGN: [&str; 62] = [
    "amh",
    "ara",
    "asm",
    "aze_cyrl",
    "bel",
    "ben",
    "bod",
    "bul",
    "chr",
    "cyrillic",
    "arabic",
    "armenian",
    "bengali",
    "devanagari",
    "div",
    "dzo",
    "ell",
    "ethiopic",
    "fas",
    "georgian",
    "grc",
    "greek",
    "guj",
    "gujarati",
    "gurmukhi",
    "hangul",
    "heb",
    "hebrew",
    "hin",
    "hye",
    "iku",
    "japanese",
    "jpn",
    "kan",
    "kannada",
    "kat",
    "kaz",
    "khm",
    "kir",
    "kor",
    "lao",
    "mal",
    "mar",
    "mkd",
    "mon",
    "mya",
    "nep",
    "ori",
    "pan",
    "pus",
    "rus",
    "san",
    "sin",
    "snd",
    "srp",
    "syr",
    "tam",
    "tel",
    "tgk",
    "tha",
    "ukr",
    "urd",
];

/// Returns true if one of the languages is in a script that the networks do not know.
pub(super) fn has_foreign(languages: &OcrLanguages) -> bool {
    languages.iter().any(is_foreign)
}

/// Returns true for the name, as tesseract has it, of a language in a script that the networks of this crate do not know,
/// or of such a script.
#[must_use]
pub fn is_foreign(language: &str) -> bool {
    let language = language.to_ascii_lowercase();
    FOREIGN.iter().any(|foreign| language.starts_with(foreign))
}
