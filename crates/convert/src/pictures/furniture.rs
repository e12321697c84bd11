use std::collections::HashMap;

use super::Pictures;
use crate::ir::{BlockKind, Inline, Page};

/// Pages of a document, at least, on most of which a picture is decoration.
const MIN_PAGES: usize = 4;

/// Returns true for a picture that is on so many of so many pages that it is decoration.
pub(crate) fn is_on_most(count: usize, pages: usize) -> bool {
    pages >= MIN_PAGES && count * 2 > pages
}

/// Takes out the pictures that are on most of the pages: the logo of a deck, the ornament of each chapter.
pub(crate) fn without_repeated(pages: &mut [Page], pictures: &mut Pictures<'_>) {
    if pages.len() < MIN_PAGES || pictures.images.is_empty() {
        return;
    }
    let mut counts: HashMap<String, (usize, u32)> = HashMap::new();
    for page in &mut *pages {
        let number = page.number;
        each_name(page, &mut |name| {
            let (count, last) = counts.entry(name.clone()).or_default();
            if *last != number {
                (*count, *last) = (*count + 1, number);
            }
        });
    }
    counts.retain(|_, (count, _)| is_on_most(*count, pages.len()));
    if counts.is_empty() {
        return;
    }
    for page in &mut *pages {
        each_name(page, &mut |name| {
            if counts.contains_key(name.as_str()) {
                name.clear();
            }
        });
        page.blocks.retain(|block| {
            let is_bare = |figure: &crate::ir::Figure| {
                figure.image.as_deref() == Some("") && figure.alt.is_none() && figure.blocks.is_empty()
            };
            !matches!(&block.kind, BlockKind::Figure(figure) if is_bare(figure))
        });
        for block in &mut page.blocks {
            block.visit_mut(&mut |block| {
                if let BlockKind::Figure(figure) = &mut block.kind {
                    figure.image = figure.image.take().filter(|name| !name.is_empty());
                }
            });
        }
    }
    let before = pictures.images.len();
    pictures.images.retain(|image| !counts.contains_key(&image.name));
    pictures.note_decoration(u32::try_from(before - pictures.images.len()).unwrap_or(u32::MAX));
}

/// Calls `visit` for the name of each picture on the page.
fn each_name(page: &mut Page, visit: &mut impl FnMut(&mut String)) {
    for block in &mut page.blocks {
        block.visit_mut(&mut |block| {
            if let BlockKind::Figure(figure) = &mut block.kind
                && let Some(name) = &mut figure.image
            {
                visit(name);
            }
        });
        block.visit_inlines_mut(&mut |inlines| {
            for inline in inlines {
                if let Inline::Run(run) = inline
                    && let Some(name) = run.marks.as_mut().and_then(|marks| marks.image.as_mut())
                {
                    visit(name);
                }
            }
        });
    }
}
