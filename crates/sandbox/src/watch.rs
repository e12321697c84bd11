use std::time::Duration;

use rustix::process::Pid;

/// Interval at which the memory of a child is read.
const MEMORY_POLL_INTERVAL: Duration = Duration::from_millis(100);
/// Memory of the program itself at its start, at most, in bytes: the limit is for the document.
const BASELINE_MEMORY_BYTES: u64 = 32 << 20;

/// Resource that a child used beyond its limit, as seen from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceOverrun {
    /// Uses more memory than its limit.
    Memory,
    /// Writes to standard error without end.
    StderrFlood,
}

/// Completes when the process has more than `memory` bytes that no file backs, or when `flood` completes; otherwise
/// never. It is the second line behind the kernel's limits and works without any layer. A system without `/proc`
/// shows no memory.
pub(crate) async fn watch_resources(
    process: Option<Pid>,
    memory: Option<u64>,
    flood: impl Future<Output = ()>,
) -> ResourceOverrun {
    let memory = async {
        match (process, memory) {
            (Some(process), Some(memory)) => {
                wait_until_above(process, memory.saturating_add(BASELINE_MEMORY_BYTES)).await;
            }
            _ => std::future::pending().await,
        }
    };
    tokio::select! {
        () = memory => ResourceOverrun::Memory,
        () = flood => ResourceOverrun::StderrFlood,
    }
}

async fn wait_until_above(process: Pid, bytes: u64) {
    let path = format!("/proc/{}/statm", process.as_raw_nonzero());
    loop {
        tokio::time::sleep(MEMORY_POLL_INTERVAL).await;
        // A process that has ended has no file or an empty one, and no memory to speak of.
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if anonymous_bytes(&text).is_some_and(|used| used > bytes) {
            return;
        }
    }
}

/// Resident memory without mapped files, in bytes, from the text of `/proc/PID/statm`.
fn anonymous_bytes(statm: &str) -> Option<u64> {
    let mut fields = statm.split_ascii_whitespace().skip(1);
    let resident: u64 = fields.next()?.parse().ok()?;
    let shared: u64 = fields.next()?.parse().ok()?;
    resident
        .saturating_sub(shared)
        .checked_mul(rustix::param::page_size() as u64)
}
