//! One child from its start to its end: its job, its answers, and what it means when it gives none.

use std::fs::File;

use ilios_convert::ConvertError;
use ilios_sandbox::{Ending, Frame, FrameError, Overrun, Running};
use serde::de::DeserializeOwned;

use super::protocol::{
    FAILURE, IMAGE, JOB, Job, OCR, OCR_FAILURE, OCR_TEXT, OcrFailure, OcrHeader, ProtocolError, Task, decode,
    encode,
};
use super::{EngineError, LocalEngine, Request};

/// A picture that a child sends to be recognized: 100 megapixels of text compress to far less.
const MAX_IMAGE: usize = 256 << 20;

/// What becomes of the frames that a child answers with: together they make a `T`.
pub(super) trait Answers<T>: Send {
    /// Takes the next frame.
    ///
    /// # Errors
    /// [`ProtocolError`]: the child does not keep to the protocol, or what it sends cannot be kept.
    fn take(&mut self, frame: Frame) -> impl Future<Output = Result<Step<T>, ProtocolError>> + Send;
}

/// Whether more frames are to come.
pub(super) enum Step<T> {
    More,
    Done(T),
}

/// Waits for one frame of this kind.
pub(super) struct One(pub(super) u8);

impl<T: DeserializeOwned + Send> Answers<T> for One {
    async fn take(&mut self, frame: Frame) -> Result<Step<T>, ProtocolError> {
        Ok(Step::Done(decode(self.0, &frame)?))
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
    /// It has not been heard of for too long.
    Silent,
}

impl From<ProtocolError> for Stop {
    fn from(error: ProtocolError) -> Self {
        Self::Broken(error)
    }
}

impl From<FrameError> for Stop {
    fn from(error: FrameError) -> Self {
        Self::Broken(error.into())
    }
}

impl LocalEngine {
    /// Lets a child of its own do the task on the open file. The child is gone at the end, and when this is dropped;
    /// `answers` keep what came before the end, whatever that was.
    pub(super) async fn in_child<T>(
        &self,
        request: &Request,
        task: Task,
        input: File,
        answers: &mut impl Answers<T>,
    ) -> Result<T, EngineError> {
        let job = Job {
            name: request.file_name.as_str().to_owned(),
            task,
            limits: self.settings.limits.clone(),
        };
        let mut child = self.settings.program.start(input).map_err(unavailable)?;
        let overrun = child.watch();
        let outcome = tokio::select! {
            outcome = self.drive(&mut child, job, answers) => outcome,
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
            (Stop::Silent, _) => EngineError::Timeout(self.settings.silence),
            (Stop::Overrun(Overrun::Memory), _) | (Stop::Broken(_), Ending::Memory) => {
                EngineError::OutOfMemory
            }
            (Stop::Overrun(Overrun::Output), _) => EngineError::LimitExceeded("it printed without end"),
            (Stop::Broken(ProtocolError::Frame(FrameError::TooLarge { .. })), _) => {
                EngineError::LimitExceeded("its result is too large")
            }
            (Stop::Broken(ProtocolError::Spool(error)), _) => unavailable(error),
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
    async fn drive<T>(
        &self,
        child: &mut Running,
        job: Job,
        answers: &mut impl Answers<T>,
    ) -> Result<Result<T, ConvertError>, Stop> {
        child.send(&encode(JOB, &job)?).await?;
        loop {
            let frame = tokio::time::timeout(self.settings.silence, child.receive(self.max_answer()));
            let frame = frame.await.map_err(|_| Stop::Silent)??;
            match frame.kind {
                OCR => self.recognize(child, &frame).await?,
                FAILURE => return Ok(Err(decode(FAILURE, &frame)?)),
                _ => {
                    if let Step::Done(outcome) = answers.take(frame).await? {
                        return Ok(Ok(outcome));
                    }
                }
            }
        }
    }

    /// JSON makes a text at most six times as long.
    pub(super) fn max_answer(&self) -> usize {
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

pub(super) fn unavailable(error: impl std::fmt::Display) -> EngineError {
    EngineError::Unavailable(error.to_string())
}
