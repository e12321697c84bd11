use std::time::Duration;

use serde::{Deserialize, Serialize};

#[cfg(target_os = "linux")]
use crate::{landlock_layer, limits, seccomp_layer};

/// How many bytes of memory a child is allowed for each byte of its input: the document itself, and the copies
/// that a library makes of it or of what it inflates to.
const MEMORY_PER_INPUT_BYTE: u64 = 3;

/// What happens where the kernel does not give a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// No child works without limits and system call filter.
    Required,
    /// A child works with whatever layers there are.
    BestEffort,
    /// No layer is asked for: for debugging alone.
    Off,
}

impl Default for Mode {
    /// Required on Linux. Elsewhere there is nothing that could be required.
    fn default() -> Self {
        if cfg!(target_os = "linux") {
            Self::Required
        } else {
            Self::BestEffort
        }
    }
}

/// The layers that a child puts around itself. All of them, but where a test looks at one alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers {
    /// Limits of the kernel on memory, processor time, files and stack.
    pub limits: bool,
    /// No path of the file system, no TCP port, no signal to processes outside.
    pub landlock: bool,
    /// Only the system calls that a conversion needs.
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

/// What a child may do and use. The parent sends it as the first frame; the child obeys before it reads more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// What happens where a layer is missing.
    pub mode: Mode,
    /// The layers asked for.
    pub layers: Layers,
    /// Bytes of memory beyond what the program takes at its start.
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
    /// This policy for an input of so many bytes: a large document may take more memory than a small one.
    #[must_use]
    pub fn for_input(self, bytes: u64) -> Self {
        let more = bytes.saturating_mul(MEMORY_PER_INPUT_BYTE);
        Self {
            memory: self.memory.saturating_add(more),
            ..self
        }
    }

    /// The layers that are really asked for.
    pub(crate) fn wanted(&self) -> Layers {
        if self.mode == Mode::Off {
            Layers::NONE
        } else {
            self.layers
        }
    }
}

/// Whether a layer is in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layer {
    /// It is.
    Holds,
    /// It is not, and why.
    Fails(String),
    /// It was not asked for.
    Off,
}

impl Layer {
    #[cfg(target_os = "linux")]
    fn put(wanted: bool, apply: impl FnOnce() -> Result<(), String>) -> Self {
        match wanted.then(apply) {
            Some(Ok(())) => Self::Holds,
            Some(Err(why)) => Self::Fails(why),
            None => Self::Off,
        }
    }
}

/// The layers around this process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confined {
    /// The limits.
    pub limits: Layer,
    /// Landlock.
    pub landlock: Layer,
    /// The system call filter.
    pub seccomp: Layer,
}

impl Confined {
    /// Why a child that requires its layers must not work, if it must not. Landlock is no reason: where an older
    /// kernel lacks it, the system call filter still refuses files and sockets.
    pub(crate) fn breach(&self) -> Option<String> {
        [("limits", &self.limits), ("system call filter", &self.seccomp)]
            .into_iter()
            .find_map(|(name, layer)| match layer {
                Layer::Fails(why) => Some(format!("{name}: {why}")),
                Layer::Holds | Layer::Off => None,
            })
    }
}

/// Puts the layers around this process, which must have one thread still. The filter comes last: it refuses what
/// the others are set with.
#[cfg(target_os = "linux")]
pub(crate) fn confine(policy: &Policy) -> Confined {
    let wanted = policy.wanted();
    Confined {
        limits: Layer::put(wanted.limits, || {
            limits::set(policy).map_err(|error| error.to_string())
        }),
        landlock: Layer::put(wanted.landlock, landlock_layer::restrict),
        seccomp: Layer::put(wanted.seccomp, seccomp_layer::filter),
    }
}

/// Elsewhere than on Linux a child has its process, its empty environment and its deadline, and nothing more.
#[cfg(not(target_os = "linux"))]
pub(crate) fn confine(policy: &Policy) -> Confined {
    let layer = |wanted: bool| {
        if wanted {
            Layer::Fails("this system is not Linux".into())
        } else {
            Layer::Off
        }
    };
    let wanted = policy.wanted();
    Confined {
        limits: layer(wanted.limits),
        landlock: layer(wanted.landlock),
        seccomp: layer(wanted.seccomp),
    }
}
