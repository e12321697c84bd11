use std::panic::{AssertUnwindSafe, catch_unwind};

use ilios_ocr::Reading;

use super::languages::has_foreign;
use crate::{OcrEngine, Options};

/// Reason of a picture that makes the networks panic.
pub(super) const BROKEN: &str = "the picture is broken";

/// Reading of a picture by networks, or the reason why there is none.
pub(crate) type NetworkReading = Result<Reading, String>;

/// Returns true if the networks of this crate are the first that read a picture.
pub(super) fn are_first(options: &Options) -> bool {
    ilios_ocr::is_available()
        && match options.ocr_engine {
            OcrEngine::Tesseract => false,
            OcrEngine::Builtin => true,
            OcrEngine::Auto => !has_foreign(&options.ocr_languages),
        }
}

/// Reading of networks, which must not end the conversion with a panic.
pub(super) fn by_networks(networks: impl FnOnce() -> NetworkReading) -> NetworkReading {
    catch_unwind(AssertUnwindSafe(networks)).unwrap_or_else(|_| Err(BROKEN.into()))
}
