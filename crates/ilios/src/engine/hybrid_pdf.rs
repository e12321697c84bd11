//! PDFs page by page: which engine reads which page, and their parts read by Mistral side by side.

use std::sync::Arc;

use futures::{FutureExt, StreamExt};
use ilios_convert::{
    ConvertError, Format, OcrMode, Page, PageAssessment, PageKind, PageRanges, PageVerdict, PartLimits,
};
use sha2::{Digest, Sha256};

use super::mistral::{DocumentSlice, MistralEngine, OcrPart};
use super::{Converted, Engine, EngineError, LocalEngine, Progress, Request};
use crate::model::EngineChoice;
use crate::spool::{Spool, Spooled};

/// A PDF that both engines convert, page by page.
pub(super) struct HybridPdf<'a> {
    pub(super) local: &'a LocalEngine,
    pub(super) mistral: &'a MistralEngine,
    pub(super) spool: &'a Spool,
    pub(super) request: &'a Request,
}

/// Assignment of the requested pages to the engines, by their 1-based numbers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageAssignment {
    /// Pages of the document.
    pub(super) count: u32,
    pub(super) by_mistral: Vec<u32>,
    pub(super) local: Vec<u32>,
}

/// Results of both engines for a PDF.
pub(super) struct HybridResult {
    pub(super) parts: Vec<OcrPart>,
    pub(super) local: Option<Converted>,
    /// Pages of the document.
    pub(super) count: Option<u32>,
}

/// A part of a document, or all of it.
enum Part {
    Whole,
    /// These pages alone.
    Pages(Vec<u32>),
}

impl PageAssignment {
    /// Divides the pages that `request` asks for.
    pub(super) fn of(verdicts: &[PageAssessment], request: &Request, choice: EngineChoice) -> Self {
        let count = u32::try_from(verdicts.len()).unwrap_or(u32::MAX);
        let reading = &request.options.reading;
        let asked = |page: &&PageAssessment| {
            let ranges = reading.pages.as_ref();
            ranges.is_none_or(|ranges| ranges.contains(page.number))
        };
        let needs_ocr = |page: &&PageAssessment| match (choice, reading.ocr) {
            (EngineChoice::Local, _) | (EngineChoice::Auto, OcrMode::Off) => false,
            (EngineChoice::Mistral, _) | (EngineChoice::Auto, OcrMode::Force) => true,
            (EngineChoice::Auto, OcrMode::Auto) => matches!(page.verdict, PageVerdict::NeedsOcr(_)),
        };
        let (ocr, text): (Vec<&PageAssessment>, Vec<&PageAssessment>) =
            verdicts.iter().filter(asked).partition(needs_ocr);
        let numbers = |pages: Vec<&PageAssessment>| pages.into_iter().map(|page| page.number).collect();
        Self {
            count,
            by_mistral: numbers(ocr),
            local: numbers(text),
        }
    }
}

