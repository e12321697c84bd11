use axum::http::HeaderMap;
use ilios_convert::{OcrLanguages, OcrMode};

use crate::http::respond::content_disposition::attachment_name;
use crate::http::respond::problem::Problem;
use crate::model::{ConversionOptions, FileName};

/// Options of a conversion that the headers of a request ask for; the other ones of Tika's parsers say nothing here.
pub(super) fn options(headers: &HeaderMap) -> Result<ConversionOptions, Problem> {
    let mut options = ConversionOptions::default();
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    let reading = &mut options.reading;
    match text("x-tika-pdfocrstrategy")
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("no_ocr") => reading.ocr = OcrMode::Off,
        Some("ocr_only") => reading.ocr = OcrMode::Force,
        None | Some("auto" | "ocr_and_text_extraction" | "ocr_and_text") => {}
        Some(_) => {
            return Err(Problem::invalid(
                "x-tika-pdfocrstrategy",
                "takes no_ocr, ocr_only, ocr_and_text_extraction or auto",
            ));
        }
    }
    if text("x-tika-ocrskipocr").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        reading.ocr = OcrMode::Off;
    }
    if let Some(languages) = text("x-tika-ocrlanguage").filter(|languages| !languages.is_empty()) {
        let languages: Result<OcrLanguages, String> = languages.parse();
        reading.ocr_languages = languages.map_err(|takes| Problem::invalid("x-tika-ocrlanguage", takes))?;
    }
    Ok(options)
}

/// The name of the file, which some clients send as Python prints bytes: `b'a.pdf'`.
pub(super) fn file_name(headers: &HeaderMap) -> Option<FileName> {
    let disposition = headers.get("content-disposition");
    let name = disposition.and_then(|value| attachment_name(value.as_bytes()));
    let plain = headers
        .get("file-name")
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let name = name.or(plain)?;
    let printed = |quote: char| name.strip_prefix('b')?.strip_prefix(quote)?.strip_suffix(quote);
    let bare = printed('\'').or_else(|| printed('"')).unwrap_or(&name);
    (!bare.trim().is_empty()).then(|| FileName::clean(bare))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};
    use ilios_convert::OcrMode;

    use super::{file_name, options};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            let name = name.parse().expect("a name");
            (name, HeaderValue::from_static(value))
        });
        pairs.collect()
    }

    #[test]
    fn names_may_be_bytes_of_python() {
        for (sent, name) in [
            ("attachment; filename=b'sample.pdf'", Some("sample.pdf")),
            ("attachment; filename=x.csv", Some("x.csv")),
            ("attachment; filename*=UTF-8''n%C3%A4.pdf", Some("nä.pdf")),
            ("attachment; filename=b''", None),
            ("attachment", None),
        ] {
            let named = file_name(&headers(&[("content-disposition", sent)]));
            assert_eq!(named.as_ref().map(|name| name.as_str()), name, "{sent}");
        }
        assert_eq!(
            file_name(&headers(&[("file-name", "a.txt")]))
                .expect("a name")
                .as_str(),
            "a.txt"
        );
    }

    #[test]
    fn headers_say_whether_to_read_pictures() {
        for (name, value, ocr) in [
            ("x-tika-ocrskipocr", "true", OcrMode::Off),
            ("x-tika-ocrskipocr", "false", OcrMode::Auto),
            ("x-tika-pdfocrstrategy", "no_ocr", OcrMode::Off),
            ("x-tika-pdfocrstrategy", "OCR_ONLY", OcrMode::Force),
            ("x-tika-pdfextractinlineimages", "true", OcrMode::Auto),
        ] {
            let read = options(&headers(&[(name, value)])).expect("options");
            assert_eq!(read.reading.ocr, ocr, "{name}: {value}");
        }
        let languages = options(&headers(&[("x-tika-ocrlanguage", "deu+eng")])).expect("options");
        assert_eq!(languages.reading.ocr_languages.as_str(), "deu+eng");
        assert!(options(&headers(&[("x-tika-ocrlanguage", "--psm")])).is_err());
        assert!(options(&headers(&[("x-tika-pdfocrstrategy", "never")])).is_err());
    }
}
