//! A conversion as its child sends it, page by page.

use bytes::Bytes;
use ilios_convert::{Conversion, DocumentInfo, Page, PageRanges, Partial, Warning};
use ilios_sandbox::FrameError;

use super::frame_collector::{FrameCollector, Step};
use super::frame_lists::WarningFields;
use super::picture_keeper::{KeptPictures, PictureKeeper};
use super::protocol::{FromChild, ProtocolError};
use super::{EngineError, PageModels, Progress, StoredImage};

/// The most bytes of a frame with a picture to recognize: 100 megapixels of text compress to far less.
const MAX_PICTURE_BYTES: usize = 256 << 20;

/// Page numbers between the last page that is done and the one ahead, at the most: few, but not all may be chosen.
const MAX_LOOKAHEAD_PAGES: usize = 10_000;

/// Conversion with the models of its pages.
pub(super) struct Collected {
    pub(super) conversion: Conversion,
    pub(super) models: PageModels,
    /// Its pictures that are stored.
    pub(super) pictures: Vec<StoredImage>,
}

/// Collects the pages of one conversion.
pub(super) struct PageCollector {
    progress: Progress,
    document: Option<DocumentInfo>,
    /// Page that is read ahead of its turn now.
    lookahead: Option<u32>,
    pages: Vec<Page>,
    models: PageModels,
    /// Bytes of the models.
    model_bytes: usize,
    pictures: PictureKeeper,
    /// Pictures of pages that another child has converted.
    others: KeptPictures,
    warnings: Vec<Warning>,
    /// Memory that the pages and warnings take, about.
    bytes: usize,
    /// Bytes that all pages together may have, and their models as many: the child counts, too, but it may be compromised.
    max_bytes: usize,
}

impl PageCollector {
    pub(super) fn new(progress: Progress, max_bytes: usize, pictures: PictureKeeper) -> Self {
        Self {
            progress,
            document: None,
            lookahead: None,
            pages: Vec::new(),
            models: PageModels::default(),
            model_bytes: 0,
            pictures,
            others: KeptPictures::default(),
            warnings: Vec::new(),
            bytes: 0,
            max_bytes,
        }
    }

    /// The pages that were looked at without harm before one ahead of them ended the conversion, and are not here yet.
    pub(super) fn unfinished_pages(&self, chosen: Option<&PageRanges>) -> Option<PageRanges> {
        let lookahead = self.lookahead?;
        let done = self.pages.last().map_or(0, |page| page.number);
        // A compromised child may name any page.
        let looked_at = (done.saturating_add(1)..lookahead).take(MAX_LOOKAHEAD_PAGES);
        PageRanges::of(looked_at.filter(|page| chosen.is_none_or(|chosen| chosen.contains(*page))))
    }

    /// Adds pages that another child has converted.
    pub(super) fn add(&mut self, collected: Collected) {
        let Collected {
            conversion,
            models,
            pictures,
        } = collected;
        self.models.extend(models);
        self.others.extend(KeptPictures {
            images: conversion.images,
            stored: pictures,
        });
        self.pages.extend(conversion.pages);
        self.warnings.extend(conversion.warnings);
    }

    /// The partial result of a conversion that `error` has ended; `None` when no page has text.
    pub(super) fn into_partial(mut self, error: &EngineError) -> Option<Collected> {
        let document = self.document.take()?;
        let last_page = self.pages.last()?.number;
        if self.pages.iter().all(|page| page.markdown.is_empty()) {
            return None;
        }
        let kept = self.kept();
        let mut warnings = self.warnings;
        warnings.push(Warning::document(format!(
            "the pages after page {last_page} are missing: {error}"
        )));
        let conversion = Conversion {
            format: document.format,
            metadata: document.metadata,
            pages: self.pages,
            images: kept.images,
            warnings,
            partial: Some(Partial {
                reason: error.code().to_owned(),
                last_page,
            }),
        };
        Some(Collected {
            conversion,
            models: self.models,
            pictures: kept.stored,
        })
    }

    fn kept(&mut self) -> KeptPictures {
        let mut kept = self.pictures.take();
        kept.extend(std::mem::take(&mut self.others));
        kept
    }

