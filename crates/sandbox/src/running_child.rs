use std::io::{self, PipeReader};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::process::Pid;
use tokio::io::BufReader;
use tokio::net::UnixStream;
use tokio::net::unix::pipe::Receiver;
use tokio::process::Child;

use crate::policy::{Mode, Policy};
use crate::protocol::{FrameError, receive_frame, send_frame};
use crate::stderr_tail::StderrReader;
use crate::watch::{ResourceOverrun, watch_resources};

/// Running child process. Dropping it kills the process.
pub struct RunningChild {
    process: Child,
    /// Most messages are short, and several come at once.
    channel: BufReader<UnixStream>,
    stderr: StderrReader,
    policy: Policy,
    /// Limit of its processor time for the present job, and that to which it may be raised.
    cpu: CpuLimit,
    life: Life,
}

struct CpuLimit {
    now: Duration,
    most: Duration,
}

/// Jobs of a child.
#[derive(Default)]
struct Life {
    /// Beginning of the first job, with the writable memory on top of which the child has set its limits.
    start: Option<(Instant, Option<u64>)>,
    /// Jobs that are done.
    jobs: u32,
}

impl RunningChild {
    pub(crate) fn new(
        process: Child,
        channel: StdUnixStream,
        stderr: PipeReader,
        policy: Policy,
    ) -> io::Result<Self> {
        channel.set_nonblocking(true)?;
        Ok(Self {
            process,
            channel: BufReader::new(UnixStream::from_std(channel)?),
            stderr: StderrReader::start(Receiver::from_owned_fd(stderr.into())?),
            policy,
            cpu: CpuLimit {
                now: policy.cpu,
                most: policy.most_cpu,
            },
            life: Life::default(),
        })
    }

    /// Its process. Until it is reaped, a dead child stays a zombie, so that its id names no other process.
    fn id(&self) -> Option<Pid> {
        let id = self.process.id().and_then(|id| i32::try_from(id).ok());
        id.and_then(Pid::from_raw)
    }

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
        let raised = self.cpu.now.saturating_add(more).min(self.cpu.most);
        if let (Some(process), true) = (self.id(), self.policy.requested().limits && raised > self.cpu.now) {
            self.cpu.now = raised;
            // A child that has ended needs none.
            drop(crate::limits::allow_cpu(process, raised, &self.policy));
        }
    }

    /// Does nothing: children have no limits here.
    #[cfg(not(target_os = "linux"))]
    pub fn allow_cpu(&mut self, _more: Duration) {}

    /// Returns true if the child has not ended, and has not spoken before it was spoken to.
    pub(crate) fn is_alive(&mut self) -> bool {
        let read = self.channel.get_ref().try_read(&mut [0]);
        let is_silent = read.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
        is_silent && self.channel.buffer().is_empty() && matches!(self.process.try_wait(), Ok(None))
    }

    /// Watches the child from outside, independent of its layers: completes once it uses too much memory or floods
    /// standard error, otherwise never.
    pub fn watch(&mut self) -> impl Future<Output = ResourceOverrun> + use<> {
        let memory = (self.policy.mode != Mode::Off).then_some(self.policy.memory);
        watch_resources(self.id(), memory, self.stderr.flood())
    }

    /// Takes down the beginning of a job. `memory_at_start` is what the child has told of its memory before it has read
    /// anything ([`crate::AppliedLayers`]): only the first call looks at it. Without it there is no other job.
    pub fn begin(&mut self, memory_at_start: Option<u64>) {
        if self.policy.renewable && self.life.start.is_none() {
            self.life.start = Some((Instant::now(), memory_at_start));
        }
    }

    /// Makes a child that has done a job ready for another one with the same limits. Returns false when it must not have
    /// another: its policy says so, it has printed something, it keeps more memory or has taken more processor time than
    /// a few small jobs should, it has ended, or the system does not tell.
    #[cfg(target_os = "linux")]
    pub fn renew(&mut self) -> bool {
        let (Some((_, Some(at_start))), Some(id)) = (self.life.start, self.id()) else {
            return false;
        };
        // One that has ended, or speaks before it is spoken to, is not what it should be.
        if self.stderr.has_printed() || !self.is_alive() {
            return false;
        }
        let Ok(used) = crate::renewal::renew(id, &self.policy, at_start) else {
            return false;
        };
        let used = crate::renewal::whole_seconds(used);
        self.cpu = CpuLimit {
            now: used.saturating_add(self.policy.cpu),
            most: used.saturating_add(self.policy.most_cpu),
        };
        self.life.jobs += 1;
        true
    }

    /// Returns false: a child does one job here.
    #[cfg(not(target_os = "linux"))]
    pub fn renew(&mut self) -> bool {
        false
    }

    /// Jobs after which it was renewed.
    pub(crate) fn jobs(&self) -> u32 {
        self.life.jobs
    }

    /// Beginning of its first job.
    pub(crate) fn first_job(&self) -> Option<Instant> {
        self.life.start.map(|(moment, _)| moment)
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
        Ok((status, self.stderr.into_tail().await))
    }
}
