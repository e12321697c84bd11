use super::parse::parse_bytes;

/// Less does not even start a converter.
const MIN_MEMORY: u64 = 16 << 20;

/// Requirement of the sandbox for converters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sandbox {
    /// Nothing starts without it.
    Required,
    /// Layers that the system lacks are left out.
    BestEffort,
    /// There is none.
    Off,
}

impl Default for Sandbox {
    /// Elsewhere than on Linux there is nothing to require.
    fn default() -> Self {
        if cfg!(target_os = "linux") {
            Self::Required
        } else {
            Self::BestEffort
        }
    }
}

impl Sandbox {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "required" => Some(Self::Required),
            "best-effort" => Some(Self::BestEffort),
            "off" => Some(Self::Off),
            _ => None,
        }
    }
}

pub(super) fn memory(text: &str) -> Option<u64> {
    parse_bytes(text).filter(|bytes| *bytes >= MIN_MEMORY)
}
