//! The session of the parent with one child, from its start to its end.
//!
//! ```text
//! parent                                child (engine/child.rs)
//!   run_in_child ── spawn, or take a waiting child ──> limits and layers of the sandbox
//!   send_job ────── JOB, INPUT of a small document ──>
//!                 <── ACCEPTED ─────────────────────── has its job and its document
//!   exchange ──── <── OCR, IMAGE ── OCR_TEXT ────────> each picture that needs OCR
//!                 <── STARTED, PAGE_START, PAGE … ──── collected by a FrameCollector
//!                 <── the last frame, or FAILURE ───── result, or the document's error
//!   supervise ─── kill and wait, whatever happened
//! ```
//!
//! `supervise` ends the exchange early when the child uses too much memory or floods standard error (`Overrun`), when
//! the time of the document is over (`TimedOut`), or when no frame comes for `stall_timeout` (`Stalled`). `classify`
//! turns the reason and the exit status into an error; a compromised child can only cause such an error or send a wrong
//! result, for its frames are limited in size and parsed as data. A child that is gone before `ACCEPTED` (`NotStarted`)
//! says nothing of the document: a waiting child that died is replaced by a new one, once.

use std::fs::File;

use ilios_convert::ConvertError;
use ilios_sandbox::{ExitReason, Frame, FrameError, ResourceOverrun, RunningChild};

use super::frame_collector::{FrameCollector, Step};
use super::protocol::{
    ACCEPTED, FAILURE, IMAGE, INPUT, JOB, Job, OCR, OCR_FAILURE, OCR_TEXT, OcrFailure, OcrHeader,
    ProtocolError, Task, decode, encode,
};
use super::{EngineError, LocalEngine, Request};
use crate::spool::SpoolError;

/// A picture that a child sends to be recognized: 100 megapixels of text compress to far less.
const MAX_IMAGE: usize = 256 << 20;

/// Reason a child has no result.
enum Failed {
    /// It was gone before it began: the document is not known to be at fault.
    NotStarted(EngineError),
    Engine(EngineError),
}

impl From<Failed> for EngineError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::NotStarted(error) | Failed::Engine(error) => error,
        }
    }
}

/// Reason the parent stopped waiting for a child.
#[derive(Debug)]
enum StopReason {
    /// It is gone, or does not keep to the protocol.
    Broken(ProtocolError),
    /// The same, before it had its document.
    NotStarted(ProtocolError),
    /// It does too much.
    Overrun(ResourceOverrun),
    /// Its time is over.
    TimedOut,
    /// It has not been heard of for too long.
    Stalled,
}

impl From<ProtocolError> for StopReason {
    fn from(error: ProtocolError) -> Self {
        Self::Broken(error)
    }
}

impl From<FrameError> for StopReason {
    fn from(error: FrameError) -> Self {
        Self::Broken(error.into())
    }
}

impl LocalEngine {
    /// Runs the task on the document in a child of its own. The child is gone at the end, and when this is dropped;
    /// `collector` keep what came before the end, whatever that was.
    pub(super) async fn run_in_child<T>(
        &self,
        request: &Request,
        task: Task,
        collector: &mut impl FrameCollector<T>,
    ) -> Result<T, EngineError> {
        let document = request.file.in_memory();
        let job = Job {
            name: request.file_name.as_str().to_owned(),
            task,
            limits: self.settings.limits.clone(),
            inline: document.is_some(),
        };
        // What is small goes by the channel, to a child that waits already if there is one.
        if let Some(document) = document
            && let Some(child) = self.waiting.take()
        {
            match self.supervise(child, &job, Some(document), collector).await {
                Err(Failed::NotStarted(_)) => tracing::info!("a child was lost while it waited"),
                outcome => return Ok(outcome?),
            }
        }
        let program = &self.settings.program;
        let child = match document {
            Some(document) => program.spawn_without_file(document.len() as u64),
            None => program.spawn(open(request).await?),
        };
        Ok(self
            .supervise(child.map_err(unavailable)?, &job, document, collector)
            .await?)
    }

