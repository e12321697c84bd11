//! Sandbox: runs jobs in disposable child processes and lets the kernel confine them. Knows no document formats.
//!
//! ```text
//!   parent (server)                                   child (same executable, empty environment)
//!   ───────────────                                   ─────────────────────────────────────────
//!   Program::spawn ── fork + exec ──────────────────► ChildChannel::open
//!     stdin  = input file (read only)                   1. parent-death signal, lower priority
//!     stdout = socket, the channel                      2. read the policy
//!     stderr = pipe, last 64 KiB kept                   3. resource limits   limits.rs          setrlimit
//!         │                                             4. Landlock          landlock_layer.rs  paths, ports
//!         ├── policy, the first frame ────────────────► 5. seccomp           seccomp_layer.rs   system calls
//!         ├── job frames ─────────────────────────────► only now reads hostile bytes
//!         ◄── result frames ──────────────────────────┤
//!   RunningChild::watch  memory, stderr flood           a layer that is required and fails:
//!   RunningChild::kill_and_wait ── SIGKILL, reap ─────► exit with EXIT_SANDBOX_FAILED, nothing read
//!         │
//!         └── ExitReason::classify (exit status, stderr): out of memory, CPU time, forbidden call, crash
//! ```
//!
//! Each layer assumes that the one inside it is broken: the filter holds if Landlock is missing, the limits hold if
//! the filter has a hole, and the parent's deadline and memory watch hold if the child ignores everything. Nothing
//! that a child sends is trusted beyond the bounded length of its frame.
//!
//! [`ChildPool`] keeps children that have applied their layers and wait for a job; [`ReusePool`] those that have done
//! one and get the limits of another for the same owner ([`RunningChild::renew`]); [`Program::probe`] checks that the
//! layers really refuse what they must; [`Launcher`] puts limits around other programs, such as an OCR engine.

mod applied_layers;
mod child;
mod exit_reason;
#[cfg(target_os = "linux")]
mod landlock_layer;
mod launcher;
#[cfg(target_os = "linux")]
mod limits;
mod policy;
mod pool;
mod probe;
mod protocol;
#[cfg(target_os = "linux")]
mod renewal;
mod reuse;
mod running_child;
#[cfg(target_os = "linux")]
mod seccomp_layer;
mod spawn;
mod stderr_tail;
mod watch;

pub use applied_layers::{AppliedLayers, LayerStatus};
pub use child::{ChildChannel, ChildError};
pub use exit_reason::{EXIT_SANDBOX_FAILED, ExitReason};
pub use launcher::{Launcher, ProgramLimits, exec_limited};
pub use policy::{Layers, Mode, Policy};
pub use pool::ChildPool;
pub use probe::{Attempt, ProbeReport, run_probe};
pub use protocol::{FrameError, MAX_FRAME_BYTES, read_frame};
pub use reuse::ReusePool;
pub use running_child::RunningChild;
pub use spawn::{Program, SpawnError};
pub use watch::ResourceOverrun;
