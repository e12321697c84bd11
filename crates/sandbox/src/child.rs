use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use crate::policy::{Confined, Mode, confine};
use crate::protocol::{Frame, FrameError, MAX_FRAME, POLICY};
use crate::{Policy, UNCONFINED};

/// The child's side of the channel to its parent.
pub struct ChildChannel {
    stream: UnixStream,
    confined: Confined,
}

/// How far a child steps back behind other processes when the processors are busy.
const NICENESS: i32 = 5;
/// Bytes of the frame with the policy.
const MAX_POLICY: usize = 4096;

/// Why a process cannot work as a child.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// It has no parent that speaks to it.
    #[error("this process was not started as a child with a file and a channel: {0}")]
    NotAChild(#[from] io::Error),
    /// The channel does not begin with a policy.
    #[error("no policy came from the parent")]
    NoPolicy,
    /// A layer that is required is missing.
    #[error("the sandbox cannot be set up: {0}")]
    Unconfined(String),
}

impl ChildError {
    /// The exit status that tells it to the parent.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NotAChild(_) | Self::NoPolicy => 2,
            Self::Unconfined(_) => UNCONFINED,
        }
    }
}

impl ChildChannel {
    /// Takes what the parent handed over: the input file (standard input) and the channel (standard output).
    /// Asks the system to kill this process when its parent dies, and to run others first. Then puts around the
    /// process the layers that the parent asks for: call it first, while the process has one thread and nothing
    /// large in memory.
    ///
    /// # Errors
    /// The process was not started by [`crate::Program::start`], or lacks a layer that is required.
    pub fn open() -> Result<(Self, File), ChildError> {
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
            .map_err(io::Error::from)?;
        // Whoever waits for an answer of the parent goes before a conversion; when the system refuses, all are
        // equal, as without it.
        let _ = rustix::process::nice(NICENESS);
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let mut stream = UnixStream::from(io::stdout().as_fd().try_clone_to_owned()?);
        stream.peer_addr()?;
        let policy = policy(&mut stream).ok_or(ChildError::NoPolicy)?;
        let confined = confine(&policy);
        match confined.breach() {
            Some(breach) if policy.mode == Mode::Required => Err(ChildError::Unconfined(breach)),
            _ => Ok((Self { stream, confined }, input)),
        }
    }

    /// The layers around this process.
    #[must_use]
    pub fn confined(&self) -> &Confined {
        &self.confined
    }

    /// Sends a frame to the parent.
    ///
    /// # Errors
    /// [`FrameError`]: the frame is too large, or the parent is gone.
    pub fn send(&mut self, frame: &Frame) -> Result<(), FrameError> {
        frame.write(&mut self.stream)
    }

    /// Waits for a frame of the parent.
    ///
    /// # Errors
    /// [`FrameError`]: the parent is gone.
    pub fn receive(&mut self) -> Result<Frame, FrameError> {
        Frame::read(&mut self.stream, MAX_FRAME)
    }
}

fn policy(stream: &mut UnixStream) -> Option<Policy> {
    let frame = Frame::read(stream, MAX_POLICY).ok()?;
    if frame.kind == POLICY {
        serde_json::from_slice(&frame.bytes).ok()
    } else {
        None
    }
}