    /// Supervises the child until it has ended.
    async fn supervise<T>(
        &self,
        mut child: RunningChild,
        job: &Job,
        document: Option<&[u8]>,
        collector: &mut impl FrameCollector<T>,
    ) -> Result<T, Failed> {
        let overrun = child.watch();
        let outcome = tokio::select! {
            outcome = self.exchange(&mut child, job, document, collector) => outcome,
            overrun = overrun => Err(StopReason::Overrun(overrun)),
            () = tokio::time::sleep(self.settings.timeout) => Err(StopReason::TimedOut),
        };
        let ended = child.kill_and_wait().await;
        let (status, stderr) = ended.map_err(|error| Failed::Engine(unavailable(error)))?;
        let stop = match outcome {
            Ok(result) => return result.map_err(|error| Failed::Engine(error.into())),
            Err(stop) => stop,
        };
        let exit = ExitReason::classify(status, &stderr);
        let error = self.classify(&stop, exit);
        tracing::warn!(
            %status, ?stop, ?exit, stderr_bytes = stderr.len(), code = error.code(),
            "a converter child was stopped or died"
        );
        Err(match stop {
            StopReason::NotStarted(_) => Failed::NotStarted(error),
            _ => Failed::Engine(error),
        })
    }

    /// Maps the reason and the exit status of a child without a result to an error.
    fn classify(&self, stop: &StopReason, exit: ExitReason) -> EngineError {
        let broken = match stop {
            StopReason::TimedOut => return EngineError::Timeout(self.settings.timeout),
            StopReason::Stalled => return EngineError::Timeout(self.settings.stall_timeout),
            StopReason::Overrun(ResourceOverrun::Memory) => return EngineError::OutOfMemory,
            StopReason::Overrun(ResourceOverrun::StderrFlood) => {
                return EngineError::LimitExceeded("it printed without end");
            }
            StopReason::Broken(error) | StopReason::NotStarted(error) => error,
        };
        match (broken, exit) {
            (_, ExitReason::OutOfMemory) => EngineError::OutOfMemory,
            (
                ProtocolError::Frame(FrameError::TooLarge { .. })
                | ProtocolError::Spool(SpoolError::TooLarge { .. }),
                _,
            ) => EngineError::LimitExceeded("its result is too large"),
            (ProtocolError::Spool(error), _) => unavailable(error),
            (_, ExitReason::WroteToFile) => EngineError::LimitExceeded("it wrote to a file"),
            (_, ExitReason::CpuTimeExceeded) => EngineError::Timeout(self.settings.program.policy().cpu),
            // The document has not been looked at.
            (_, ExitReason::SandboxFailed) => {
                EngineError::Unavailable("the converter's sandbox cannot be set up".into())
            }
            (_, ExitReason::ForbiddenSyscall | ExitReason::Crashed) => EngineError::Crashed,
        }
    }

    /// Gives the child its job and serves it until it answers.
    async fn exchange<T>(
        &self,
        child: &mut RunningChild,
        job: &Job,
        document: Option<&[u8]>,
        collector: &mut impl FrameCollector<T>,
    ) -> Result<Result<T, ConvertError>, StopReason> {
        self.send_job(child, job, document).await?;
        loop {
            let frame = self.next_frame(child).await?;
            match frame.kind {
                OCR => self.recognize(child, &frame).await?,
                FAILURE => return Ok(Err(decode(FAILURE, &frame)?)),
                _ => {
                    if let Step::Done(outcome) = collector.take(frame).await? {
                        return Ok(Ok(outcome));
                    }
                }
            }
        }
    }

    /// Gives the child its job, and waits until it has begun.
    async fn send_job(
        &self,
        child: &mut RunningChild,
        job: &Job,
        document: Option<&[u8]>,
    ) -> Result<(), StopReason> {
        let not_started = |error: FrameError| StopReason::NotStarted(error.into());
        child.send(&encode(JOB, job)?).await.map_err(not_started)?;
        if let Some(document) = document {
            let frame = Frame {
                kind: INPUT,
                bytes: document.to_vec(),
            };
            child.send(&frame).await.map_err(not_started)?;
        }
        match self.next_frame(child).await {
            Ok(Frame { kind: ACCEPTED, .. }) => Ok(()),
            Ok(frame) => Err(ProtocolError::Unexpected(frame.kind).into()),
            Err(StopReason::Broken(error)) => Err(StopReason::NotStarted(error)),
            Err(stop) => Err(stop),
        }
    }

    /// The next frame, which must not be long in coming.
    async fn next_frame(&self, child: &mut RunningChild) -> Result<Frame, StopReason> {
        let frame = tokio::time::timeout(self.settings.stall_timeout, child.receive(self.max_answer()));
        Ok(frame.await.map_err(|_| StopReason::Stalled)??)
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

    async fn recognize(&self, child: &mut RunningChild, header: &Frame) -> Result<(), ProtocolError> {
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

async fn open(request: &Request) -> Result<File, EngineError> {
    let file = request.file.clone();
    let opened = tokio::task::spawn_blocking(move || file.open()).await;
    opened.map_err(unavailable)?.map_err(unavailable)
}
