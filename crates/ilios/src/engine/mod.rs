//! Engines: the trait, the local engine that runs in disposable children, Mistral's OCR, and the choice between the
//! two.

mod artifact_store;
mod assessments;
mod batch_service;
mod child;
mod child_frames;
mod child_session;
mod children;
mod detected_format;
mod error;
mod frame_collector;
mod frame_lists;
mod hybrid_pdf;
mod local;
pub mod mistral;
pub mod ocr_models;
mod ocr_resources;
mod owner;
mod page_collector;
mod page_models;
mod pdf_parts;
mod picture_keeper;
mod plan;
mod processors;
mod progress;
mod protocol;
mod render;
mod rendering;
mod select;
mod service_output;
mod stored_document;
mod stored_pages;
mod tesseract;
pub mod tokenizers;
mod write_document;

use std::sync::Arc;

use futures::future::BoxFuture;
use ilios_convert::{Conversion, WriteOptions};

use crate::model::{ConversionOptions, EngineChoice, FileName};
use crate::spool::Spooled;

pub use artifact_store::{ArtifactError, ArtifactStore, Artifacts, ExtractedImage, StoredImage};
pub use assessments::Assessed;
pub use batch_service::{BatchJob, BatchService};
pub use child::run_child;
pub use detected_format::DetectedFormat;
pub use error::{Disposition, EngineError};
pub use local::{LocalEngine, LocalEngineSettings};
pub use mistral::{MistralEngine, MistralSettings, ServiceState};
pub use ocr_resources::OcrSettings;
pub use owner::Owner;
pub use page_models::PageModels;
pub use plan::{Plan, PlannedPages};
pub use progress::Progress;
#[doc(hidden)]
pub use protocol::reencoded as reencoded_child_frame;
pub use render::{read_text, spool_text};
pub use rendering::{DocumentOutput, RenderRequest, Rendering};
pub use select::{SelectSettings, SelectingEngine};
pub use service_output::{HeaderFooter, ServiceOutput};
pub use stored_document::{has_markdown_pages, spool_document};
pub use tesseract::{Picture, Tesseract, TesseractStatus};

/// The name of the local engine.
pub const LOCAL: &str = "local";
/// The name of Mistral's OCR.
pub const MISTRAL: &str = "mistral";
/// Engine name of a document of which each of the two converted a part.
pub const MIXED: &str = "mixed";

/// Converts documents. An engine knows neither the store nor prices.
pub trait Engine: Send + Sync {
    /// Converts one document, off the runtime's threads and within a deadline of its own.
    fn convert<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>>;

    /// Plans which engine would read which page. Does not convert and calls no paid service.
    fn plan<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Plan, EngineError>> {
        let _ = request;
        Box::pin(std::future::ready(Ok(Plan::local(None))))
    }

    /// Makes something else of Markdown or of a document's model, outside this process and within a deadline of its own.
    ///
    /// # Errors
    /// [`EngineError::Unavailable`] where this engine does not render.
    fn render<'a>(&'a self, request: &'a RenderRequest) -> BoxFuture<'a, Result<Arc<Spooled>, EngineError>> {
        let _ = request;
        let error = EngineError::Unavailable("this engine does not render".into());
        Box::pin(std::future::ready(Err(error)))
    }

