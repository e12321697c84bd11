use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use rustix::process::Signal;

/// Exit status of a child that could not apply a required layer.
pub const EXIT_SANDBOX_FAILED: u8 = 70;

/// Message of Rust's runtime before it aborts for lack of memory. Safe code has no other way to report this, and a
/// test checks that the toolchain still writes it.
const OUT_OF_MEMORY_MESSAGE: &[u8] = b"memory allocation of ";
/// Message of Rust's runtime before it panics because a thread got no stack.
const NO_STACK_MESSAGE: &[u8] = b"Cannot allocate memory";
/// Bytes at the end of standard error that are searched for those messages.
const STDERR_TAIL_BYTES: usize = 2_048;

/// Reason why a child ended without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitReason {
    /// Reached its memory limit.
    OutOfMemory,
    /// Reached its limit of processor time.
    CpuTimeExceeded,
    /// Wrote to a file, which its limits set to a size of zero.
    WroteToFile,
    /// Made a system call that the filter answers with a kill.
    ForbiddenSyscall,
    /// Failed to apply its layers; it has read nothing of the input.
    SandboxFailed,
    /// Crashed, or was killed from outside.
    Crashed,
}

impl ExitReason {
    /// Classifies the end of a child by its exit status and the last bytes of its standard error.
    #[must_use]
    pub fn classify(status: ExitStatus, stderr: &[u8]) -> Self {
        let killed_by = |signal: Signal| status.signal() == Some(signal.as_raw());
        let tail = stderr
            .get(stderr.len().saturating_sub(STDERR_TAIL_BYTES)..)
            .unwrap_or_default();
        let contains = |message: &[u8]| tail.windows(message.len()).any(|window| window == message);
        if status.code() == Some(i32::from(EXIT_SANDBOX_FAILED)) {
            Self::SandboxFailed
        } else if killed_by(Signal::XCPU) {
            Self::CpuTimeExceeded
        } else if killed_by(Signal::XFSZ) {
            Self::WroteToFile
        } else if killed_by(Signal::SYS) {
            // Only the filter of `seccomp_layer` sends SIGSYS.
            Self::ForbiddenSyscall
        } else if (killed_by(Signal::ABORT) && contains(OUT_OF_MEMORY_MESSAGE)) || contains(NO_STACK_MESSAGE)
        {
            // An abort alone may be any bug of a library; only the message tells that memory was the reason.
            Self::OutOfMemory
        } else {
            Self::Crashed
        }
    }
}
