use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use ilios_convert::{Conversion, ConvertError, Format, Limits, NoOcr, convert_as};
use ilios_sandbox::Program;

use super::protocol::{CONVERSION, Task};
use super::session::{One, unavailable};
use super::{Converted, Engine, EngineError, Request, Tesseract};

/// The engine that runs on this machine's processors: one disposable child a document.
pub struct LocalEngine {
    pub(super) settings: LocalEngineSettings,
    pub(super) tesseract: Arc<Tesseract>,
}

/// How the local engine works.
#[derive(Debug, Clone)]
pub struct LocalEngineSettings {
    /// The program that is run as the child; it must call [`super::run_child`].
    pub program: Program,
    /// Budgets of one document.
    pub limits: Limits,
    /// The most time one document may take.
    pub timeout: Duration,
}

impl LocalEngine {
    /// A local engine that recognizes pictures by `tesseract`.
    #[must_use]
    pub fn new(settings: LocalEngineSettings, tesseract: Arc<Tesseract>) -> Self {
        Self { settings, tesseract }
    }

    async fn conversion(&self, request: &Request) -> Result<Conversion, EngineError> {
        let (owned, limits) = (request.clone(), self.settings.limits.clone());
        let prepared = tokio::task::spawn_blocking(move || prepare(&owned, &limits)).await;
        match prepared.map_err(|_| EngineError::Crashed)? {
            Prepared::Converted(outcome) => Ok(outcome?),
            Prepared::ForChild(input) => {
                let task = Task::Convert(request.options.reading.clone());
                self.in_child(request, task, input.map_err(unavailable)?, One(CONVERSION))
                    .await
            }
        }
    }
}

impl Engine for LocalEngine {
    fn convert<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Converted, EngineError>> {
        Box::pin(async move {
            let conversion = self.conversion(request).await?;
            Ok(Converted::here(
                conversion,
                concat!("ilios-local-", env!("CARGO_PKG_VERSION")),
            ))
        })
    }
}

/// A document on its way into a child, or past it.
enum Prepared {
    Converted(Result<Conversion, ConvertError>),
    ForChild(std::io::Result<File>),
}

/// Converts short plain text here, for it needs no parser that could come to harm; opens anything else.
fn prepare(request: &Request, limits: &Limits) -> Prepared {
    let Some(bytes) = request.file.in_memory() else {
        return Prepared::ForChild(request.file.open());
    };
    match Format::detect(bytes, request.file_name.as_str()) {
        Some(format @ (Format::Text | Format::Markdown)) => Prepared::Converted(convert_as(
            format,
            bytes,
            &request.options.reading,
            limits,
            &mut NoOcr,
        )),
        _ => Prepared::ForChild(request.file.open()),
    }
}
