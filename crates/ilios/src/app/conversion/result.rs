use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

use ilios_convert::{Conversion, Page};

use super::ignored_options::ignored_options;
use crate::app::usage::page_count;
use crate::billing::Prices;
use crate::engine::{Converted, MISTRAL};
use crate::model::{
    ConversionOptions, DocumentContent, DocumentImage, DocumentMetadata, Id, PageInfo, ServiceUse,
};

/// Metadata to store for a conversion, beside its content. Its warnings include those about `options` that were not
/// followed.
#[must_use]
pub fn metadata(
    converted: Converted,
    options: &ConversionOptions,
    prices: &Prices,
    took: Duration,
) -> DocumentMetadata {
    let ignored_options = ignored_options(options, &converted);
    DocumentMetadata {
        service: service_use(&converted, prices),
        fallback: converted.fallback,
        imported: None,
        engine: converted.engine.to_owned(),
        model: converted.model,
        format: converted.conversion.format,
        extracted_pages: page_count(&converted.conversion),
        processing_time_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        source: converted.conversion.metadata,
        warnings: converted
            .conversion
            .warnings
            .into_iter()
            .chain(ignored_options)
            .collect(),
        partial: converted.conversion.partial,
    }
}

fn service_use(converted: &Converted, prices: &Prices) -> Option<ServiceUse> {
    let service_output = converted.service_output.as_ref()?;
    let read = u32::try_from(service_output.pages.len()).unwrap_or(u32::MAX);
    let local_pages = page_count(&converted.conversion).saturating_sub(read);
    let price = prices.mistral(&service_output.model, service_output.in_batch);
    Some(ServiceUse {
        model: service_output.model.clone(),
        billed_pages: service_output.billed_pages,
        local_pages,
        cost_micro_cents: price.charge(service_output.billed_pages).total,
        avoided_cost_micro_cents: price.charge(local_pages).total,
    })
}

/// Joins the pages of a conversion and remembers where each lies in the whole. Links to pictures lead to this
/// server when the document has an `id`.
#[must_use]
pub fn content(converted: &Converted, id: Option<&Id>, options: &ConversionOptions) -> DocumentContent {
    let breaks = options.reading.output.page_breaks;
    let conversion = with_links(converted, id);
    let (markdown, spans) = conversion.markdown_with_spans(breaks);
    let service_output = |page: &Page| converted.service_output.as_ref()?.pages.get(&page.number);
    let page = |(page, span): (&Page, Range<usize>)| PageInfo {
        engine: service_output(page).map(|_| MISTRAL.to_owned()),
        header: service_output(page).and_then(|service_output| service_output.header.clone()),
        footer: service_output(page).and_then(|service_output| service_output.footer.clone()),
        boxes: service_output(page)
            .map(|service_output| service_output.boxes.clone())
            .unwrap_or_default(),
        confidence: page.confidence.map(|confidence| confidence.mean),
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

/// The conversion with links to the pictures of a service that lead to this server. The converter has written those to
/// its own.
fn with_links<'a>(converted: &'a Converted, id: Option<&Id>) -> Cow<'a, Conversion> {
    let mut conversion = Cow::Borrowed(&converted.conversion);
    let Some(id) = id else {
        return conversion;
    };
    for picture in converted.service_pictures() {
        let link = format!("]({})", picture.name);
        let address = format!("](/api/documents/{id}/images/{})", picture.name);
        for page in &mut conversion.to_mut().pages {
            if page.markdown.contains(&link) {
                page.markdown = page.markdown.replace(&link, &address);
            }
        }
    }
    conversion
}

/// The rows of the pictures that were kept.
pub(super) fn images(converted: &Converted) -> Vec<DocumentImage> {
    converted
        .pictures()
        .map(|picture| DocumentImage {
            name: picture.name.clone(),
            object_key: picture.object_key.clone(),
            mime_type: picture.mime_type.clone(),
            size: picture.size,
            pixels: picture.pixels,
        })
        .collect()
}
