use anyhow::bail;
use ilios_sandbox::{Attempt, LayerStatus, Mode, ProbeReport, Program};

use super::SANDBOX_PROBE;
use crate::config::Config;

/// Result of a child's test of the sandbox.
pub(super) enum Outcome {
    /// It is switched off.
    Off,
    /// All layers hold.
    Whole(String),
    /// The required layers hold, but not all layers do.
    Partial(String),
    /// A required layer does not hold.
    Broken(String),
}

/// Lets a child try what it must not be able to do.
pub(super) async fn examine(config: &Config) -> Outcome {
    if config.sandbox.mode == Mode::Off {
        return Outcome::Off;
    }
    if !cfg!(target_os = "linux") {
        return Outcome::Broken("process isolation only: the other layers need Linux".into());
    }
    let probed = match Program::current_executable([SANDBOX_PROBE]) {
        Ok(program) => program.probe(config.sandbox).await,
        Err(_) => None,
    };
    match probed {
        None => Outcome::Broken("a child that tries the layers out could not be run".into()),
        Some(probed) => judge(&probed),
    }
}

fn judge(probed: &ProbeReport) -> Outcome {
    let layers = [
        ("limits", probed.limits_enforced(), &probed.layers.limits),
        (
            "system call filter",
            probed.seccomp_enforced(),
            &probed.layers.seccomp,
        ),
        ("Landlock", probed.landlock_enforced(), &probed.layers.landlock),
    ];
    let words: Vec<String> = layers
        .into_iter()
        .map(|(name, holds, layer)| match (holds, layer) {
            (true, _) => format!("{name} holds"),
            (false, LayerStatus::Failed(why)) => format!("{name} MISSING ({why})"),
            (false, _) => format!("{name} MISSING (not stopped: {})", missed(probed)),
        })
        .collect();
    let words = words.join(", ");
    match (probed.meets_requirements(), probed.landlock_enforced()) {
        (true, true) => Outcome::Whole(words),
        (true, false) => Outcome::Partial(words),
        (false, _) => Outcome::Broken(words),
    }
}

/// Describes the actions that a child could do and must not.
fn missed(probed: &ProbeReport) -> String {
    let names = [
        (Attempt::File, "opening a file"),
        (Attempt::Socket, "making a socket"),
        (Attempt::Signal, "signalling its parent"),
        (Attempt::Memory, "twice the memory"),
        (Attempt::Exec, "executing a program"),
    ];
    let missed: Vec<&str> = names
        .into_iter()
        .filter(|(attempt, _)| !probed.refused.contains(attempt))
        .map(|(_, name)| name)
        .collect();
    missed.join(", ")
}

/// Says in the log which layers hold, and refuses to go on without those that are required.
pub(super) async fn require(config: &Config) -> anyhow::Result<()> {
    match examine(config).await {
        Outcome::Off => {
            tracing::warn!("SANDBOX=off: converters have all rights of the server; for debugging alone");
        }
        Outcome::Whole(words) => tracing::info!("sandbox: {words}"),
        Outcome::Partial(words) => {
            tracing::warn!("sandbox: {words}; the system call filter refuses files and sockets by itself");
        }
        Outcome::Broken(words) if config.sandbox.mode == Mode::Required => bail!(
            "the sandbox does not hold: {words}. Run where the kernel allows it, or set SANDBOX=best-effort when \
             no stranger sends documents"
        ),
        Outcome::Broken(words) => tracing::warn!("sandbox: {words}; going on, for SANDBOX is best-effort"),
    }
    Ok(())
}
