use serde::{Deserialize, Serialize};

use crate::Policy;
#[cfg(target_os = "linux")]
use crate::{landlock_layer, limits, seccomp_layer};

/// Outcome of applying one layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LayerStatus {
    /// In force.
    Active,
    /// Not in force, with the reason.
    Failed(String),
    /// Not requested by the policy.
    NotRequested,
}

impl LayerStatus {
    #[cfg(target_os = "linux")]
    fn apply(requested: bool, apply: impl FnOnce() -> Result<(), String>) -> Self {
        match requested.then(apply) {
            Some(Ok(())) => Self::Active,
            Some(Err(reason)) => Self::Failed(reason),
            None => Self::NotRequested,
        }
    }
}

/// Status of each layer around this process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedLayers {
    /// Resource limits.
    pub limits: LayerStatus,
    /// Landlock.
    pub landlock: LayerStatus,
    /// System call filter.
    pub seccomp: LayerStatus,
    /// Writable memory of the process when its limits were set, on top of which they are; `None` without limits.
    pub memory_at_start: Option<u64>,
}

impl AppliedLayers {
    /// Returns the layer whose failure forbids the work under [`Mode::Required`], with the reason. Landlock is not
    /// among them: where an older kernel lacks it, the system call filter still refuses files and sockets.
    pub(crate) fn missing_required_layer(&self) -> Option<String> {
        [("limits", &self.limits), ("system call filter", &self.seccomp)]
            .into_iter()
            .find_map(|(name, status)| match status {
                LayerStatus::Failed(reason) => Some(format!("{name}: {reason}")),
                LayerStatus::Active | LayerStatus::NotRequested => None,
            })
    }
}

/// Applies the requested layers to this process, which must still have one thread. Order matters: the filter comes
/// last because it refuses the system calls that set up the other layers.
#[cfg(target_os = "linux")]
pub(crate) fn apply_layers(policy: &Policy) -> AppliedLayers {
    let requested = policy.requested();
    let mut memory_at_start = None;
    AppliedLayers {
        limits: LayerStatus::apply(requested.limits, || {
            let memory = limits::set(policy).map_err(|error| error.to_string())?;
            memory_at_start = Some(memory);
            Ok(())
        }),
        landlock: LayerStatus::apply(requested.landlock, landlock_layer::restrict),
        seccomp: LayerStatus::apply(requested.seccomp, seccomp_layer::install_filters),
        memory_at_start,
    }
}

/// Reports every requested layer as failed: outside Linux a child has its own process, an empty environment and a
/// deadline, and nothing more.
#[cfg(not(target_os = "linux"))]
pub(crate) fn apply_layers(policy: &Policy) -> AppliedLayers {
    let status = |requested: bool| {
        if requested {
            LayerStatus::Failed("this system is not Linux".into())
        } else {
            LayerStatus::NotRequested
        }
    };
    let requested = policy.requested();
    AppliedLayers {
        limits: status(requested.limits),
        landlock: status(requested.landlock),
        seccomp: status(requested.seccomp),
        memory_at_start: None,
    }
}
