//! Runs one job in a disposable child process; knows no formats.
//!
//! The parent ([`Program::start`]) hands the child one open file as its standard input and a socket as its
//! standard output. Both sides talk in frames over the socket ([`Frame`]): the parent sends the job, the
//! child answers with whatever frames the job needs and ends. What the child prints to standard error is
//! kept for the log, and nothing else of the child reaches anybody.

mod child;
mod protocol;
mod spawn;

pub use child::{ChildChannel, ChildError};
pub use protocol::{Frame, FrameError, MAX_FRAME};
pub use spawn::{Program, Running, SpawnError};
