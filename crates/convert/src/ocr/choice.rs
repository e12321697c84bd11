use image::GrayImage;

use super::tesseract::tsv;
use super::{Recognized, Text};
use crate::image::png;
use crate::{Host, OcrEngine, OcrError, OcrLanguages, OcrRequest, Options};

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

/// Recognizes one image.
///
/// # Errors
/// As [`Host::recognize`].
pub(crate) fn recognize(
    host: &mut dyn Host,
    image: &GrayImage,
    dpi: u32,
    options: &Options,
) -> Result<Recognized, OcrError> {
    let languages = &options.ocr_languages;
    match options.ocr_engine {
        OcrEngine::Tesseract => by_tesseract(host, image, dpi, languages),
        OcrEngine::Builtin => by_networks(host, image, false),
        OcrEngine::Auto if !ilios_ocr::is_available() => by_tesseract(host, image, dpi, languages),
        OcrEngine::Auto if is_foreign(languages) => match by_tesseract(host, image, dpi, languages) {
            Err(OcrError::Unavailable(_)) => by_networks(host, image, true),
            recognized => recognized,
        },
        OcrEngine::Auto => by_networks(host, image, false),
    }
}

fn by_networks(host: &mut dyn Host, image: &GrayImage, foreign: bool) -> Result<Recognized, OcrError> {
    if !ilios_ocr::is_available() {
        return Err(OcrError::Unavailable(
            "this program was built without its own OCR; scripts/fetch-ocr-models.sh fetches what a build needs for it"
                .into(),
        ));
    }
    host.on_recognition();
    let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| ilios_ocr::read(image)));
    let reading = read
        .unwrap_or_else(|_| Err("the picture is broken".into()))
        .map_err(OcrError::Failed)?;
    Ok(Recognized {
        text: Text::BuiltIn(reading),
        foreign,
    })
}

fn by_tesseract(
    host: &mut dyn Host,
    image: &GrayImage,
    dpi: u32,
    languages: &OcrLanguages,
) -> Result<Recognized, OcrError> {
    let png = png(image).map_err(OcrError::Failed)?;
    let tsv = host.recognize(OcrRequest {
        png: &png,
        dpi,
        languages,
    })?;
    Ok(Recognized {
        text: Text::Tesseract(tsv::lines(&tsv)),
        foreign: false,
    })
}

/// Returns true if one of the languages is in a script that the networks do not know.
fn is_foreign(languages: &OcrLanguages) -> bool {
    languages
        .iter()
        .map(str::to_ascii_lowercase)
        .any(|language| FOREIGN.iter().any(|foreign| language.starts_with(foreign)))
}
