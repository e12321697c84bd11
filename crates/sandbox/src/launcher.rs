use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use tokio::process::Command;

use crate::Program;

/// Exit status for a program that cannot be executed, as shells use it.
const EXIT_NOT_FOUND: u8 = 127;

/// Starts other programs under resource limits: a process of this executable limits itself and then executes the
/// other program, which inherits the limits.
#[derive(Debug, Clone)]
pub struct Launcher {
    program: Program,
}

/// Resource limits of another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgramLimits {
    /// Bytes of memory.
    pub memory: u64,
    /// Processor time.
    pub cpu: Duration,
}

impl Launcher {
    /// Creates a launcher that goes through `program`, whose arguments must make it call [`exec_limited`].
    #[must_use]
    pub fn new(program: Program) -> Self {
        Self { program }
    }

    /// Builds the command that runs `other` under `limits`. The caller sets its arguments, environment and channels.
    #[must_use]
    pub fn command(&self, other: &Path, limits: ProgramLimits) -> Command {
        let mut command = self.program.command();
        command
            .arg(limits.memory.to_string())
            .arg(limits.cpu.as_secs().to_string())
            .arg(other);
        command
    }
}

/// Sets the limits that `arguments` begin with (memory in bytes, processor time in seconds) for this process, then
/// executes the program named after them. Returns only on failure, with the exit status to use.
#[must_use]
pub fn exec_limited(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments.into_iter();
    let mut number = || arguments.next()?.to_str()?.parse::<u64>().ok();
    let (Some(memory), Some(seconds)) = (number(), number()) else {
        return ExitCode::from(2);
    };
    let Some(program) = arguments.next() else {
        return ExitCode::from(2);
    };
    if set_limits(memory, Duration::from_secs(seconds)).is_err() {
        return ExitCode::from(crate::EXIT_SANDBOX_FAILED);
    }
    exec(&program, arguments)
}

#[cfg(target_os = "linux")]
fn set_limits(memory: u64, cpu: Duration) -> std::io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    crate::limits::set_for_program(memory, cpu)
}

#[cfg(not(target_os = "linux"))]
fn set_limits(_memory: u64, _cpu: Duration) -> std::io::Result<()> {
    Ok(())
}

fn exec(program: &OsStr, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    use std::os::unix::process::CommandExt;
    // `exec` returns only an error, and the parent learns of it by the exit status.
    let _ = std::process::Command::new(program).args(arguments).exec();
    ExitCode::from(EXIT_NOT_FOUND)
}
