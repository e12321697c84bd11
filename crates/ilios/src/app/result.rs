use std::ops::Range;
use std::time::Duration;

use ilios_convert::{Conversion, Page};

use crate::engine::Converted;
use crate::model::{DocumentContent, DocumentMetadata, PageInfo};

/// Pages that were converted.
pub(super) fn page_count(conversion: &Conversion) -> u32 {
    u32::try_from(conversion.pages.len()).unwrap_or(u32::MAX)
}

/// What is kept of a conversion beside its content.
#[must_use]
pub fn metadata(converted: Converted, took: Duration) -> DocumentMetadata {
    DocumentMetadata {
        engine: converted.engine.to_owned(),
        model: converted.model,
        format: converted.conversion.format,
        extracted_pages: page_count(&converted.conversion),
        processing_time_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        source: converted.conversion.metadata,
        warnings: converted.conversion.warnings,
        partial: converted.conversion.partial,
    }
}

/// Joins the pages of a conversion and remembers where each lies in the whole.
#[must_use]
pub fn content(conversion: &Conversion) -> DocumentContent {
    let (markdown, spans) = conversion.markdown_with_spans();
    let page = |(page, span): (&Page, Range<usize>)| PageInfo {
        number: page.number,
        kind: page.kind,
        width: page.width,
        height: page.height,
        start: span.start,
        end: span.end,
    };
    DocumentContent {
        pages: conversion.pages.iter().zip(spans).map(page).collect(),
        markdown,
    }
}
