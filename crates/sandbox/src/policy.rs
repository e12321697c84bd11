use std::time::Duration;

use serde::{Deserialize, Serialize};

#[cfg(target_os = "linux")]
use crate::{landlock_layer, limits, seccomp_layer};

/// Bytes of memory that a child gets for each byte of its input: the document, and the copies that libraries make
/// of it or of the data that it decompresses to.
const MEMORY_PER_INPUT_BYTE: u64 = 3;

/// Enforcement: the reaction to a layer that the kernel does not offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Refuses to work without resource limits and the system call filter.
    Required,
    /// Works with the layers that are available.
    BestEffort,
    /// Requests no layer; for debugging only.
    Off,
}

impl Default for Mode {
    /// `Required` on Linux. Other systems offer no layer that could be required.
    fn default() -> Self {
        if cfg!(target_os = "linux") {
            Self::Required
        } else {
            Self::BestEffort
        }
    }
}

/// Selection of layers that a child applies to itself. Production uses all; tests examine one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers {
    /// Resource limits on memory, processor time, files and stack.
    pub limits: bool,
    /// Landlock: denies paths, TCP ports and signals to other processes.
    pub landlock: bool,
    /// Filter that allows only the system calls that a conversion needs.
    pub seccomp: bool,
}

impl Layers {
    /// Every layer.
    pub const ALL: Self = Self {
        limits: true,
        landlock: true,
        seccomp: true,
    };
    /// No layer.
    pub const NONE: Self = Self {
        limits: false,
        landlock: false,
        seccomp: false,
    };
}

/// Permissions and budgets of a child. The parent sends them as the first frame; the child applies them before it
/// reads anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Reaction to a missing layer.
    pub mode: Mode,
    /// Requested layers.
    pub layers: Layers,
    /// Memory in bytes, beyond what the program takes at its start.
    pub memory: u64,
    /// Processor time of all threads together, in whole seconds.
    pub cpu: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            layers: Layers::ALL,
            memory: 512 << 20,
            cpu: Duration::from_secs(120),
        }
    }
}

impl Policy {
    /// Returns this policy for an input of `bytes` bytes: a large document may take more memory than a small one.
    #[must_use]
    pub fn for_input(self, bytes: u64) -> Self {
        let more = bytes.saturating_mul(MEMORY_PER_INPUT_BYTE);
        Self {
            memory: self.memory.saturating_add(more),
            ..self
        }
    }

    /// Layers to apply under this mode.
    pub(crate) fn requested(&self) -> Layers {
        if self.mode == Mode::Off {
            Layers::NONE
        } else {
            self.layers
        }
    }
}

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
    AppliedLayers {
        limits: LayerStatus::apply(requested.limits, || {
            limits::set(policy).map_err(|error| error.to_string())
        }),
        landlock: LayerStatus::apply(requested.landlock, landlock_layer::restrict),
        seccomp: LayerStatus::apply(requested.seccomp, seccomp_layer::install_filters),
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
    }
}
