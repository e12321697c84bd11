//! Named places at which a test ends the process as a power cut would: without any cleaning up. Only programs
//! built with the feature `crash-points` have them; in all others they are nothing.

/// Place at which a test ends the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrashPoint {
    /// The name of the place.
    pub name: String,
    /// Number of passes before.
    pub passes: u64,
}

impl std::str::FromStr for CrashPoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, passes) = text.split_once(':').unwrap_or((text, "0"));
        let passes = passes
            .parse()
            .map_err(|_| "takes a name, or name:passes".to_owned())?;
        Ok(Self {
            name: name.to_owned(),
            passes,
        })
    }
}

#[cfg(feature = "crash-points")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::CrashPoint;

    static ARMED: OnceLock<(CrashPoint, AtomicU64)> = OnceLock::new();

    /// Arms a place, once a process.
    pub fn arm(point: CrashPoint) {
        // A second call changes nothing.
        let _ = ARMED.set((point, AtomicU64::new(0)));
    }

    /// Ends the process if this place is armed and was passed often enough.
    pub fn reach(name: &str) {
        let Some((point, passed)) = ARMED.get().filter(|(point, _)| point.name == name) else {
            return;
        };
        if passed.fetch_add(1, Ordering::Relaxed) >= point.passes {
            // Nothing can be done when the system refuses to end the process: the test then fails.
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        }
    }
}

#[cfg(feature = "crash-points")]
pub use armed::{arm, reach};

/// Does nothing in this build.
#[cfg(not(feature = "crash-points"))]
#[inline]
pub fn reach(_name: &str) {}
