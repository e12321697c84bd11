use std::fs::File;
use std::net::UdpSocket;
use std::process::ExitCode;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{ChildChannel, Confined, Frame, Layer, Mode, Policy, Program};

/// Child to parent: [`Confined`].
const CONFINED: u8 = 1;
/// Child to parent: an [`Attempt`] that was stopped.
const STOPPED: u8 = 2;
/// The most bytes of such a message.
const MAX_MESSAGE: usize = 4096;
/// How long a child may take for its attempts.
const PATIENCE: Duration = Duration::from_secs(10);
/// Parent to child: bytes of memory to try for.
const MEMORY: u8 = 3;

/// What a child tries that must not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attempt {
    /// To open a file.
    File,
    /// To make a socket.
    Socket,
    /// To find its parent with a signal.
    Signal,
    /// To get twice the memory that it may have.
    Memory,
    /// To become another program.
    Exec,
}

/// What a child tells about its layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// The layers as they were put on.
    pub confined: Confined,
    /// The attempts that were stopped.
    pub stopped: Vec<Attempt>,
}

impl Probed {
    fn has_stopped(&self, attempts: &[Attempt]) -> bool {
        attempts.iter().all(|attempt| self.stopped.contains(attempt))
    }

    /// Whether the limits are set and were seen to stop.
    #[must_use]
    pub fn limits_hold(&self) -> bool {
        self.confined.limits == Layer::Holds && self.has_stopped(&[Attempt::Memory])
    }

    /// Whether the filter of system calls is on and was seen to stop.
    #[must_use]
    pub fn seccomp_holds(&self) -> bool {
        let by_filter = [Attempt::File, Attempt::Socket, Attempt::Signal, Attempt::Exec];
        self.confined.seccomp == Layer::Holds && self.has_stopped(&by_filter)
    }

    /// Whether Landlock is on.
    #[must_use]
    pub fn landlock_holds(&self) -> bool {
        self.confined.landlock == Layer::Holds && self.has_stopped(&[Attempt::File])
    }

    /// Whether everything is there without which a child must not work.
    #[must_use]
    pub fn suffices(&self) -> bool {
        self.limits_hold() && self.seccomp_holds()
    }
}

impl Program {
    /// Starts a child under `policy` that tries what it must not be able to do. The program has to call
    /// [`run_probe`]. `None`: it could not even begin.
    pub async fn probe(&self, policy: Policy) -> Option<Probed> {
        // It shall tell which layers it has, not end for want of one.
        let policy = Policy {
            mode: if policy.mode == Mode::Off {
                Mode::Off
            } else {
                Mode::BestEffort
            },
            ..policy
        };
        let input = File::open("/dev/null").ok()?;
        let mut child = self.clone().under(policy).start(input).ok()?;
        let too_much = policy.memory.saturating_mul(2);
        let mut probed = None;
        let _ = tokio::time::timeout(PATIENCE, async {
            let frame = Frame {
                kind: MEMORY,
                bytes: too_much.to_le_bytes().to_vec(),
            };
            child.send(&frame).await.ok()?;
            let confined = child.receive(MAX_MESSAGE).await.ok()?;
            let probed = probed.insert(Probed {
                confined: serde_json::from_slice(&confined.bytes).ok()?,
                stopped: Vec::new(),
            });
            // The last attempt would replace the child, so that only an answer shows that it was stopped.
            while let Ok(frame) = child.receive(MAX_MESSAGE).await {
                probed.stopped.push(serde_json::from_slice(&frame.bytes).ok()?);
            }
            Some(())
        })
        .await;
        // Nothing hangs on how it ended.
        let _ = child.end().await;
        probed
    }
}

/// The work of a child that tries what it must not be able to do, and tells its parent what was stopped.
#[must_use]
pub fn run_probe() -> ExitCode {
    match ChildChannel::open() {
        Ok((mut channel, _)) => match tell(&mut channel) {
            Some(()) => ExitCode::SUCCESS,
            None => ExitCode::FAILURE,
        },
        Err(error) => ExitCode::from(error.exit_code()),
    }
}

fn tell(channel: &mut ChildChannel) -> Option<()> {
    let memory = channel.receive().ok()?;
    let memory = u64::from_le_bytes(memory.bytes.try_into().ok()?);
    let confined = serde_json::to_vec(channel.confined()).ok()?;
    channel
        .send(&Frame {
            kind: CONFINED,
            bytes: confined,
        })
        .ok()?;
    let attempts = [
        Attempt::File,
        Attempt::Socket,
        Attempt::Signal,
        Attempt::Memory,
        Attempt::Exec,
    ];
    for attempt in attempts {
        if stopped(attempt, memory) {
            let bytes = serde_json::to_vec(&attempt).ok()?;
            channel.send(&Frame { kind: STOPPED, bytes }).ok()?;
        }
    }
    Some(())
}

/// Makes an attempt; whether it was refused.
fn stopped(attempt: Attempt, memory: u64) -> bool {
    use std::io::ErrorKind::PermissionDenied;
    use std::os::unix::process::CommandExt;
    match attempt {
        Attempt::File => File::open("/").is_err_and(|error| error.kind() == PermissionDenied),
        Attempt::Socket => {
            UdpSocket::bind(("127.0.0.1", 0)).is_err_and(|error| error.kind() == PermissionDenied)
        }
        // No signal is sent, it is only asked whether one could be.
        Attempt::Signal => rustix::process::getppid()
            .is_some_and(|parent| rustix::process::test_kill_process(parent).is_err()),
        Attempt::Memory => {
            let bytes = usize::try_from(memory).unwrap_or(usize::MAX);
            let mut memory = Vec::<u8>::new();
            let refused = memory.try_reserve_exact(bytes).is_err();
            // Used, so that the compiler does not leave the attempt out.
            std::hint::black_box(memory.as_ptr());
            refused
        }
        Attempt::Exec => std::process::Command::new("/bin/true").exec().kind() == PermissionDenied,
    }
}
