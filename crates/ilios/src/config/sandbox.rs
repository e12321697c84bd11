use std::time::Duration;

use ilios_sandbox::{Layers, Mode, Policy};

use super::parse::{Parser, parse_bytes};

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
