use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use ilios_convert::{Conversion, ConvertError, Format, Metadata, OcrMode, Page, Warning, WriteOptions};

use super::hybrid_pdf::{HybridPdf, PageAssignment};
use super::mistral::{DocumentSlice, OcrPart};
use super::{
    BatchService, Converted, Engine, EngineError, LocalEngine, MISTRAL, MIXED, MistralEngine, PageModels,
    Plan, RenderRequest, Request, ServiceOutput, ServiceState,
};
use crate::model::{ConversionOptions, EngineChoice};
use crate::spool::{Spool, Spooled};

/// Chooses the engine of each document, and of each page where that saves money.
pub struct SelectingEngine {
    local: Arc<LocalEngine>,
    mistral: Option<Arc<MistralEngine>>,
    spool: Spool,
    settings: SelectSettings,
}

/// Settings of the choice of engines.
#[derive(Debug, Clone, Copy, Default)]
pub struct SelectSettings {
    /// For requests that name none. When absent it is Mistral where that is set up, else the local engine.
    pub default: Option<EngineChoice>,
    /// True if the local engine answers while Mistral cannot.
    pub fallback: bool,
}

/// Engine or engines that convert a document.
enum Route<'a> {
    Local(Option<Format>),
    /// A PDF, page by page.
    HybridPdf(HybridPdf<'a>, EngineChoice),
    /// All of it by Mistral.
    Mistral(&'a MistralEngine, Format),
}

impl SelectingEngine {
    /// Chooses between `local` and `mistral`, where there is one. Parts of documents are spooled in `spool`.
    #[must_use]
    pub fn new(
        local: Arc<LocalEngine>,
        mistral: Option<Arc<MistralEngine>>,
        spool: Spool,
        settings: SelectSettings,
    ) -> Self {
        Self {
            local,
            mistral,
            spool,
            settings,
        }
    }

    async fn route<'a>(&'a self, request: &'a Request) -> Result<Route<'a>, EngineError> {
        self.check(&request.options)?;
        let format = request.detected().await?;
        let choice = self.choice(&request.options);
        let Some(mistral) = self.mistral.as_deref().filter(|_| choice != EngineChoice::Local) else {
            return Ok(Route::Local(format));
        };
        let wanted = match (choice, request.options.reading.ocr) {
            (EngineChoice::Auto, OcrMode::Off) => |_| false,
            (EngineChoice::Auto, _) => MistralEngine::is_visual,
            _ => MistralEngine::supports,
        };
        Ok(match format {
            Some(Format::Pdf) => Route::HybridPdf(self.paged(mistral, request), choice),
            Some(format) if wanted(format) => Route::Mistral(mistral, format),
            format => Route::Local(format),
        })
    }

    fn paged<'a>(&'a self, mistral: &'a MistralEngine, request: &'a Request) -> HybridPdf<'a> {
        HybridPdf {
            local: &self.local,
            mistral,
            spool: &self.spool,
            request,
        }
    }

    /// Converts on a way that leads to Mistral; the rest is the local engine's.
    async fn routed(&self, request: &Request, route: Route<'_>) -> Result<Converted, EngineError> {
        match route {
            Route::Local(_) => self.local.convert(request).await,
            Route::HybridPdf(paged, choice) => match paged.convert(choice).await? {
                None => self.local.convert(request).await,
                Some(both) => assembled(Format::Pdf, both.parts, both.local, both.count),
            },
            Route::Mistral(mistral, format) => {
                let piece = DocumentSlice {
                    file: Arc::clone(&request.file),
                    format,
                    numbers: has_one_page(format).then_some(&[1]),
                };
                assembled(format, vec![mistral.read(piece, request).await?], None, None)
            }
        }
    }

    async fn planned(&self, request: &Request) -> Result<Plan, EngineError> {
        match self.route(request).await? {
            Route::Local(Some(Format::Pdf)) => {
                let verdicts = self.local.assess(request).await?;
                let assignment = PageAssignment::of(&verdicts, request, EngineChoice::Local);
                Ok(Plan::local(Some(assignment.local)))
            }
            Route::Local(_) => Ok(Plan::local(None)),
            Route::HybridPdf(paged, choice) => {
                let model = paged.mistral.model();
                let Some(assignment) = paged.assign_pages(choice).await? else {
                    return Ok(Plan::mistral(None, model));
                };
                if assignment.by_mistral.is_empty() {
                    return Ok(Plan::local(Some(assignment.local)));
                }
                Ok(Plan::mixed(assignment.by_mistral, assignment.local, model))
            }
            Route::Mistral(mistral, format) => {
                let pages = has_one_page(format).then(|| vec![1]);
                Ok(Plan::mistral(pages, mistral.model()))
            }
        }
    }

    /// The local engine in place of Mistral.
    async fn instead(&self, request: &Request, error: &EngineError) -> Result<Converted, EngineError> {
        tracing::warn!(%error, "the local engine answers in place of Mistral");
        let mut converted = self.local.convert(request).await?;
        let reason = error.to_string();
        converted.conversion.warnings.push(Warning::document(format!(
            "converted by the local engine, because {reason}"
        )));
        converted.fallback = Some(reason);
        Ok(converted)
    }
}

