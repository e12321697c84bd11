use std::time::Duration;

use ilios_convert::Format;

use crate::model::{Document, DocumentMetadata, EngineChoice};

/// Logs that a document was converted: of what type, how many pages, by what and in which time.
pub fn log_converted(metadata: &DocumentMetadata) {
    tracing::info!(
        format = metadata.format.extension(),
        pages = metadata.extracted_pages,
        engine = metadata.engine,
        milliseconds = metadata.processing_time_ms,
        warnings = metadata.warnings.len(),
        "converted"
    );
}

/// Logs that an attempt to convert `document` has come to nothing: `pages` were done by then.
pub fn log_not_converted(document: &Document, code: &str, error: &str, pages: Option<u32>, took: Duration) {
    let format = Format::all().find(|format| format.mime_type() == document.mime_type);
    tracing::info!(
        format = format.map(Format::extension),
        pages,
        engine = document.options.engine.map(EngineChoice::as_str),
        milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        code,
        error,
        "a conversion failed"
    );
}
