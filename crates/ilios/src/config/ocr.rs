use std::path::Path;

use super::parse::{Parser, parse_bytes};
use crate::engine::OcrSettings;

/// Memory of the machine where it is not known.
const UNKNOWN_MEMORY: u64 = 2 << 30;

/// Recognition of pictures.
pub(super) fn read(parser: &mut Parser<'_>, data: &Path) -> OcrSettings {
    OcrSettings {
        memory: parser.value("OCR_MEMORY", available_memory() / 2, parse_bytes),
        models: parser
            .text("OCR_MODELS")
            .map_or_else(|| data.join("ocr-models"), Into::into),
    }
}

/// Memory of this machine, or of the container that this process is in.
fn available_memory() -> u64 {
    let machine = machine_memory().unwrap_or(UNKNOWN_MEMORY);
    let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max").unwrap_or_default();
    group
        .trim()
        .parse()
        .map_or(machine, |limit: u64| limit.min(machine))
}

/// Memory of the machine, where the system tells it.
fn machine_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}
