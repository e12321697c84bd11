use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use crate::applied_layers::{AppliedLayers, apply_layers};
use crate::policy::Mode;
use crate::protocol::{FrameError, MAX_FRAME_BYTES, read_frame, write_frame};
use crate::{EXIT_SANDBOX_FAILED, Policy};

/// Child's end of the channel to its parent.
pub struct ChildChannel {
    stream: UnixStream,
    applied: AppliedLayers,
}

/// Nice value of a child: conversions yield to the server, which has clients waiting for answers.
const NICE_INCREMENT: i32 = 5;
/// Largest policy frame in bytes.
const MAX_POLICY_BYTES: usize = 4096;

/// Reasons why this process cannot work as a child.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// The process was started by hand: it has no parent and no channel.
    #[error("this process was not started as a child with a file and a channel: {0}")]
    NotAChild(#[from] io::Error),
    /// The first frame on the channel is not a policy.
    #[error("no policy came from the parent")]
    NoPolicy,
    /// A required layer could not be applied.
    #[error("the sandbox cannot be set up: {0}")]
    SandboxFailed(String),
}

impl ChildError {
    /// Exit status that reports this error to the parent.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NotAChild(_) | Self::NoPolicy => 2,
            Self::SandboxFailed(_) => EXIT_SANDBOX_FAILED,
        }
    }
}

impl ChildChannel {
    /// Takes over the input file (standard input) and the channel (standard output), reads the policy and applies
    /// its layers to this process. Must be the first call of the program, while the process has one thread and
    /// nothing large in memory: filters and limits apply per thread, and memory in use counts against the limits.
    ///
    /// # Errors
    /// [`ChildError`]: the process was not started by [`crate::Program::spawn`], or a required layer failed.
    pub fn open() -> Result<(Self, File), ChildError> {
        // A child must not outlive a server that was killed: nobody would enforce its deadline.
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
            .map_err(io::Error::from)?;
        // A refusal only costs the lower priority, so the result is ignored.
        let _ = rustix::process::nice(NICE_INCREMENT);
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let mut stream = UnixStream::from(io::stdout().as_fd().try_clone_to_owned()?);
        // Standard output that is no socket has no peer: the program was started by hand.
        stream.peer_addr()?;
        let policy = read_policy(&mut stream).ok_or(ChildError::NoPolicy)?;
        let applied = apply_layers(&policy);
        match applied.missing_required_layer() {
            Some(missing) if policy.mode == Mode::Required => Err(ChildError::SandboxFailed(missing)),
            _ => Ok((Self { stream, applied }, input)),
        }
    }

    /// Layers that are in force around this process.
    #[must_use]
    pub fn applied_layers(&self) -> &AppliedLayers {
        &self.applied
    }

    /// Sends a frame to the parent.
    ///
    /// # Errors
    /// [`FrameError`]: the frame is too large, or the parent is gone.
    pub fn send(&mut self, frame: &[u8]) -> Result<(), FrameError> {
        write_frame(&mut self.stream, frame)
    }

    /// Waits for a frame from the parent.
    ///
    /// # Errors
    /// [`FrameError`]: the parent is gone.
    pub fn receive(&mut self) -> Result<Vec<u8>, FrameError> {
        read_frame(&mut self.stream, MAX_FRAME_BYTES)
    }
}

fn read_policy(stream: &mut UnixStream) -> Option<Policy> {
    let frame = read_frame(stream, MAX_POLICY_BYTES).ok()?;
    postcard::from_bytes(&frame).ok()
}
