use std::ops::ControlFlow;

use hayro::hayro_syntax::object::DateTime;
use unpdf::{PageSelection, PageStreamOptions, ParseEvent, PdfParser};

use super::source::{Source, guarded};
use crate::Metadata;

/// What the document says of itself.
pub(super) fn read(source: &Source) -> Metadata {
    let said = source.text.as_ref().and_then(said).unwrap_or_default();
    let dates = source.picture.as_ref().map(|pdf| pdf.metadata());
    let date = |from: Option<&DateTime>| from.map(rfc3339);
    Metadata {
        title: said.title.and_then(nonblank),
        author: said.author.and_then(nonblank),
        created: dates.and_then(|said| date(said.creation_date.as_ref())),
        modified: dates.and_then(|said| date(said.modification_date.as_ref())),
        page_count: Some(source.page_count()),
    }
}

/// The library tells the metadata at the start of a stream of pages; the first page is enough to start it.
fn said(parser: &PdfParser) -> Option<unpdf::Metadata> {
    let options = PageStreamOptions {
        parallel: false,
        pages: PageSelection::Pages(vec![1]),
        ..Default::default()
    };
    let mut said = None;
    guarded(|| {
        parser.for_each_page(options, |event| {
            if let ParseEvent::DocumentStart { metadata, .. } = event {
                said = Some(metadata);
            }
            ControlFlow::Break(())
        })
    })?
    .ok()?;
    said
}

fn nonblank(text: String) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn rfc3339(date: &DateTime) -> String {
    let DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
        utc_offset_hour,
        utc_offset_minute,
    } = *date;
    let sign = if utc_offset_hour < 0 { '-' } else { '+' };
    let local = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    match (utc_offset_hour.unsigned_abs(), utc_offset_minute) {
        (0, 0) => format!("{local}Z"),
        (hours, minutes) => format!("{local}{sign}{hours:02}:{minutes:02}"),
    }
}
