use std::fs::File;
use std::net::UdpSocket;
use std::process::ExitCode;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{AppliedLayers, ChildChannel, LayerStatus, Mode, Policy, Program};

/// Largest frame of a probe in bytes.
const MAX_PROBE_FRAME_BYTES: usize = 4096;
/// Time limit of a probe.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

/// Forbidden action that a probe tries and that the sandbox has to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attempt {
    /// Opens a file.
    File,
    /// Creates a socket.
    Socket,
    /// Signals its parent.
    Signal,
    /// Allocates twice its memory limit.
    Memory,
    /// Executes another program.
    Exec,
}

/// Report of a child about its own sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeReport {
    /// Status of the layers as the child applied them.
    pub layers: AppliedLayers,
    /// Attempts that were refused.
    pub refused: Vec<Attempt>,
}

impl ProbeReport {
    fn has_refused(&self, attempts: &[Attempt]) -> bool {
        attempts.iter().all(|attempt| self.refused.contains(attempt))
    }

    /// Returns true if the resource limits are active and refused the allocation.
    #[must_use]
    pub fn limits_enforced(&self) -> bool {
        self.layers.limits == LayerStatus::Active && self.has_refused(&[Attempt::Memory])
    }

    /// Returns true if the system call filter is active and refused everything that it has to refuse.
    #[must_use]
    pub fn seccomp_enforced(&self) -> bool {
        let by_filter = [Attempt::File, Attempt::Socket, Attempt::Signal, Attempt::Exec];
        self.layers.seccomp == LayerStatus::Active && self.has_refused(&by_filter)
    }

    /// Returns true if Landlock is active and no file could be opened.
    #[must_use]
    pub fn landlock_enforced(&self) -> bool {
        self.layers.landlock == LayerStatus::Active && self.has_refused(&[Attempt::File])
    }

    /// Returns true if every layer that [`Mode::Required`] asks for is enforced.
    #[must_use]
    pub fn meets_requirements(&self) -> bool {
        self.limits_enforced() && self.seccomp_enforced()
    }
}

impl Program {
    /// Spawns a child under `policy` that tries forbidden actions and reports the refused ones. The program has to
    /// call [`run_probe`]. `None`: the child could not start or did not report its layers.
    ///
    /// The parent's frame is the memory to try to allocate; those of the child are its [`AppliedLayers`], then each
    /// [`Attempt`] that was refused.
    pub async fn probe(&self, policy: Policy) -> Option<ProbeReport> {
        // A missing layer has to be reported; `Required` would end the child before it can.
        let policy = Policy {
            mode: if policy.mode == Mode::Off {
                Mode::Off
            } else {
                Mode::BestEffort
            },
            ..policy
        };
        let input = File::open("/dev/null").ok()?;
        let mut child = self.clone().with_policy(policy).spawn(input).ok()?;
        let too_much = policy.memory.saturating_mul(2);
        let mut report = None;
        let _ = tokio::time::timeout(PROBE_TIMEOUT, async {
            child.send(&too_much.to_le_bytes()).await.ok()?;
            let layers = child.receive(MAX_PROBE_FRAME_BYTES).await.ok()?;
            let report = report.insert(ProbeReport {
                layers: postcard::from_bytes(&layers).ok()?,
                refused: Vec::new(),
            });
            // A successful exec replaces the child, which then closes the channel: only a frame proves a refusal.
            while let Ok(frame) = child.receive(MAX_PROBE_FRAME_BYTES).await {
                report.refused.push(postcard::from_bytes(&frame).ok()?);
            }
            Some(())
        })
        .await;
        // The report is complete, so the exit status does not matter.
        let _ = child.kill_and_wait().await;
        report
    }
}

/// Runs a probe child: tries the forbidden actions and reports the refused ones to the parent.
#[must_use]
pub fn run_probe() -> ExitCode {
    match ChildChannel::open() {
        Ok((mut channel, _)) => match report_attempts(&mut channel) {
            Some(()) => ExitCode::SUCCESS,
            None => ExitCode::FAILURE,
        },
        Err(error) => ExitCode::from(error.exit_code()),
    }
}

fn report_attempts(channel: &mut ChildChannel) -> Option<()> {
    let memory = channel.receive().ok()?;
    let memory = u64::from_le_bytes(memory.try_into().ok()?);
    let layers = postcard::to_stdvec(channel.applied_layers()).ok()?;
    channel.send(&layers).ok()?;
    // Exec comes last: if it succeeds, this process is another program.
    let attempts = [
        Attempt::File,
        Attempt::Socket,
        Attempt::Signal,
        Attempt::Memory,
        Attempt::Exec,
    ];
    for attempt in attempts {
        if is_refused(attempt, memory) {
            channel.send(&postcard::to_stdvec(&attempt).ok()?).ok()?;
        }
    }
    Some(())
}

/// Makes an attempt and returns true if it was refused.
fn is_refused(attempt: Attempt, memory: u64) -> bool {
    use std::io::ErrorKind::PermissionDenied;
    use std::os::unix::process::CommandExt;
    match attempt {
        Attempt::File => File::open("/").is_err_and(|error| error.kind() == PermissionDenied),
        Attempt::Socket => {
            UdpSocket::bind(("127.0.0.1", 0)).is_err_and(|error| error.kind() == PermissionDenied)
        }
        // Signal 0 checks the permission and sends nothing.
        Attempt::Signal => rustix::process::getppid()
            .is_some_and(|parent| rustix::process::test_kill_process(parent).is_err()),
        Attempt::Memory => {
            let bytes = usize::try_from(memory).unwrap_or(usize::MAX);
            let mut memory = Vec::<u8>::new();
            let refused = memory.try_reserve_exact(bytes).is_err();
            // Without a use the compiler may remove the allocation.
            std::hint::black_box(memory.as_ptr());
            refused
        }
        Attempt::Exec => std::process::Command::new("/bin/true").exec().kind() == PermissionDenied,
    }
}
