use super::mapping::Mapper;
use crate::ir::{Doubt, DoubtCode, Page, PageKind, Severity};
use crate::{ConvertError, PageRanges};

/// Pages of a document that are made one after the other.
pub(super) struct Pages<'m, 'b> {
    pub(super) mapper: Mapper<'m, 'b>,
    wanted: Option<&'m PageRanges>,
    pages: Vec<Page>,
}

/// Facts about a page beside its blocks.
#[derive(Debug, Default)]
pub(super) struct PageFacts {
    pub(super) label: Option<String>,
    /// Width and height in points.
    pub(super) size: Option<(f32, f32)>,
    /// The document hides the page.
    pub(super) hidden: bool,
    /// The document hides a part of it.
    pub(super) part_hidden: bool,
}

impl<'m, 'b> Pages<'m, 'b> {
    pub(super) fn new(mapper: Mapper<'m, 'b>, wanted: Option<&'m PageRanges>) -> Self {
        Self {
            mapper,
            wanted,
            pages: Vec::new(),
        }
    }

    /// Goes to a page; false if it was not asked for.
    pub(super) fn begin(&mut self, number: u32) -> bool {
        let wanted = self.wanted.is_none_or(|wanted| wanted.contains(number));
        if wanted {
            self.mapper.builder.begin_page(number);
            self.pages.push(Page::new(number, PageKind::Structure));
        }
        wanted
    }

    /// Finishes the page that was begun.
    pub(super) fn finish(&mut self, facts: PageFacts) -> Result<(), ConvertError> {
        let (blocks, mut doubts) = self.mapper.builder.finish_page_ahead()?;
        let Some(page) = self.pages.last_mut() else {
            return Ok(());
        };
        let hidden_text = std::mem::take(&mut self.mapper.hidden) > 0;
        if facts.hidden || facts.part_hidden || hidden_text {
            doubts.push(Doubt {
                code: DoubtCode::HiddenContent,
                severity: Severity::Low,
                message: "the document hides this page or a part of it".into(),
                share: None,
                blocks: Vec::new(),
            });
        }
        if blocks.is_empty() {
            page.kind = PageKind::Empty;
        }
        page.hidden = facts.hidden;
        page.label = facts.label.filter(|label| !label.trim().is_empty());
        (page.width, page.height) = facts.size.unzip();
        page.blocks = blocks;
        page.doubts = doubts;
        Ok(())
    }

    /// Returns the pages.
    ///
    /// # Errors
    /// `EmptyDocument`: the document has `count` pages, none of which was asked for.
    pub(super) fn into_pages(mut self, count: u32) -> Result<Vec<Page>, ConvertError> {
        if self.pages.is_empty() && self.wanted.is_some() {
            let reason = format!("none of the pages asked for exists; the document has {count}");
            return Err(ConvertError::EmptyDocument { reason });
        }
        for page in &mut self.pages {
            self.mapper.builder.resolve(&mut page.blocks);
        }
        Ok(self.pages)
    }
}
