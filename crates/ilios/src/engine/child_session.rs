//! The session of the parent with one child, from its start to its end.
//!
//! ```text
//! parent                                child (engine/child.rs)
//!   run_in_child ── spawn, or take a waiting child ──> limits and layers of the sandbox
//!   send_job ────── Job, with a small document ──────>
//!                 <── Accepted ─────────────────────── has its job and its document
//!   exchange ──── <── Ocr ───────── OcrText ─────────> each picture that needs OCR
//!                 <── Started, PageStart, Page … ───── collected by a FrameCollector
//!                 <── the last message, or Failed ──── result, or the document's error
//!   supervise ─── kill and wait, whatever happened
//! ```
//!
//! `supervise` ends the exchange early when the child uses too much memory or floods standard error (`Overrun`), when
//! the time of the document is over (`TimedOut`), or when no frame comes for `stall_timeout` (`Stalled`). `classify`
//! turns the reason and the exit status into an error; a compromised child can only cause such an error or send a wrong
//! result, for its frames are limited in size and decoded within bounds (`protocol`). A child that is gone before
//! `Accepted` (`NotStarted`) says nothing of the document: a waiting child that died is replaced by a new one, once.

use std::fs::File;
use std::time::Duration;

use bytes::Bytes;
use ilios_convert::ConvertError;
use ilios_sandbox::{ExitReason, FrameError, ResourceOverrun, RunningChild};

use super::frame_collector::{FrameCollector, Step};
use super::ocr_resources::HeldMemory;
use super::protocol::{Body, FromChild, Job, ProtocolError, Task, ToChild, decode, encode};
use super::tesseract::Picture;
use super::{EngineError, LocalEngine, Request};
use crate::spool::SpoolError;

/// Bytes that may come with the Markdown of a document: what its pages are, metadata and warnings.
const BESIDE_MARKDOWN_BYTES: u64 = 16 << 20;

/// Processor time that a child gets for each picture that it recognizes; a dense page takes a few seconds.
const RECOGNITION: Duration = Duration::from_secs(30);

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
        // What is small goes by the channel, to a child that waits already if there is one.
        let job = encode(&ToChild::Job(Job {
            name: request.file_name.as_str(),
            task,
            limits: self.settings.limits.clone(),
            document: document.map(Body),
        }));
        let job = job.map_err(unavailable)?;
        if document.is_some()
            && let Some(child) = self.waiting.take()
        {
            match self.supervise(child, &job, collector).await {
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
            .supervise(child.map_err(unavailable)?, &job, collector)
            .await?)
    }

    /// Supervises the child until it has ended.
    async fn supervise<T>(
        &self,
        mut child: RunningChild,
        job: &[u8],
        collector: &mut impl FrameCollector<T>,
    ) -> Result<T, Failed> {
        let overrun = child.watch();
        let outcome = tokio::select! {
            outcome = self.exchange(&mut child, job, collector) => outcome,
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
            (ProtocolError::Picture(_), _) => unavailable(broken),
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
        job: &[u8],
        collector: &mut impl FrameCollector<T>,
    ) -> Result<Result<T, ConvertError>, StopReason> {
        let limit = collector.max_frame_bytes();
        self.send_job(child, job, limit).await?;
        let mut memory = HeldMemory::default();
        loop {
            let frame = self.next_frame(child, limit).await?;
            match decode(&frame)? {
                FromChild::Ocr {
                    dpi,
                    languages,
                    any_script,
                    png,
                } => {
                    let picture = Picture {
                        png: png.0,
                        dpi,
                        languages: &languages,
                        any_script,
                    };
                    self.recognize(child, picture).await?;
                }
                FromChild::Recognizing => {
                    self.ocr.admit(&mut memory).await;
                    child.allow_cpu(RECOGNITION);
                    child.send(&encode(&ToChild::Proceed)?).await?;
                }
                FromChild::LargerNetworks => {
                    let message = self.ocr.larger_networks(&mut memory).await?;
                    child.send(&message).await?;
                }
                FromChild::Failed(error) => return Ok(Err(error)),
                message => {
                    if let Step::Done(outcome) = collector.take(message, &frame).await? {
                        return Ok(Ok(outcome));
                    }
                }
            }
        }
    }

    /// Gives the child its job, and waits until it has begun.
    async fn send_job(&self, child: &mut RunningChild, job: &[u8], limit: usize) -> Result<(), StopReason> {
        let sent = child.send(job).await;
        sent.map_err(|error| StopReason::NotStarted(error.into()))?;
        let frame = self.next_frame(child, limit).await.map_err(|stop| match stop {
            StopReason::Broken(error) => StopReason::NotStarted(error),
            stop => stop,
        })?;
        match decode(&frame)? {
            FromChild::Accepted => Ok(()),
            _ => Err(ProtocolError::Unexpected.into()),
        }
    }

    /// The next frame, which must not be long in coming.
    async fn next_frame(&self, child: &mut RunningChild, limit: usize) -> Result<Bytes, StopReason> {
        let frame = tokio::time::timeout(self.settings.stall_timeout, child.receive(limit));
        Ok(frame.await.map_err(|_| StopReason::Stalled)??.into())
    }

    /// The most bytes of the pages of a document.
    pub(super) fn max_pages_bytes(&self) -> usize {
        let markdown = self.settings.limits.output_bytes;
        usize::try_from(markdown.saturating_add(BESIDE_MARKDOWN_BYTES)).unwrap_or(usize::MAX)
    }

    async fn recognize(&self, child: &mut RunningChild, picture: Picture<'_>) -> Result<(), ProtocolError> {
        let recognized = self.tesseract.recognize(picture).await;
        let reply = match &recognized {
            Ok(tsv) => ToChild::OcrText(Body(tsv)),
            Err(error) => ToChild::OcrFailed(error.clone()),
        };
        Ok(child.send(&encode(&reply)?).await?)
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
