use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use tokio::process::Command;

use crate::Program;

/// What the shell answers for a program that is not there.
const NOT_FOUND: u8 = 127;

/// Starts other programs under limits: a process of this executable sets them for itself and then becomes the
/// other program, which inherits them.
#[derive(Debug, Clone)]
pub struct Launcher {
    program: Program,
}

/// What another program may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgramLimits {
    /// Bytes of memory.
    pub memory: u64,
    /// Processor time.
    pub cpu: Duration,
}

impl Launcher {
    /// A launcher by way of `program`, whose arguments must make it call [`become_program`].
    #[must_use]
    pub fn new(program: Program) -> Self {
        Self { program }
    }

    /// A command that runs `other` under `limits`. Its arguments, environment and channels are the caller's to set.
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

/// Sets the limits that `arguments` begin with (bytes of memory, seconds) for this process and becomes the program
/// that they name. Returns only when it cannot.
#[must_use]
pub fn become_program(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments.into_iter();
    let mut number = || arguments.next()?.to_str()?.parse::<u64>().ok();
    let (Some(memory), Some(seconds)) = (number(), number()) else {
        return ExitCode::from(2);
    };
    let Some(program) = arguments.next() else {
        return ExitCode::from(2);
    };
    if limit(memory, Duration::from_secs(seconds)).is_err() {
        return ExitCode::from(crate::UNCONFINED);
    }
    replace_by(&program, arguments)
}

#[cfg(target_os = "linux")]
fn limit(memory: u64, cpu: Duration) -> std::io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    crate::limits::set_for_program(memory, cpu)
}

#[cfg(not(target_os = "linux"))]
fn limit(_memory: u64, _cpu: Duration) -> std::io::Result<()> {
    Ok(())
}

fn replace_by(program: &OsStr, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    use std::os::unix::process::CommandExt;
    // Comes back only with an error, and whoever waits sees the status.
    let _ = std::process::Command::new(program).args(arguments).exec();
    ExitCode::from(NOT_FOUND)
}