    fn page(
        &mut self,
        page: Page,
        model: &[u8],
        warnings: Vec<Warning>,
        frame_bytes: usize,
    ) -> Result<(), ProtocolError> {
        self.model_bytes = self.model_bytes.saturating_add(model.len());
        if self.model_bytes > self.max_bytes {
            return Err(ProtocolError::Frame(FrameError::TooLarge {
                bytes: self.model_bytes,
                limit: self.max_bytes,
            }));
        }

        // An empty page, or warning, takes a few bytes of a frame and many times as much of memory.
        let fixed = size_of::<Page>() + warnings.len() * size_of::<Warning>();
        self.bytes = self
            .bytes
            .saturating_add(frame_bytes.saturating_sub(model.len()) + fixed);
        if self.bytes > self.max_bytes {
            return Err(ProtocolError::Frame(FrameError::TooLarge {
                bytes: self.bytes,
                limit: self.max_bytes,
            }));
        }
        self.models.insert(page.number, Bytes::copy_from_slice(model));
        self.pages.push(page);
        self.warnings.extend(warnings);
        self.progress.page();
        Ok(())
    }
}

impl FrameCollector<Collected> for PageCollector {
    fn max_frame_bytes(&self) -> usize {
        // A page comes with its model.
        self.max_bytes.saturating_mul(2).max(MAX_PICTURE_BYTES)
    }

    async fn take(
        &mut self,
        message: FromChild<'_>,
        frame: &Bytes,
    ) -> Result<Step<Collected>, ProtocolError> {
        match message {
            FromChild::Started {
                format,
                metadata,
                pages,
            } => {
                self.progress.begin(pages);
                self.document = Some(DocumentInfo {
                    format,
                    metadata,
                    pages,
                });
            }
            FromChild::PageStart { page, lookahead } => self.lookahead = lookahead.then_some(page),
            FromChild::Page {
                page,
                model,
                warnings,
            } => {
                self.page(page.into(), model.0, read(warnings), frame.len())?;
            }
            FromChild::Picture(picture) => self.pictures.keep(picture).await?,
            FromChild::Converted {
                format,
                metadata,
                warnings,
            } => {
                let kept = self.kept();
                let conversion = Conversion {
                    format,
                    metadata,
                    pages: std::mem::take(&mut self.pages),
                    images: kept.images,
                    warnings: read(warnings),
                    partial: None,
                };
                return Ok(Step::Done(Collected {
                    conversion,
                    models: std::mem::take(&mut self.models),
                    pictures: kept.stored,
                }));
            }
            _ => return Err(ProtocolError::Unexpected),
        }
        Ok(Step::More)
    }
}

fn read(warnings: Vec<WarningFields>) -> Vec<Warning> {
    warnings.into_iter().map(Warning::from).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use ilios_convert::{Limits, Page, PageKind, Warning};

    use super::{FrameCollector, PageCollector, PictureKeeper, ProtocolError};
    use crate::engine::frame_lists::WarningFields;
    use crate::engine::protocol::{Body, FromChild, PageFields, decode, encode};
    use crate::engine::{Artifacts, Progress};

    const MAX_BYTES: usize = 1 << 20;

    /// Sends the same page again and again, and returns how many were taken.
    async fn taken(warnings: usize, model: &[u8]) -> usize {
        let page = Page::new(1, PageKind::Empty);
        let warning = Warning::document("");
        let message = FromChild::Page {
            page: PageFields::from(&page),
            model: Body(model),
            warnings: (0..warnings).map(|_| WarningFields::from(&warning)).collect(),
        };
        let frame = Bytes::from(encode(&message).unwrap());
        let pictures = PictureKeeper::new(Artifacts::default(), &Limits::default());
        let mut collector = PageCollector::new(Progress::default(), MAX_BYTES, pictures);
        for count in 0.. {
            match collector.take(decode(&frame).unwrap(), &frame).await {
                Ok(_) => assert!(count < MAX_BYTES, "it takes pages without end"),
                Err(ProtocolError::Frame(_)) => return count,
                Err(error) => panic!("{error}"),
            }
        }
        unreachable!("a loop without end")
    }

    #[tokio::test]
    async fn pages_and_warnings_without_text_have_an_end() {
        assert!(taken(0, b"").await * size_of::<Page>() <= MAX_BYTES);
        assert!(taken(100, b"").await * 100 * size_of::<Warning>() <= MAX_BYTES);
    }

    #[tokio::test]
    async fn models_of_pages_have_an_end_of_their_own() {
        let model = vec![0; MAX_BYTES / 4];
        assert_eq!(taken(0, &model).await, 4);
    }
}
