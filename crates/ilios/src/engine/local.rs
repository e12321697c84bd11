use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use ilios_convert::{Conversion, ConvertError, Format, Limits, NoOcr, convert_as};
use ilios_sandbox::{Ending, Frame, FrameError, Overrun, Program, Running};

use super::protocol::{
    CONVERSION, FAILURE, IMAGE, JOB, Job, OCR, OCR_FAILURE, OCR_TEXT, OcrFailure, OcrHeader, ProtocolError,
    decode, encode,
};
use super::{Converted, Engine, EngineError, Request, Tesseract};

/// A picture that a child sends to be recognized: 100 megapixels of text compress to far less.
const MAX_IMAGE: usize = 256 << 20;

/// The engine that runs on this machine's processors: one disposable child a document.
pub struct LocalEngine {
    settings: LocalEngineSettings,
    tesseract: Arc<Tesseract>,
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
            Prepared::ForChild(input) => self.in_child(request, input.map_err(unavailable)?).await,
        }
    }

    async fn in_child(&self, request: &Request, input: File) -> Result<Conversion, EngineError> {
        let mut child = self.settings.program.start(input).map_err(unavailable)?;
        let overrun = child.watch();
        let outcome = tokio::select! {
            outcome = self.drive(&mut child, request) => outcome.map_err(Stop::Broken),
            overrun = overrun => Err(Stop::Overrun(overrun)),
            () = tokio::time::sleep(self.settings.timeout) => Err(Stop::Late),
        };
        let (status, stderr) = child.end().await.map_err(unavailable)?;
        let stop = match outcome {
            Ok(result) => return Ok(result?),
            Err(stop) => stop,
        };
        let ending = Ending::of(status, &stderr);
        let error = self.fault(&stop, ending);
        tracing::warn!(
            %status, ?stop, ?ending, stderr_bytes = stderr.len(), code = error.code(),
            "a converter child was stopped or died"
        );
        Err(error)
    }

    /// What it means that the child gave no answer.
    fn fault(&self, stop: &Stop, ending: Ending) -> EngineError {
        match (stop, ending) {
            (Stop::Late, _) => EngineError::Timeout(self.settings.timeout),
            (Stop::Overrun(Overrun::Memory), _) | (Stop::Broken(_), Ending::Memory) => {
                EngineError::OutOfMemory
            }
            (Stop::Overrun(Overrun::Output), _) => EngineError::LimitExceeded("it printed without end"),
            (Stop::Broken(ProtocolError::Frame(FrameError::TooLarge { .. })), _) => {
                EngineError::LimitExceeded("its result is too large")
            }
            (Stop::Broken(_), Ending::FileSize) => EngineError::LimitExceeded("it wrote to a file"),
            (Stop::Broken(_), Ending::Cpu) => EngineError::Timeout(self.settings.program.policy().cpu),
            // The document has not been looked at.
            (Stop::Broken(_), Ending::Unconfined) => {
                EngineError::Unavailable("the converter's sandbox cannot be set up".into())
            }
            (Stop::Broken(_), Ending::Forbidden | Ending::Crash) => EngineError::Crashed,
        }
    }

    /// Gives the child its job and serves it until it answers.
    async fn drive(
        &self,
        child: &mut Running,
        request: &Request,
    ) -> Result<Result<Conversion, ConvertError>, ProtocolError> {
        let job = Job {
            name: request.file_name.as_str().to_owned(),
            options: request.options.reading.clone(),
            limits: self.settings.limits.clone(),
        };
        child.send(&encode(JOB, &job)?).await?;
        loop {
            let frame = child.receive(self.max_answer()).await?;
            match frame.kind {
                OCR => self.recognize(child, &frame).await?,
                CONVERSION => return Ok(Ok(decode(CONVERSION, &frame)?)),
                _ => return Ok(Err(decode(FAILURE, &frame)?)),
            }
        }
    }

    /// JSON makes a text at most six times as long.
    fn max_answer(&self) -> usize {
        let bytes = self
            .settings
            .limits
            .output_bytes
            .saturating_mul(6)
            .saturating_add(1 << 20);
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }

    async fn recognize(&self, child: &mut Running, header: &Frame) -> Result<(), ProtocolError> {
        let header: OcrHeader = decode(OCR, header)?;
        let image = child.receive(MAX_IMAGE).await?;
        if image.kind != IMAGE {
            return Err(ProtocolError::Unexpected(image.kind));
        }
        let reply = match self
            .tesseract
            .recognize(&image.bytes, header.dpi, &header.languages)
            .await
        {
            Ok(tsv) => Frame {
                kind: OCR_TEXT,
                bytes: tsv,
            },
            Err(error) => encode(OCR_FAILURE, &OcrFailure::from(error))?,
        };
        Ok(child.send(&reply).await?)
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

/// Why a child was not waited for any longer.
#[derive(Debug)]
enum Stop {
    /// It is gone, or does not keep to the protocol.
    Broken(ProtocolError),
    /// It does too much.
    Overrun(Overrun),
    /// Its time is over.
    Late,
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

fn unavailable(error: impl std::fmt::Display) -> EngineError {
    EngineError::Unavailable(error.to_string())
}
