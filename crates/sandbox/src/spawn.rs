use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr, Command};
use tokio::task::JoinHandle;

use crate::protocol::{Frame, FrameError};

/// Bytes of a child's standard error that are kept: the last ones.
const KEPT_STDERR: usize = 64 * 1024;

/// What is run as the child.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
}

/// Why no child could be started.
#[derive(Debug, thiserror::Error)]
#[error("the child process cannot be started: {0}")]
pub struct SpawnError(#[from] io::Error);

/// A child at work. Dropping it kills it.
pub struct Running {
    process: Child,
    channel: UnixStream,
    stderr: JoinHandle<Vec<u8>>,
}

impl Program {
    /// The program at `path` with `arguments`.
    pub fn new(path: impl Into<PathBuf>, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self {
            path: path.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
        }
    }

    /// This very executable, also when its file has been replaced since it was started.
    ///
    /// # Errors
    /// The system does not tell where it is.
    pub fn this(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> io::Result<Self> {
        let path = if cfg!(target_os = "linux") {
            "/proc/self/exe".into()
        } else {
            std::env::current_exe()?
        };
        Ok(Self::new(path, arguments))
    }

    /// Starts a child with `input` as its standard input, a channel as its standard output, an empty
    /// environment, and in a process group of its own.
    ///
    /// # Errors
    /// [`SpawnError`]: out of processes, descriptors or memory, or the program is not there.
    pub fn start(&self, input: File) -> Result<Running, SpawnError> {
        let (ours, theirs) = StdUnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let mut process = Command::new(&self.path)
            .args(&self.arguments)
            .env_clear()
            .stdin(Stdio::from(input))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let stderr = process.stderr.take();
        Ok(Running {
            process,
            channel: UnixStream::from_std(ours)?,
            stderr: tokio::spawn(keep_last(stderr)),
        })
    }
}

impl Running {
    /// Sends a frame to the child.
    ///
    /// # Errors
    /// [`FrameError`]: the child is gone, or the frame is too large.
    pub async fn send(&mut self, frame: &Frame) -> Result<(), FrameError> {
        frame.send(&mut self.channel).await
    }

    /// Waits for a frame of the child of at most `limit` bytes.
    ///
    /// # Errors
    /// [`FrameError`]: the child is gone, or announces a larger frame.
    pub async fn receive(&mut self, limit: usize) -> Result<Frame, FrameError> {
        Frame::receive(&mut self.channel, limit).await
    }

    /// Kills the child if it still runs, reaps it, and returns how it ended with the last bytes that it
    /// wrote to standard error.
    ///
    /// # Errors
    /// The system does not let go of the process.
    pub async fn end(mut self) -> io::Result<(ExitStatus, Vec<u8>)> {
        // Fails only when the child has ended already.
        drop(self.process.start_kill());
        let status = self.process.wait().await?;
        Ok((status, self.stderr.await.unwrap_or_default()))
    }
}

async fn keep_last(stderr: Option<ChildStderr>) -> Vec<u8> {
    let Some(mut stderr) = stderr else {
        return Vec::new();
    };
    let mut kept = VecDeque::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
        kept.extend(buffer.get(..count).unwrap_or_default());
        kept.drain(..kept.len().saturating_sub(KEPT_STDERR));
    }
    kept.into()
}
