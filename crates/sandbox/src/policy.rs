use std::time::Duration;

use serde::{Deserialize, Serialize};

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
    /// Processor time to which [`crate::RunningChild::allow_cpu`] may raise that.
    pub most_cpu: Duration,
    /// True if [`crate::RunningChild::renew`] may give a child without a file the limits of another job.
    pub renewable: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            layers: Layers::ALL,
            memory: 512 << 20,
            cpu: Duration::from_secs(120),
            most_cpu: Duration::from_secs(120),
            renewable: false,
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
