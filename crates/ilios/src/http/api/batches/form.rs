use std::sync::Arc;

use axum::http::Uri;
use bytes::Bytes;
use futures::Stream;

use crate::app::{App, BatchIntake, Received};
use crate::http::extract::conversion_params::ConversionParams;
use crate::http::extract::field::{flag, value};
use crate::http::extract::multipart::Field;
use crate::http::extract::upload::{FormReader, check_count};
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{ConversionOptions, EngineChoice, FileName, Tenant};

/// The files of a batch and what is wanted of them, as a client sends them.
pub(super) struct BatchForm {
    /// At least one, in the order in which they were sent; those that can be converted are in the object store.
    pub(super) files: Vec<Received>,
    pub(super) params: ConversionParams,
    /// True if Mistral converts them as a batch of its own.
    pub(super) use_mistral_batch: bool,
}

/// Reads the form of a batch. A file that cannot be taken is refused alone. When the form is broken, the files that were
/// stored already are taken back.
pub(super) struct BatchReader {
    app: Arc<App>,
    intake: BatchIntake,
    params: ConversionParams,
    use_mistral_batch: bool,
    model: Option<String>,
}

impl FormReader for BatchReader {
    type Form = BatchForm;
    const FILES: &'static [&'static str] = &["files", "files[]"];
    const MAX_FILES: usize = 100;

    fn new(app: &Arc<App>, tenant: &Tenant, address: &Uri) -> Self {
        Self {
            app: Arc::clone(app),
            intake: BatchIntake::new(app, tenant),
            params: ConversionParams::of(address),
            use_mistral_batch: false,
            model: None,
        }
    }

    fn files(&self) -> usize {
        self.intake.files()
    }

    async fn take_file(
        &mut self,
        name: FileName,
        bytes: impl Stream<Item = Result<Bytes, Problem>> + Send,
    ) -> Result<(), Problem> {
        self.intake.receive(name, bytes).await
    }

    async fn take_url(&mut self, url: String) -> Result<(), Problem> {
        check_count::<Self>(self.files())?;
        Ok(self.intake.fetch(&url).await?)
    }

    async fn take_field(&mut self, field: Field<'_>) -> Result<(), Problem> {
        match field.name().unwrap_or_default() {
            "useMistralBatch" => {
                self.use_mistral_batch = flag("useMistralBatch", field).await?.unwrap_or_default();
            }
            "model" => self.model = value("model", field).await?,
            _ => {
                self.params.take(field).await?;
                self.app.check_options(&self.params.options)?;
            }
        }
        Ok(())
    }

    async fn finish(self) -> Result<BatchForm, Problem> {
        if self.files() == 0 {
            let error = "the form has no part named files";
            return Err(Problem::new(Code::MISSING_FILE, error).at("files"));
        }
        if let Some(model) = &self.model {
            is_used(&self.app, &self.params.options, model)?;
        }
        if self.use_mistral_batch {
            fits_a_batch(&self.app, &self.params.options)?;
        }
        Ok(BatchForm {
            files: self.intake.finish().await?,
            params: self.params,
            use_mistral_batch: self.use_mistral_batch,
        })
    }
}

/// Refuses a model that the documents would not be converted with: which one it is, is the server's setting.
fn is_used(app: &App, options: &ConversionOptions, model: &str) -> Result<(), Problem> {
    match app.engine().model(options) {
        Some(used) if used == model => Ok(()),
        Some(used) => Err(Problem::invalid(
            "model",
            format_args!("takes {used}, the one of this server, or nothing"),
        )),
        None => Err(Problem::invalid(
            "model",
            "cannot be chosen: no model of Mistral's converts these documents",
        )),
    }
}

/// Refuses a batch of Mistral's that cannot be: without the engine, or with wishes that only single conversions know.
fn fits_a_batch(app: &App, options: &ConversionOptions) -> Result<(), Problem> {
    let no = |why: &str| {
        Err(Problem::invalid(
            "useMistralBatch",
            format_args!("cannot be true: {why}"),
        ))
    };
    if app.engine().batches().is_none() {
        return no("Mistral OCR is not set up on this server");
    }
    if !matches!(options.engine, None | Some(EngineChoice::Mistral)) {
        return no("engine is not mistral");
    }
    if options.reading.pages.is_some() {
        return no("pages chooses some of the pages, and Mistral's batches read all");
    }
    if options.max_cost.is_some() {
        return no("maxCostCents needs the number of pages, which is known only afterwards");
    }
    Ok(())
}
