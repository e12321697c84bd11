use std::sync::Arc;

use axum::extract::Request;

use super::intake::Intake;
use crate::app::{App, AppError, Received};
use crate::http::extract::conversion_params::ConversionParams;
use crate::http::extract::field::{broken, flag, value};
use crate::http::extract::file_part::FilePart;
use crate::http::extract::form::{MAX_PARTS, multipart, too_many_parts};
use crate::http::extract::multipart::Field;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{ConversionOptions, EngineChoice, Failure, FileName, Tenant};
use crate::outbound::FetchError;
use crate::spool::SpoolError;

/// The most files of one batch.
pub(super) const MAX_FILES: usize = 100;

/// The files of a batch and what is wanted of them, as a client sends them.
pub(super) struct BatchForm {
    /// At least one, in the order in which they were sent; those that can be converted are in the object store.
    pub(super) files: Vec<Received>,
    pub(super) params: ConversionParams,
    /// True if Mistral converts them as a batch of its own.
    pub(super) use_mistral_batch: bool,
}

impl BatchForm {
    /// Reads a whole form. A file that cannot be taken is refused alone. When the form is broken, the files that
    /// were stored already are taken back.
    pub(super) async fn read(request: Request, app: &Arc<App>, tenant: &Tenant) -> Result<Self, Problem> {
        let address = request.uri().clone();
        let mut multipart = multipart(request, MAX_FILES as u64, app.spool())?;
        let mut reading = Reading {
            app,
            tenant,
            intake: Intake::new(app),
            params: ConversionParams::default(),
            use_mistral_batch: false,
            model: None,
            other_parts: 0,
        };
        reading.params.ignore_query(&address);
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            reading.take(field).await?;
        }
        if reading.intake.len() == 0 {
            let error = "the form has no part named files";
            return Err(Problem::new(Code::MISSING_FILE, error).at("files"));
        }
        if let Some(model) = &reading.model {
            is_used(app, &reading.params.options, model)?;
        }
        if reading.use_mistral_batch {
            fits_a_batch(app, &reading.params.options)?;
        }
        Ok(Self {
            files: reading.intake.finish().await?,
            params: reading.params,
            use_mistral_batch: reading.use_mistral_batch,
        })
    }
}

struct Reading<'a> {
    app: &'a App,
    tenant: &'a Tenant,
    intake: Intake,
    params: ConversionParams,
    use_mistral_batch: bool,
    model: Option<String>,
    other_parts: usize,
}

impl Reading<'_> {
    async fn take(&mut self, field: Field<'_>) -> Result<(), Problem> {
        let name = field.name().unwrap_or_default();
        if matches!(name, "files" | "files[]") {
            return self.take_file(FilePart::new(field)).await;
        }
        if name == "url" {
            let url = value::<String>("url", field).await?;
            return match url {
                Some(url) => self.fetch(&url).await,
                None => Ok(()),
            };
        }
        self.other_parts += 1;
        if self.other_parts > MAX_PARTS {
            return Err(too_many_parts(MAX_FILES + MAX_PARTS));
        }
        match name {
            "useMistralBatch" => {
                self.use_mistral_batch = flag("useMistralBatch", field).await?.unwrap_or_default();
                Ok(())
            }
            "model" => {
                self.model = value("model", field).await?;
                Ok(())
            }
            _ => {
                self.params.take(field).await?;
                Ok(self.app.check_options(&self.params.options)?)
            }
        }
    }

    /// Fetches a file; one that cannot be fetched is refused alone.
    async fn fetch(&mut self, url: &str) -> Result<(), Problem> {
        self.intake.count(MAX_FILES)?;
        self.intake.make_room().await?;
        match Box::pin(self.app.fetch(self.tenant, url)).await {
            Ok(fetched) => self.intake.store(fetched.file, fetched.file_name),
            Err(AppError::Fetch(error)) if is_refusal(&error) => {
                let problem = Problem::from(error);
                let failure = Failure::new(problem.code().name(), problem.error());
                let id = self.app.new_id();
                let name = url.split(['?', '#']).next().unwrap_or_default();
                self.intake
                    .refuse(Received::refused(id, FileName::clean(name), failure));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn take_file(&mut self, mut part: FilePart<'_>) -> Result<(), Problem> {
        self.intake.count(MAX_FILES)?;
        self.intake.make_room().await?;
        match part.spool(self.app.spool()).await? {
            // A browser sends an empty part where no file was chosen.
            Ok(file) if file.size() == 0 && !part.is_named => {}
            Ok(file) => self.intake.store(file, part.name),
            Err(error @ SpoolError::TooLarge { .. }) => {
                let failure = Failure::new(Code::TOO_LARGE.name(), error.to_string());
                let id = self.app.new_id();
                let mut refused = Received::refused(id, part.name.clone(), failure);
                refused.file_size = part.skip().await?;
                self.intake.refuse(refused);
            }
            Err(error @ SpoolError::Io(_)) => return Err(error.into()),
        }
        Ok(())
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

/// Returns true if the cause lies in the document or its URL, so that this document alone is refused; false if fetching
/// is off or this server's disk fails, which fails the whole batch.
fn is_refusal(error: &FetchError) -> bool {
    !matches!(error, FetchError::Off | FetchError::Spool(SpoolError::Io(_)))
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