    /// Removes links to scripts from what a service has read of a document. [`Self::convert`] does so itself; results
    /// of [`Self::batches`] need it.
    fn without_scripts(&self, converted: Converted) -> BoxFuture<'_, Result<Converted, EngineError>> {
        Box::pin(std::future::ready(Ok(converted)))
    }

    /// Returns true if converting takes neither a child nor a service, only some milliseconds of this process.
    fn is_instant(&self, request: &Request) -> bool {
        let _ = request;
        false
    }

    /// Checks that requests with these options can be served here.
    ///
    /// # Errors
    /// [`EngineError::NotSetUp`].
    fn check(&self, options: &ConversionOptions) -> Result<(), EngineError> {
        let _ = options;
        Ok(())
    }

    /// Checks that outputs can be written with these options here.
    ///
    /// # Errors
    /// [`EngineError::NoTokenizer`].
    fn check_output(&self, options: &WriteOptions) -> Result<(), EngineError> {
        let _ = options;
        Ok(())
    }

    /// Checks that a document of this media type can be converted now; called before its bytes are fetched.
    ///
    /// # Errors
    /// [`EngineError::Waiting`].
    fn ready(&self, options: &ConversionOptions, mime_type: &str) -> Result<(), EngineError> {
        let _ = (options, mime_type);
        Ok(())
    }

    /// The model of the paid service that documents with these options are converted with, where one may be.
    fn model(&self, options: &ConversionOptions) -> Option<&str> {
        let _ = options;
        None
    }

    /// The choice of engine for documents with these options.
    fn choice(&self, options: &ConversionOptions) -> EngineChoice {
        options.engine.unwrap_or(EngineChoice::Local)
    }

    /// The service that converts many documents as one job, where one is set up.
    fn batches(&self) -> Option<Arc<dyn BatchService>> {
        None
    }

    /// State of the paid service, where one is set up.
    fn service(&self) -> Option<ServiceState> {
        None
    }
}

/// One document to convert.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its bytes.
    pub file: Arc<Spooled>,
    /// Its owner: a child that converts it converts no document of another one.
    pub owner: Owner,
    /// Its name, which decides the type where the bytes do not.
    pub file_name: FileName,
    /// Its format, once it has been detected; empty at first.
    pub format: DetectedFormat,
    /// Needs of its pages, once they have been looked at; empty at first.
    pub assessed: Assessed,
    /// Options of the client.
    pub options: ConversionOptions,
    /// Store of pictures and parts that exist before the conversion is complete.
    pub artifacts: Artifacts,
    /// Told how far the conversion has come.
    pub progress: Progress,
}

impl Request {
    /// A conversion in a child of its own that stores nothing before it is complete, and reports its progress to nobody.
    #[must_use]
    pub fn new(file: Arc<Spooled>, file_name: FileName, options: ConversionOptions) -> Self {
        Self {
            file,
            owner: Owner::default(),
            file_name,
            format: DetectedFormat::default(),
            assessed: Assessed::default(),
            options,
            artifacts: Artifacts::default(),
            progress: Progress::default(),
        }
    }
}

/// A converted document.
#[derive(Debug, Clone)]
pub struct Converted {
    /// Pages, metadata and warnings.
    pub conversion: Conversion,
    /// Models of the pages that the local engine has read.
    pub models: PageModels,
    /// Pictures that the local engine has taken out and that are stored.
    pub local_pictures: Vec<StoredImage>,
    /// The engine's name: [`LOCAL`], [`MISTRAL`] or [`MIXED`].
    pub engine: &'static str,
    /// The engine's model, with its version.
    pub model: String,
    /// Output of a paid service.
    pub service_output: Option<ServiceOutput>,
    /// Reason the local engine has replaced the requested one.
    pub fallback: Option<String>,
}

impl Converted {
    /// A result of the local engine with its OCR model.
    #[must_use]
    pub fn local(conversion: Conversion, model: impl Into<String>) -> Self {
        Self {
            conversion,
            models: PageModels::default(),
            local_pictures: Vec::new(),
            engine: LOCAL,
            model: model.into(),
            service_output: None,
            fallback: None,
        }
    }

    /// The pictures that were kept.
    pub fn pictures(&self) -> impl Iterator<Item = &StoredImage> {
        self.service_pictures().chain(&self.local_pictures)
    }

    /// Those that a paid service has delivered.
    pub fn service_pictures(&self) -> impl Iterator<Item = &StoredImage> {
        self.service_output.iter().flat_map(|output| &output.pictures)
    }
}
