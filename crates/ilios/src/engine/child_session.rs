//! The session of the parent with one child, from its start to its end.
//!
//! ```text
//! parent                                child (engine/child.rs)
//!   run_in_child ── take one of the owner, or one that waits, or spawn ──> limits and layers of the sandbox
//!   send_job ────── Job, with a small document ──────>
//!                 <── Accepted ─────────────────────── has its job and its document
//!   exchange ──── <── Ocr ───────── OcrText ─────────> each picture that needs OCR
//!                 <── Started, PageStart, Page … ───── collected by a FrameCollector
//!                 <── the last message, or Failed ──── result, or the document's error
//!   supervise ─── kept for the owner's next document, or killed
//! ```
//!
//! A child is kept when nothing but pages has come of a small document of a known owner (`is_clean`) and the kernel gives
//! it the limits of another job (`RunningChild::renew`). The last message is the last of what a job does: when it has
//! come, nothing of the document is left to do or to free. A child that is compromised all the same sees, and may change,
//! the next documents of this owner, until it ends like any other; never those of another.
//!
//! `supervise` ends the exchange early when the child uses too much memory or floods standard error (`Overrun`), when
//! the time of the document is over (`TimedOut`), or when no frame comes for `stall_timeout` (`Stalled`). `classify`
//! turns the reason and the exit status into an error; a compromised child can only cause such an error or send a wrong
//! result, for its frames are limited in size and decoded within bounds (`protocol`). A child that is gone before
//! `Accepted` (`NotStarted`) says nothing of the document: one that died while it waited is replaced by the next.

use std::fs::File;
use std::process::ExitStatus;
use std::time::Duration;

use bytes::Bytes;
use ilios_convert::{ConvertError, OutputFormat};
use ilios_sandbox::{ExitReason, FrameError, ResourceOverrun, RunningChild};

use super::children::Started;
use super::frame_collector::{FrameCollector, Step};
use super::ocr_resources::{HeldMemory, pictures_within};
use super::protocol::{Body, FromChild, Job, ProtocolError, Task, ToChild, decode, encode};
use super::tesseract::Picture;
use super::{EngineError, LocalEngine, Owner, Rendering, Request};
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

/// Answer of a child that has kept to the protocol.
struct Answer<T> {
    result: Result<T, ConvertError>,
    /// True if the child may have another document: this one was sound, had no pictures to recognize, and nothing of it was
    /// left out, at a limit or for another reason.
    is_clean: bool,
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
    /// Runs the task on the document in a child. The child is gone at the end or kept for another document of the same
    /// owner, and gone when this is dropped; `collector` keeps what came before the end, whatever that was.
    pub(super) async fn run_in_child<T>(
        &self,
        request: &Request,
        task: Task,
        collector: &mut impl FrameCollector<T>,
    ) -> Result<T, EngineError> {
        let document = request.file.in_memory();
        let tokenizer = match &task {
            Task::Render(Rendering::Document(output)) if output.form == OutputFormat::Chunks.into() => {
                self.tokenizers.file(&output.options).await?
            }
            _ => None,
        };
        // What is small goes by the channel, to a child that waits already if there is one.
        let job = encode(&ToChild::Job(Box::new(Job {
            name: request.file_name.as_str(),
            task,
            limits: self.settings.limits.clone(),
            document: document.map(Body),
            tokenizer: tokenizer.as_ref().map(|file| Body(file)),
        })));
        let job = job.map_err(unavailable)?;
        let is_small = document.is_some();
        for started in [Started::Reused, Started::Waiting] {
            let Some(child) = is_small
                .then(|| self.children.take(started, &request.owner))
                .flatten()
            else {
                continue;
            };
            match self.supervise(child, &request.owner, &job, collector).await {
                Err(Failed::NotStarted(_)) => tracing::info!(?started, "a child was lost while it waited"),
                outcome => return Ok(outcome?),
            }
        }
        let file = if is_small {
            None
        } else {
            Some(open(request).await?)
        };
        let child = self.children.spawn(file).map_err(unavailable)?;
        Ok(self.supervise(child, &request.owner, &job, collector).await?)
    }

    /// Supervises the child until it has ended or is kept.
    async fn supervise<T>(
        &self,
        mut child: RunningChild,
        owner: &Owner,
        job: &[u8],
        collector: &mut impl FrameCollector<T>,
    ) -> Result<T, Failed> {
        let overrun = child.watch();
        let outcome = tokio::select! {
            outcome = self.exchange(&mut child, job, collector) => outcome,
            overrun = overrun => Err(StopReason::Overrun(overrun)),
            () = tokio::time::sleep(self.settings.timeout) => Err(StopReason::TimedOut),
        };
        let stop = match outcome {
            Ok(Answer { result, is_clean }) => {
                let unkept = if is_clean {
                    self.children.keep(owner, child)
                } else {
                    Some(child)
                };
                if let Some(child) = unkept {
                    ended(child).await?;
                }
                return result.map_err(|error| Failed::Engine(error.into()));
            }
            Err(stop) => stop,
        };
        let (status, stderr) = ended(child).await?;
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
    ) -> Result<Answer<T>, StopReason> {
        let limit = collector.max_frame_bytes();
        self.send_job(child, job, limit).await?;
        let mut memory = HeldMemory::default();
        let mut processors = self.processors.take_one();
        let mut is_clean = true;
        let result = loop {
            let frame = self.next_frame(child, limit).await?;
            match decode(&frame)? {
                FromChild::Ocr {
                    dpi,
                    languages,
                    any_script,
                    png,
                } => {
                    is_clean = false;
                    let picture = Picture {
                        png: png.0,
                        dpi,
                        languages: &languages,
                        any_script,
                    };
                    self.recognize(child, picture).await?;
                }
                FromChild::Recognizing(pictures) => {
                    // A child that has loaded networks keeps their memory.
                    is_clean = false;
                    self.ocr.admit(&mut memory).await;
                    let most = pictures.min(pictures_within(self.settings.program.policy().memory));
                    let idle = processors.use_up_to(most);
                    let at_once = self.ocr.at_once(&mut memory, idle);
                    // What is idle without memory for a picture is for other children.
                    processors.use_up_to(at_once);
                    child.allow_cpu(RECOGNITION * at_once);
                    child.send(&encode(&ToChild::Proceed(at_once))?).await?;
                }
                FromChild::LargerNetworks => {
                    is_clean = false;
                    let message = self.ocr.larger_networks(&mut memory).await?;
                    child.send(&message).await?;
                }
                FromChild::Failed(error) => {
                    is_clean = false;
                    break Err(error);
                }
                message => {
                    is_clean &= !message.has_warnings();
                    if let Step::Done(outcome) = collector.take(message, &frame).await? {
                        break Ok(outcome);
                    }
                }
            }
        };
        Ok(Answer { result, is_clean })
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
            FromChild::Accepted(memory) => {
                child.begin(memory);
                Ok(())
            }
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

/// Kills the child; returns how it has ended, with the last bytes of its standard error.
async fn ended(child: RunningChild) -> Result<(ExitStatus, Vec<u8>), Failed> {
    let ended = child.kill_and_wait().await;
    ended.map_err(|error| Failed::Engine(unavailable(error)))
}

pub(super) fn unavailable(error: impl std::fmt::Display) -> EngineError {
    EngineError::Unavailable(error.to_string())
}

async fn open(request: &Request) -> Result<File, EngineError> {
    let file = request.file.clone();
    let opened = tokio::task::spawn_blocking(move || file.open()).await;
    opened.map_err(unavailable)?.map_err(unavailable)
}
