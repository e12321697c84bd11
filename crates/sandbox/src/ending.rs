use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::Signal;

/// The exit status of a child that could not put around itself what it must have.
pub const UNCONFINED: u8 = 70;

/// What Rust's runtime writes last when memory has run out, before it aborts. It has no other sign that a program
/// without unsafe code could set; a test holds the toolchain to it.
const NO_MEMORY: &[u8] = b"memory allocation of ";
/// What it writes of a thread that gets no stack, before it panics.
const NO_STACK: &[u8] = b"Cannot allocate memory";
/// The last bytes of standard error in which that stands.
const LAST: usize = 2_048;

/// Why a child ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It had used up its memory.
    Memory,
    /// It had used up its processor time.
    Cpu,
    /// It wrote to a file.
    FileSize,
    /// It made a system call that is deadly.
    Forbidden,
    /// It could not put its layers around itself, and has read nothing.
    Unconfined,
    /// A fault of its own, or somebody killed it.
    Crash,
}

impl Ending {
    /// Reads it from how the process ended and from the end of its standard error.
    #[must_use]
    pub fn of(status: ExitStatus, stderr: &[u8]) -> Self {
        let by = |signal: Signal| status.signal() == Some(signal.as_raw());
        let last = stderr
            .get(stderr.len().saturating_sub(LAST)..)
            .unwrap_or_default();
        let says = |words: &[u8]| last.windows(words.len()).any(|window| window == words);
        if status.code() == Some(i32::from(UNCONFINED)) {
            Self::Unconfined
        } else if by(Signal::XCPU) {
            Self::Cpu
        } else if by(Signal::XFSZ) {
            Self::FileSize
        } else if by(Signal::SYS) {
            Self::Forbidden
        } else if (by(Signal::ABORT) && says(NO_MEMORY)) || says(NO_STACK) {
            Self::Memory
        } else {
            Self::Crash
        }
    }
}
