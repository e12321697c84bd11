use ilios_convert::{Format, OcrLanguages, OcrMode, Warning};

use crate::engine::{Converted, LOCAL, MISTRAL};
use crate::model::{ConversionOptions, EngineChoice};

/// Warnings about options that were set and not followed, one for each, beginning with the name of the field.
pub(super) fn ignored_options(options: &ConversionOptions, converted: &Converted) -> Vec<Warning> {
    let ignored = options.ignored.iter();
    let mut words: Vec<String> = ignored
        .map(|name| format!("{name}: is not known here and was ignored"))
        .collect();
    words.extend(of_reading(options, converted).into_iter().map(str::to_owned));
    words.extend(of_service(options, converted));
    words.into_iter().map(Warning::document).collect()
}

/// Warnings about options of reading, which are meant for every engine.
fn of_reading(options: &ConversionOptions, converted: &Converted) -> Vec<&'static str> {
    let format = converted.conversion.format;
    let is_picture = format.mime_type().starts_with("image/");
    let has_page_images = is_picture || format == Format::Pdf;
    let by_mistral = converted.engine == MISTRAL;
    // Other formats without pages to choose from are refused.
    let ignores_pages = if by_mistral {
        format != Format::Pdf
    } else {
        is_picture && format != Format::Tiff
    };
    let reading = &options.reading;
    let mut words = Vec::new();
    if options.include_images && is_picture && !by_mistral {
        words.push("images: the document is a picture itself, and none was taken out of it");
    }
    if reading.pages.is_some() && ignores_pages {
        words.push("pages: this document has no pages to choose from; all of it was converted");
    }
    if reading.ocr == OcrMode::Force && !has_page_images && !by_mistral {
        words.push("ocr: this document has no pages that OCR could look at");
    }
    if reading.ocr == OcrMode::Off && by_mistral {
        words.push("ocr: Mistral reads every page by OCR");
    }
    if reading.ocr_languages != OcrLanguages::default() && (by_mistral || !has_page_images) {
        words
            .push("ocrLanguages: only OCR of this server heeds them, and it has not looked at this document");
    }
    words
}

/// Warnings about options that only the paid service can follow.
fn of_service(options: &ConversionOptions, converted: &Converted) -> Vec<String> {
    if converted.engine == MISTRAL {
        return Vec::new();
    }
    let asked = [
        ("extractHeader", "takes out headers", options.extract_header),
        ("extractFooter", "takes out footers", options.extract_footer),
    ];
    let asked = asked.into_iter().filter(|(_, _, asked)| *asked);
    let whole = converted.engine == LOCAL;
    let mut words: Vec<String> = asked
        .map(|(name, does, _)| {
            let of_it = if whole {
                "this document"
            } else {
                "some of the pages"
            };
            format!("{name}: only Mistral {does}, and {of_it} was converted without it")
        })
        .collect();
    if options.engine == Some(EngineChoice::Mistral) && whole && converted.fallback.is_none() {
        words.push("engine: Mistral does not take this type; the local engine has converted it".into());
    }
    words
}
