use std::time::Duration;

use ilios_sandbox::{Layers, Mode, Policy};

use super::parse::{Parser, parse_bytes};

/// Documents that a converter may convert, one after another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reuse {
    /// Several small ones of the same tenant.
    #[default]
    Tenant,
    /// One.
    Off,
}

impl Reuse {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "tenant" => Some(Self::Tenant),
            "off" => Some(Self::Off),
            _ => None,
        }
    }
}

/// Less does not even start a converter.
const MIN_MEMORY: u64 = 16 << 20;

/// The sandbox of converters, which may take `timeout` in all.
pub(super) fn read(parser: &mut Parser<'_>, timeout: Duration) -> Policy {
    let cpu = Duration::from_secs(parser.number("CONVERT_CPU_TIME", 120, 1..=86_400));
    Policy {
        mode: parser.value("SANDBOX", Mode::default(), mode),
        layers: Layers::ALL,
        memory: parser.value("CONVERT_MEMORY", 512 << 20, |text| {
            parse_bytes(text).filter(|bytes| *bytes >= MIN_MEMORY)
        }),
        cpu,
        most_cpu: cpu.max(timeout),
        renewable: false,
    }
}

fn mode(text: &str) -> Option<Mode> {
    match text.to_ascii_lowercase().as_str() {
        "required" => Some(Mode::Required),
        "best-effort" => Some(Mode::BestEffort),
        "off" => Some(Mode::Off),
        _ => None,
    }
}
