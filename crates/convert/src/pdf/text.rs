use std::ops::ControlFlow;

use unpdf::render::{RenderOptions, to_markdown};
use unpdf::{Document, Page, PageSelection, PageStreamOptions, ParseEvent, PdfParser};

use super::headings;
use super::source::guarded;

/// Reads the text layer of the 1-based `pages` (ascending) and hands each page over as it is read, in
/// order, so that only one is in memory; `Err` says why a page could not be read.
///
/// The library stops at a panic; reading goes on behind the page that caused it.
pub(super) fn for_each_page(
    parser: &PdfParser,
    pages: &[u32],
    mut receive: impl FnMut(u32, Result<Page, String>),
) {
    let mut done = 0;
    while let Some(rest) = pages.get(done..).filter(|rest| !rest.is_empty()) {
        let before = done;
        let mut end = None;
        let finished = guarded(|| {
            parser.for_each_page(stream_options(rest), |event| {
                match event {
                    ParseEvent::PageParsed(page) => {
                        done += 1;
                        receive(page.number, Ok(page));
                    }
                    ParseEvent::PageFailed { page, error } => {
                        done += 1;
                        receive(page, Err(error.to_string()));
                    }
                    _ => {}
                }
                ControlFlow::Continue(())
            })
        });
        match finished {
            Some(Ok(_)) if done > before => {}
            Some(Ok(_)) => end = Some("the page is missing".to_owned()),
            Some(Err(error)) => end = Some(error.to_string()),
            None => end = Some("its content is broken".to_owned()),
        }
        if let (Some(reason), Some(&page)) = (end, pages.get(done)) {
            done += 1;
            receive(page, Err(reason));
        }
    }
}

fn stream_options(pages: &[u32]) -> PageStreamOptions {
    PageStreamOptions {
        parallel: false,
        pages: PageSelection::Pages(pages.to_vec()),
        ..Default::default()
    }
}

/// The page as Markdown.
pub(super) fn markdown(mut page: Page) -> Result<String, String> {
    headings::promote_bold(&mut page);
    let mut document = Document::new();
    document.add_page(page);
    guarded(|| to_markdown(&document, &RenderOptions::default()))
        .ok_or_else(|| "its content is broken".to_owned())?
        .map_err(|error| error.to_string())
}
