use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use ilios_convert::{
    Conversion, ConvertError, Format, Limits, NoOcr, Options, WriteOptions, convert_as, may_mislead,
};
use ilios_sandbox::Program;

use super::assessments::Assessments;
use super::children::Children;
use super::ocr_resources::{OcrResources, OcrSettings};
use super::page_collector::{Collected, PageCollector};
use super::picture_keeper::PictureKeeper;
use super::processors::Processors;
use super::protocol::Task;
use super::tokenizers::Tokenizers;
use super::{
    Converted, Disposition, Engine, EngineError, PageModels, Progress, RenderRequest, Request, Tesseract,
};
use crate::model::ConversionOptions;
use crate::spool::Spooled;

/// The engine that runs on this machine's processors, in disposable children.
pub struct LocalEngine {
    pub(super) settings: LocalEngineSettings,
    pub(super) tesseract: Arc<Tesseract>,
    pub(super) ocr: OcrResources,
    pub(super) processors: Processors,
    pub(super) children: Children,
    pub(super) assessments: Assessments,
    pub(super) tokenizers: Tokenizers,
}

/// Settings of the local engine.
#[derive(Debug, Clone)]
pub struct LocalEngineSettings {
    /// The program that is run as the child; it must call [`super::run_child`].
    pub program: Program,
    /// Budgets of one document.
    pub limits: Limits,
    /// The most time one document may take.
    pub timeout: Duration,
    /// The most time without a frame from a child, such as a page that is done.
    pub stall_timeout: Duration,
    /// Children that are started before there is a document for them.
    pub waiting: usize,
    /// Children that are kept at most for further documents of the same owner; with 0 each converts one document.
    pub kept: usize,
    /// Processors that pictures of one document may be read by, as far as no other document needs them.
    pub processors: u32,
    /// Recognition of pictures.
    pub ocr: OcrSettings,
    /// Folder with tokenizers that chunks may be measured by.
    pub tokenizers: Option<PathBuf>,
}

impl LocalEngine {
    /// A local engine that recognizes pictures by `tesseract`. Must be called within a tokio runtime. Dropping it ends the
    /// children that wait or are kept.
    #[must_use]
    pub fn new(settings: LocalEngineSettings, tesseract: Arc<Tesseract>) -> Self {
        let children = Children::new(settings.program.clone(), settings.waiting, settings.kept);
        Self {
            ocr: OcrResources::new(&settings.ocr),
            processors: Processors::new(settings.processors),
            tokenizers: Tokenizers::new(settings.tokenizers.clone()),
            settings,
            tesseract,
            children,
            assessments: Assessments::default(),
        }
    }

    async fn conversion(&self, request: &Request) -> Result<Collected, EngineError> {
        let (owned, limits) = (request.clone(), self.settings.limits.clone());
        let prepared = tokio::task::spawn_blocking(move || prepare(&owned, &limits)).await;
        match prepared.map_err(|_| EngineError::Crashed)? {
            Prepared::Converted(outcome) => {
                let conversion = (*outcome)?;
                let models = PageModels::of(&conversion.pages);
                Ok(Collected {
                    models: models.map_err(|_| EngineError::Crashed)?,
                    conversion,
                    pictures: Vec::new(),
                })
            }
            Prepared::ForChild => self.in_pages(request).await,
        }
    }
}

impl LocalEngine {
    async fn in_pages(&self, request: &Request) -> Result<Collected, EngineError> {
        let task = Task::Convert(request.options.reading.clone());
        let mut pages = self.collector(request, request.progress.clone());
        let outcome = self.run_in_child(request, task, &mut pages).await;
        match outcome {
            Err(error) if request.options.reading.partial && error.disposition() == Disposition::Reject => {
                self.finish(request, &mut pages).await;
                pages.into_partial(&error).ok_or(error)
            }
            outcome => outcome,
        }
    }

    fn collector(&self, request: &Request, progress: Progress) -> PageCollector {
        let pictures = PictureKeeper::new(request.artifacts.clone(), &self.settings.limits);
        PageCollector::new(progress, self.max_pages_bytes(), pictures)
    }

    /// Converts what the child had looked at without harm when a page ahead of it was its end.
    async fn finish(&self, request: &Request, pages: &mut PageCollector) {
        let Some(unfinished) = pages.unfinished_pages(request.options.reading.pages.as_ref()) else {
            return;
        };
        let task = Task::Convert(Options {
            pages: Some(unfinished),
            ..request.options.reading.clone()
        });
        let mut few = self.collector(request, Progress::default());
        match self.run_in_child(request, task, &mut few).await {
            Ok(collected) => pages.add(collected),
            Err(error) => tracing::info!(%error, "the pages before the one that did harm are not complete"),
        }
    }
}

impl Engine for LocalEngine {
    fn convert<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(async move {
            let Collected {
                conversion,
                models,
                pictures,
            } = self.conversion(request).await?;
            let model = concat!("ilios-local-", env!("CARGO_PKG_VERSION"));
            Ok(Converted {
                models,
                local_pictures: pictures,
                ..Converted::local(conversion, model)
            })
        })
    }

    fn render<'a>(&'a self, request: &'a RenderRequest) -> BoxFuture<'a, Result<Arc<Spooled>, EngineError>> {
        Box::pin(self.rendered(request))
    }

    fn check(&self, options: &ConversionOptions) -> Result<(), EngineError> {
        self.check_output(&options.reading.output)
    }

    fn check_output(&self, options: &WriteOptions) -> Result<(), EngineError> {
        self.tokenizers.check(options)
    }

    fn is_instant(&self, request: &Request) -> bool {
        short_text(request).is_some()
    }
}

/// A document on its way into a child, or past it.
enum Prepared {
    Converted(Box<Result<Conversion, ConvertError>>),
    ForChild,
}

/// Converts short plain text here, for it needs no parser that could come to harm. One with signs of a link to a
/// script has to be parsed.
fn prepare(request: &Request, limits: &Limits) -> Prepared {
    match short_text(request) {
        Some((format, bytes)) => {
            let converted = convert_as(format, bytes, &request.options.reading, limits, &mut NoOcr);
            Prepared::Converted(Box::new(converted))
        }
        None => Prepared::ForChild,
    }
}

/// The document, where it is a short plain text without such signs.
fn short_text(request: &Request) -> Option<(Format, &[u8])> {
    let bytes = request.file.in_memory().filter(|bytes| !may_mislead(bytes))?;
    let format = request.detect().ok()??;
    matches!(format, Format::Text | Format::Markdown).then_some((format, bytes))
}