impl HybridPdf<'_> {
    /// Assesses the pages and assigns them to the engines; `None` when that fails and Mistral is asked for all of them
    /// anyway.
    pub(super) async fn assign_pages(
        &self,
        choice: EngineChoice,
    ) -> Result<Option<PageAssignment>, EngineError> {
        match self.local.assess(self.request).await {
            Ok(verdicts) => Ok(Some(PageAssignment::of(&verdicts, self.request, choice))),
            Err(error) if choice != EngineChoice::Mistral || self.needs_pages() || is_final(&error) => {
                Err(error)
            }
            Err(error) => {
                tracing::info!(%error, "the pages of a PDF cannot be told; Mistral gets it as it is");
                Ok(None)
            }
        }
    }

    /// Returns true if Mistral cannot get the document as it is.
    fn needs_pages(&self) -> bool {
        let (file, limits) = (&self.request.file, self.mistral.limits());
        self.request.options.reading.pages.is_some() || file.size() > limits.document_bytes
    }

    /// Converts the PDF; `None` when nothing of it is Mistral's.
    pub(super) async fn convert(&self, choice: EngineChoice) -> Result<Option<HybridResult>, EngineError> {
        let Some(assignment) = self.assign_pages(choice).await? else {
            let part = self.read_slice(None, Arc::clone(&self.request.file)).await?;
            return Ok(Some(HybridResult {
                parts: vec![part],
                local: None,
                count: None,
            }));
        };
        if assignment.by_mistral.is_empty() {
            return Ok(None);
        }
        // No work is wasted while the service is away.
        self.mistral.ready()?;
        // First what costs nothing: a document that fails here is not paid for.
        let local = self.convert_local(&assignment.local).await?;
        self.report_start(&assignment);
        let parts = self.parts(&assignment).await?;
        Ok(Some(HybridResult {
            parts: self.read_parts(&parts, &assignment).await?,
            local,
            count: Some(assignment.count),
        }))
    }

    /// The pages with a sound text, read by the local engine.
    async fn convert_local(&self, pages: &[u32]) -> Result<Option<Converted>, EngineError> {
        let Some(ranges) = PageRanges::of(pages.iter().copied()) else {
            return Ok(None);
        };
        let mut request = self.request.clone();
        request.options.reading.pages = Some(ranges);
        request.options.reading.ocr = OcrMode::Off;
        // All of them or none: what is missing here would be missing in between.
        request.options.reading.partial = false;
        request.progress = Progress::default();
        match self.local.convert(&request).await {
            Ok(converted) => Ok(Some(converted)),
            // Pages on which there is nothing.
            Err(EngineError::Document(ConvertError::EmptyDocument { .. })) => {
                let empty = pages.iter().map(|number| Page::new(*number, PageKind::Empty));
                let conversion = ilios_convert::Conversion {
                    format: Format::Pdf,
                    metadata: ilios_convert::Metadata::default(),
                    pages: empty.collect(),
                    images: Vec::new(),
                    warnings: Vec::new(),
                    partial: None,
                };
                Ok(Some(Converted::local(conversion, "")))
            }
            Err(error) => Err(error),
        }
    }

    /// Divides Mistral's pages into requests that it accepts.
    async fn parts(&self, assignment: &PageAssignment) -> Result<Vec<Part>, EngineError> {
        let limits = self.mistral.limits();
        let at_once = if self.request.options.include_images {
            limits.part_pages.min(limits.pages_with_pictures)
        } else {
            limits.part_pages
        };
        let fits = |pages: u32| {
            let whole = assignment.by_mistral.len() == assignment.count as usize;
            whole && assignment.count <= pages && self.request.file.size() <= limits.document_bytes
        };
        if fits(at_once) {
            return Ok(vec![Part::Whole]);
        }
        match self.plan(&assignment.by_mistral, at_once).await {
            Ok(parts) => Ok(parts),
            Err(error) if fits(limits.pages) => {
                tracing::info!(%error, "a PDF cannot be cut; Mistral gets it as it is");
                Ok(vec![Part::Whole])
            }
            Err(error) => Err(error),
        }
    }

    /// Divides `pages` into parts of at most `most` of them.
    async fn plan(&self, pages: &[u32], most: u32) -> Result<Vec<Part>, EngineError> {
        let limits = self.mistral.limits();
        // Small ones travel inside their requests; only a page that is too large for that makes larger ones.
        let mut planned = Err(EngineError::LimitExceeded("a page is too large"));
        for bytes in [limits.inline_bytes, limits.document_bytes] {
            let part = PartLimits { pages: most, bytes };
            planned = self.local.plan(self.request, pages, part).await;
            if !matches!(
                planned,
                Err(EngineError::Document(ConvertError::LimitExceeded { .. }))
            ) {
                break;
            }
        }
        Ok(planned?.into_iter().map(|part| Part::Pages(part.pages)).collect())
    }

    /// Reads all parts, some at a time. Those that are done are kept before an error is passed on.
    async fn read_parts(
        &self,
        parts: &[Part],
        assignment: &PageAssignment,
    ) -> Result<Vec<OcrPart>, EngineError> {
        if let [Part::Whole] = parts {
            let numbers: Vec<u32> = (1..=assignment.count).collect();
            let part = self
                .read_slice(Some(&numbers), Arc::clone(&self.request.file))
                .await?;
            return Ok(vec![part]);
        }
        let mut read = Vec::new();
        let mut missing = Vec::new();
        for part in parts {
            let Part::Pages(pages) = part else { continue };
            match self.stored_part(pages).await? {
                Some(part) => {
                    self.report_done(pages.len());
                    read.push(part);
                }
                None => missing.push(pages.clone()),
            }
        }
        if !read.is_empty() {
            tracing::info!(
                kept = read.len(),
                missing = missing.len(),
                "goes on with the parts that are missing"
            );
        }
        let most = self.mistral.limits().document_bytes;
        let files = self.local.cut(self.request, &missing, most, self.spool).await?;
        let reading: Vec<_> = missing
            .iter()
            .zip(files)
            .map(|(pages, file)| self.part(pages, file).boxed())
            .collect();
        let mut reading = futures::stream::iter(reading).buffer_unordered(self.mistral.max_concurrency());
        let mut failed = None;
        while let Some(outcome) = reading.next().await {
            match outcome {
                Ok(part) => {
                    self.report_done(part.pages.len());
                    read.push(part);
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        match failed {
            None => Ok(read),
            Some(error) => Err(error),
        }
    }

    /// Tells how many pages there are, of which those that were read here are done.
    fn report_start(&self, assignment: &PageAssignment) {
        let all = assignment.by_mistral.len() + assignment.local.len();
        self.request
            .progress
            .begin(u32::try_from(all).unwrap_or(u32::MAX));
        self.report_done(assignment.local.len());
    }

    fn report_done(&self, pages: usize) {
        (0..pages).for_each(|_| self.request.progress.page());
    }

    /// Reads a part and keeps it.
    async fn part(&self, pages: &[u32], file: Arc<Spooled>) -> Result<OcrPart, EngineError> {
        let part = self.read_slice(Some(pages), file).await?;
        if let (Some(store), Ok(json)) = (self.request.artifacts.get(), serde_json::to_string(&part)) {
            let kept = store.put_part(self.part_key(pages), json).await;
            // It is not lost yet: the conversion goes on with it.
            if let Err(error) = kept {
                tracing::warn!(%error, "a finished part of a document could not be kept");
            }
        }
        Ok(part)
    }

    async fn stored_part(&self, pages: &[u32]) -> Result<Option<OcrPart>, EngineError> {
        let Some(store) = self.request.artifacts.get() else {
            return Ok(None);
        };
        let part = store.get_part(&self.part_key(pages)).await;
        let part = part.map_err(|error| EngineError::Unavailable(error.to_string()))?;
        // What another version has kept in another form is read again.
        Ok(part.and_then(|part| serde_json::from_str(&part).ok()))
    }

    /// The same for the same pages of the same document, asked for in the same way.
    fn part_key(&self, pages: &[u32]) -> String {
        let options = &self.request.options;
        let asked = format!(
            "{} {} {} {} {} {pages:?}",
            self.request.file.sha256(),
            self.mistral.model(),
            options.include_images,
            options.extract_header,
            options.extract_footer,
        );
        format!("{:x}", Sha256::digest(asked))
    }

    async fn read_slice(&self, numbers: Option<&[u32]>, file: Arc<Spooled>) -> Result<OcrPart, EngineError> {
        let piece = DocumentSlice {
            file,
            format: Format::Pdf,
            numbers,
        };
        self.mistral.read(piece, self.request).await
    }
}

/// Returns true if Mistral could not read the document either, or must not.
fn is_final(error: &EngineError) -> bool {
    matches!(
        error,
        EngineError::Document(
            ConvertError::PasswordProtected
                | ConvertError::UnsupportedEncryption
                | ConvertError::TooManyPages { .. }
                | ConvertError::PagesNotSupported { .. }
                | ConvertError::TooLarge { .. }
        )
    )
}
