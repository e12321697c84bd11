use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use crate::protocol::{Frame, FrameError, MAX_FRAME};

/// The child's side of the channel to its parent.
pub struct ChildChannel {
    stream: UnixStream,
}

/// How far a child steps back behind other processes when the processors are busy.
const NICENESS: i32 = 5;

/// Why a process cannot work as a child.
#[derive(Debug, thiserror::Error)]
#[error("this process was not started as a child with a file and a channel: {0}")]
pub struct ChildError(#[from] io::Error);

impl ChildChannel {
    /// Takes what the parent handed over: the input file (standard input) and the channel (standard output).
    /// Asks the system to kill this process when its parent dies, and to run others first.
    ///
    /// # Errors
    /// The process was not started by [`crate::Program::start`].
    pub fn open() -> Result<(Self, File), ChildError> {
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
            .map_err(io::Error::from)?;
        // Whoever waits for an answer of the parent goes before a conversion; when the system refuses, all are
        // equal, as without it.
        let _ = rustix::process::nice(NICENESS);
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let stream = UnixStream::from(io::stdout().as_fd().try_clone_to_owned()?);
        stream.peer_addr()?;
        Ok((Self { stream }, input))
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
