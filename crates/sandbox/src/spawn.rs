use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use tokio::process::Command;

use crate::RunningChild;
use crate::policy::Policy;
use crate::protocol::write_frame;

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

    /// Spawns a child with `input` as its standard input, a channel as its standard output, an environment of its own,
    /// and a process group of its own. The first frame carries the policy for this input.
    ///
    /// # Errors
    /// [`SpawnError`]: out of processes, descriptors or memory, or the program does not exist.
    pub fn spawn(&self, input: File) -> Result<RunningChild, SpawnError> {
        let bytes = input.metadata().map_or(0, |input| input.len());
        // Its file is one document's.
        let policy = Policy {
            renewable: false,
            ..self.policy.for_input(bytes)
        };
        self.spawn_under(policy, Some(input))
    }

    /// Spawns a child whose input of `bytes` bytes comes over the channel instead of a file.
    ///
    /// # Errors
    /// [`SpawnError`], as [`Self::spawn`].
    pub fn spawn_without_file(&self, bytes: u64) -> Result<RunningChild, SpawnError> {
        self.spawn_under(self.policy.for_input(bytes), None)
    }

    fn spawn_under(&self, policy: Policy, input: Option<File>) -> Result<RunningChild, SpawnError> {
        let (mut ours, theirs) = UnixStream::pair()?;
        let (stderr, their_stderr) = std::io::pipe()?;
        let frame = postcard::to_stdvec(&policy).map_err(io::Error::other)?;
        // Written before the child exists: the frame fits into the socket's buffer, so the write cannot block.
        write_frame(&mut ours, &frame).map_err(io::Error::other)?;
        let process = self
            .command()
            // The environment holds keys and connection strings of the server.
            .env_clear()
            .envs(self.environment.iter().copied())
            .stdin(input.map_or_else(Stdio::null, Stdio::from))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .stderr(Stdio::from(their_stderr))
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        Ok(RunningChild::new(process, ours, stderr, policy)?)
    }
}
