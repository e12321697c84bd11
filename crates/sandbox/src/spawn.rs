use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use rustix::process::Pid;
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::policy::{Mode, Policy};
use crate::protocol::{Frame, FrameError, POLICY};
use crate::watch::{Overrun, overrun};

/// Bytes of a child's standard error that are kept: the last ones.
const KEPT_STDERR: usize = 64 * 1024;
/// Bytes of standard error after which a child is taken for one that never stops.
const MAX_STDERR: usize = 16 << 20;

/// What is run as the child.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    policy: Policy,
    /// Keeps open what `path` names by its descriptor.
    _executable: Option<Arc<File>>,
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
    flood: Option<oneshot::Receiver<()>>,
    memory: Option<u64>,
}

impl Program {
    /// The program at `path` with `arguments`, under the default [`Policy`].
    pub fn new(path: impl Into<PathBuf>, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self {
            path: path.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            policy: Policy::default(),
            _executable: None,
        }
    }

    /// This very executable, opened once: later children are of the same version, also when its file has been
    /// replaced or removed.
    ///
    /// # Errors
    /// The system does not tell where it is, or does not let it be read.
    pub fn this(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> io::Result<Self> {
        if !cfg!(target_os = "linux") {
            return Ok(Self::new(std::env::current_exe()?, arguments));
        }
        // A child names the descriptor before it becomes the program, so that it may close at that moment.
        let executable = File::open("/proc/self/exe")?;
        let path = format!("/proc/self/fd/{}", executable.as_raw_fd());
        Ok(Self {
            _executable: Some(Arc::new(executable)),
            ..Self::new(path, arguments)
        })
    }

    /// The same program under `policy`.
    #[must_use]
    pub fn under(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// What a child may do and use, before its input is added.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// A command with the program and its arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments);
        command
    }

    /// Starts a child with `input` as its standard input, a channel as its standard output, an empty
    /// environment, and in a process group of its own. The first frame tells it the policy for this input.
    ///
    /// # Errors
    /// [`SpawnError`]: out of processes, descriptors or memory, or the program is not there.
    pub fn start(&self, input: File) -> Result<Running, SpawnError> {
        let bytes = input.metadata().map_or(0, |input| input.len());
        self.start_for(input, bytes)
    }

    /// As [`Self::start`], for `bytes` of input that come by the channel instead of a file.
    ///
    /// # Errors
    /// [`SpawnError`].
    pub fn start_without_file(&self, bytes: u64) -> Result<Running, SpawnError> {
        self.start_for(File::open("/dev/null")?, bytes)
    }

    fn start_for(&self, input: File, bytes: u64) -> Result<Running, SpawnError> {
        let policy = self.policy.for_input(bytes);
        let (mut ours, theirs) = StdUnixStream::pair()?;
        let frame = Frame {
            kind: POLICY,
            bytes: serde_json::to_vec(&policy).map_err(io::Error::other)?,
        };
        // Far smaller than what a fresh channel holds, so nobody has to read it yet.
        frame.write(&mut ours).map_err(io::Error::other)?;
        ours.set_nonblocking(true)?;
        let mut process = self
            .command()
            .env_clear()
            .stdin(Stdio::from(input))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let stderr = process.stderr.take();
        let (too_much, flood) = oneshot::channel();
        Ok(Running {
            process,
            channel: UnixStream::from_std(ours)?,
            stderr: tokio::spawn(keep_last(stderr, too_much)),
            flood: Some(flood),
            memory: (policy.mode != Mode::Off).then_some(policy.memory),
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

    /// Whether the child has not ended.
    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Watches the child from outside, whatever layers it has: ends once it has too much memory or writes
    /// without end to standard error, otherwise never. The first call alone watches.
    pub fn watch(&mut self) -> impl Future<Output = Overrun> + use<> {
        // The child stays in the list of processes until `end`, so that its id names no other process.
        let id = self.process.id().and_then(|id| i32::try_from(id).ok());
        let process = id.and_then(Pid::from_raw);
        let flood = self.flood.take().unwrap_or_else(|| oneshot::channel().1);
        overrun(process, self.memory, flood)
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

async fn keep_last(stderr: Option<ChildStderr>, too_much: oneshot::Sender<()>) -> Vec<u8> {
    let Some(mut stderr) = stderr else {
        return Vec::new();
    };
    let (mut kept, mut seen) = (VecDeque::new(), 0_usize);
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
        seen = seen.saturating_add(count);
        kept.extend(buffer.get(..count).unwrap_or_default());
        kept.drain(..kept.len().saturating_sub(KEPT_STDERR));
        if seen > MAX_STDERR {
            // Whoever listens ends the child; when nobody does, the closed pipe slows it down no more.
            let _ = too_much.send(());
            break;
        }
    }
    kept.into()
}
