use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::Pid;
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::policy::{Mode, Policy};
use crate::protocol::{FrameError, receive_frame, send_frame, write_frame};
use crate::watch::{ResourceOverrun, watch_resources};

/// Bytes at the end of a child's standard error that are kept for the log.
const KEPT_STDERR_BYTES: usize = 64 * 1024;
/// Bytes of standard error after which a child counts as flooding it.
const MAX_STDERR_BYTES: usize = 16 << 20;

/// Executable, arguments and policy of children.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    /// Whole environment of children.
    environment: &'static [(&'static str, &'static str)],
    policy: Policy,
    /// Keeps the descriptor open that `path` refers to.
    _executable: Option<Arc<File>>,
}

/// Failure to start a child.
#[derive(Debug, thiserror::Error)]
#[error("the child process cannot be started: {0}")]
pub struct SpawnError(#[from] io::Error);

/// Running child process. Dropping it kills the process.
pub struct RunningChild {
    process: Child,
    channel: UnixStream,
    stderr: JoinHandle<StderrTail>,
    /// Fires once standard error has more than [`MAX_STDERR_BYTES`].
    stderr_flood: Option<oneshot::Receiver<()>>,
    /// Memory limit in bytes that the parent enforces from outside; `None` when the sandbox is off.
    memory: Option<u64>,
    /// Limit of its processor time; `None` when it has none.
    cpu: Option<CpuLimit>,
}

/// Limit of processor time that the parent may raise.
struct CpuLimit {
    now: Duration,
    most: Duration,
}

/// End of a child's standard error.
#[derive(Default)]
struct StderrTail {
    bytes: Vec<u8>,
    /// Pipe of a child that floods it, open until the child has been killed: were it closed before, the child would die
    /// of its next write, and a flood would look like a crash.
    _unread: Option<ChildStderr>,
}

impl Program {
    /// Describes the program at `path` with `arguments`, under the default [`Policy`].
    pub fn new(path: impl Into<PathBuf>, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self {
            path: path.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            environment: &[],
            policy: Policy::default(),
            _executable: None,
        }
    }

    /// Describes the executable of this process. It is opened once, so that later children run the same version even
    /// after an upgrade has replaced or removed the file.
    ///
    /// # Errors
    /// I/O error: the executable cannot be found or read.
    pub fn current_executable(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> io::Result<Self> {
        if !cfg!(target_os = "linux") {
            return Ok(Self::new(std::env::current_exe()?, arguments));
        }
        // The path is resolved by exec, before close-on-exec closes the descriptor that it names.
        let executable = File::open("/proc/self/exe")?;
        let path = format!("/proc/self/fd/{}", executable.as_raw_fd());
        Ok(Self {
            _executable: Some(Arc::new(executable)),
            ..Self::new(path, arguments)
        })
    }

    /// Returns the same program under `policy`.
    #[must_use]
    pub fn with_policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// Returns the same program, whose children have these variables in their environment and no others.
    #[must_use]
    pub fn with_environment(self, environment: &'static [(&'static str, &'static str)]) -> Self {
        Self { environment, ..self }
    }

    /// Policy of the children, without the memory that their input adds.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// Builds a command with the program and its arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments);
        command
    }

    /// Spawns a child with `input` as its standard input, a channel as its standard output, an environment of
    /// its own,
    /// and a process group of its own. The first frame carries the policy for this input.
    ///
    /// # Errors
    /// [`SpawnError`]: out of processes, descriptors or memory, or the program does not exist.
    pub fn spawn(&self, input: File) -> Result<RunningChild, SpawnError> {
        let bytes = input.metadata().map_or(0, |input| input.len());
        self.spawn_for(input, bytes)
    }

    /// Spawns a child whose input of `bytes` bytes comes over the channel instead of a file.
    ///
    /// # Errors
    /// [`SpawnError`], as [`Self::spawn`].
    pub fn spawn_without_file(&self, bytes: u64) -> Result<RunningChild, SpawnError> {
        self.spawn_for(File::open("/dev/null")?, bytes)
    }

    fn spawn_for(&self, input: File, bytes: u64) -> Result<RunningChild, SpawnError> {
        let policy = self.policy.for_input(bytes);
        let (mut ours, theirs) = StdUnixStream::pair()?;
        let frame = postcard::to_stdvec(&policy).map_err(io::Error::other)?;
        // Written before the child exists: the frame fits into the socket's buffer, so the write cannot block.
        write_frame(&mut ours, &frame).map_err(io::Error::other)?;
        ours.set_nonblocking(true)?;
        let mut process = self
            .command()
            // The environment holds keys and connection strings of the server.
            .env_clear()
            .envs(self.environment.iter().copied())
            .stdin(Stdio::from(input))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let stderr = process.stderr.take();
        let (on_flood, stderr_flood) = oneshot::channel();
        Ok(RunningChild {
            process,
            channel: UnixStream::from_std(ours)?,
            stderr: tokio::spawn(read_stderr_tail(stderr, on_flood)),
            stderr_flood: Some(stderr_flood),
            memory: (policy.mode != Mode::Off).then_some(policy.memory),
            cpu: (policy.requested().limits && policy.most_cpu > policy.cpu).then_some(CpuLimit {
                now: policy.cpu,
                most: policy.most_cpu,
            }),
        })
    }
}

impl RunningChild {
    /// Sends a frame to the child.
    ///
    /// # Errors
    /// [`FrameError`]: the child is gone, or the frame is too large.
    pub async fn send(&mut self, frame: &[u8]) -> Result<(), FrameError> {
        send_frame(&mut self.channel, frame).await
    }

    /// Waits for a frame from the child of at most `limit` bytes.
    ///
    /// # Errors
    /// [`FrameError`]: the child is gone, or announces a larger frame.
    pub async fn receive(&mut self, limit: usize) -> Result<Vec<u8>, FrameError> {
        receive_frame(&mut self.channel, limit).await
    }

    /// Lets the child take so much more processor time, within what its policy allows at most. For work of which the
    /// parent knows that it takes long.
    #[cfg(target_os = "linux")]
    pub fn allow_cpu(&mut self, more: Duration) {
        let process = self.process.id().and_then(|id| i32::try_from(id).ok());
        let process = process.and_then(Pid::from_raw);
        if let (Some(process), Some(limit)) = (process, &mut self.cpu) {
            limit.now = limit.now.saturating_add(more).min(limit.most);
            // A child that has ended needs none.
            drop(crate::limits::allow_cpu(process, limit.now, limit.most));
        }
    }

    /// Does nothing: children have no limits here.
    #[cfg(not(target_os = "linux"))]
    pub fn allow_cpu(&mut self, _more: Duration) {}

    /// Returns true if the child has not ended.
    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Watches the child from outside, independent of its layers: completes once it uses too much memory or floods
    /// standard error, otherwise never. Only the first call watches standard error.
    pub fn watch(&mut self) -> impl Future<Output = ResourceOverrun> + use<> {
        // Until it is reaped, a dead child stays a zombie, so its id cannot name another process.
        let id = self.process.id().and_then(|id| i32::try_from(id).ok());
        let process = id.and_then(Pid::from_raw);
        let flood = self.stderr_flood.take().unwrap_or_else(|| oneshot::channel().1);
        watch_resources(process, self.memory, flood)
    }

    /// Kills the child if it still runs, reaps it, and returns its exit status with the last bytes of its standard
    /// error.
    ///
    /// # Errors
    /// I/O error: waiting for the process failed.
    pub async fn kill_and_wait(mut self) -> io::Result<(ExitStatus, Vec<u8>)> {
        // An error means that the child has ended already.
        drop(self.process.start_kill());
        let status = self.process.wait().await?;
        Ok((status, self.stderr.await.unwrap_or_default().bytes))
    }
}

/// Reads standard error to its end and keeps the last [`KEPT_STDERR_BYTES`]. Reports a flood and stops reading.
async fn read_stderr_tail(stderr: Option<ChildStderr>, on_flood: oneshot::Sender<()>) -> StderrTail {
    let Some(mut stderr) = stderr else {
        return StderrTail::default();
    };
    let (mut kept, mut seen) = (VecDeque::new(), 0_usize);
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
        seen = seen.saturating_add(count);
        kept.extend(buffer.get(..count).unwrap_or_default());
        kept.drain(..kept.len().saturating_sub(KEPT_STDERR_BYTES));
        if seen > MAX_STDERR_BYTES {
            // The receiver kills the child. Without a receiver, the closed pipe makes its writes fail.
            let is_watched = on_flood.send(()).is_ok();
            return StderrTail {
                bytes: kept.into(),
                _unread: is_watched.then_some(stderr),
            };
        }
    }
    StderrTail {
        bytes: kept.into(),
        _unread: None,
    }
}
