//! Runs one job in a disposable child process, and puts the kernel's layers around it; knows no formats.
//!
//! The parent ([`Program::start`]) hands the child one open file as its standard input and a socket as its
//! standard output. Both sides talk in frames over the socket ([`Frame`]): the parent sends first what the child
//! may do ([`Policy`]), which [`ChildChannel::open`] puts into force before anything hostile is read, then the
//! job; the child answers with whatever frames the job needs and ends. What the child prints to standard error
//! is kept for the log, and nothing else of the child reaches anybody.
//!
//! A child may be started before there is a job ([`Pool`]): it has its layers on then and waits.
//!
//! The layers are, from the outside in: a process with an empty environment that the parent watches and kills;
//! limits of the kernel; Landlock; a filter of system calls. [`Program::probe`] tells which of them hold.

mod child;
mod ending;
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
mod seccomp_layer;
mod spawn;
mod watch;

pub use child::{ChildChannel, ChildError};
pub use ending::{Ending, UNCONFINED};
pub use launcher::{Launcher, ProgramLimits, become_program};
pub use policy::{Confined, Layer, Layers, Mode, Policy};
pub use pool::Pool;
pub use probe::{Attempt, Probed, run_probe};
pub use protocol::{Frame, FrameError, MAX_FRAME};
pub use spawn::{Program, Running, SpawnError};
pub use watch::Overrun;