impl Engine for SelectingEngine {
    fn convert<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(async move {
            let route = self.route(request).await?;
            match self.routed(request, route).await {
                Err(error) if self.settings.fallback && is_absent(&error) => {
                    self.instead(request, &error).await
                }
                Ok(converted) if converted.service_output.is_some() => self.without_scripts(converted).await,
                outcome => outcome,
            }
        })
    }

    fn render<'a>(&'a self, request: &'a RenderRequest) -> BoxFuture<'a, Result<Arc<Spooled>, EngineError>> {
        Box::pin(self.local.rendered(request))
    }

    fn without_scripts(&self, converted: Converted) -> BoxFuture<'_, Result<Converted, EngineError>> {
        Box::pin(self.local.without_scripts(converted, &self.spool))
    }

    fn plan<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Plan, EngineError>> {
        Box::pin(self.planned(request))
    }

    fn is_instant(&self, request: &Request) -> bool {
        // Mistral takes no plain text, so that this is the local engine's whatever is asked for.
        self.local.is_instant(request)
    }

    fn check(&self, options: &ConversionOptions) -> Result<(), EngineError> {
        if options.engine == Some(EngineChoice::Mistral) && self.mistral.is_none() {
            return Err(EngineError::NotSetUp);
        }
        self.check_output(&options.reading.output)
    }

    fn check_output(&self, options: &WriteOptions) -> Result<(), EngineError> {
        self.local.check_output(options)
    }

    fn ready(&self, options: &ConversionOptions, mime_type: &str) -> Result<(), EngineError> {
        let all_of_it = self.choice(options) == EngineChoice::Mistral && !self.settings.fallback;
        match self.mistral.as_deref().filter(|_| all_of_it) {
            Some(mistral) if MistralEngine::supports_type(mime_type) => mistral.ready(),
            _ => Ok(()),
        }
    }

    fn choice(&self, options: &ConversionOptions) -> EngineChoice {
        let unset = if self.mistral.is_some() {
            EngineChoice::Mistral
        } else {
            EngineChoice::Local
        };
        options.engine.or(self.settings.default).unwrap_or(unset)
    }

    fn model(&self, options: &ConversionOptions) -> Option<&str> {
        let asked = self.choice(options) != EngineChoice::Local;
        self.mistral
            .as_deref()
            .filter(|_| asked)
            .map(MistralEngine::model)
    }

    fn batches(&self) -> Option<Arc<dyn BatchService>> {
        self.mistral
            .clone()
            .map(|mistral| mistral as Arc<dyn BatchService>)
    }

    fn service(&self) -> Option<ServiceState> {
        self.mistral.as_ref().map(|mistral| mistral.state())
    }
}

/// Returns true if a document of this type always has one page.
fn has_one_page(format: Format) -> bool {
    matches!(
        format,
        Format::Png | Format::Jpeg | Format::WebP | Format::Bmp | Format::Gif
    )
}

/// Returns true if the service is away, rather than the document at fault.
fn is_absent(error: &EngineError) -> bool {
    matches!(error, EngineError::Waiting { .. } | EngineError::ServiceFailed(_))
}

/// Puts what Mistral has read, and what was read here, together in the order of the document.
pub(super) fn assembled(
    format: Format,
    parts: Vec<OcrPart>,
    local: Option<Converted>,
    count: Option<u32>,
) -> Result<Converted, EngineError> {
    let engine = if local.is_some() { MIXED } else { MISTRAL };
    let mut pages: BTreeMap<u32, Page> = BTreeMap::new();
    let mut service_output = ServiceOutput::default();
    let mut metadata = Metadata::default();
    let mut models = PageModels::default();
    let (mut warnings, mut images, mut local_pictures) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        service_output.model = part.model;
        service_output.billed_pages = service_output.billed_pages.saturating_add(part.billed_pages);
        service_output.pictures.extend(part.pictures);
        warnings.extend(part.warnings);
        for read in part.pages {
            service_output.pages.insert(read.page.number, read.header_footer);
            pages.insert(read.page.number, read.page);
        }
    }
    if let Some(local) = local {
        metadata = local.conversion.metadata;
        models = local.models;
        images = local.conversion.images;
        local_pictures = local.local_pictures;
        warnings.extend(local.conversion.warnings);
        for page in local.conversion.pages {
            pages.entry(page.number).or_insert(page);
        }
    }
    metadata.page_count = metadata.page_count.or(count);
    if pages.values().all(|page| page.markdown.is_empty()) {
        let reason = "no text was found on any page".to_owned();
        return Err(ConvertError::EmptyDocument { reason }.into());
    }
    Ok(Converted {
        conversion: Conversion {
            format,
            metadata,
            pages: pages.into_values().collect(),
            images,
            warnings,
            partial: None,
        },
        models,
        local_pictures,
        engine,
        model: service_output.model.clone(),
        service_output: Some(service_output),
        fallback: None,
    })
}
