use std::time::Duration;

use rustix::process::Pid;
use tokio::sync::oneshot;

/// How often the memory of a child is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// What a program has in memory at its start, at the most.
const START: u64 = 32 << 20;

/// What a child did too much of, seen from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overrun {
    /// It has more memory than it may.
    Memory,
    /// It writes to standard error without end.
    Output,
}

/// Ends when the process has more than `memory` bytes that are backed by no file, or when `flood` says that it
/// writes too much; otherwise never. A system without `/proc` shows no memory.
pub(crate) async fn overrun(
    process: Option<Pid>,
    memory: Option<u64>,
    flood: oneshot::Receiver<()>,
) -> Overrun {
    let memory = async {
        match (process, memory) {
            (Some(process), Some(memory)) => beyond(process, memory.saturating_add(START)).await,
            _ => std::future::pending().await,
        }
    };
    let flood = async {
        // A sender that is gone without a word has read to the end.
        if flood.await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = memory => Overrun::Memory,
        () = flood => Overrun::Output,
    }
}

async fn beyond(process: Pid, memory: u64) {
    let path = format!("/proc/{}/statm", process.as_raw_nonzero());
    loop {
        tokio::time::sleep(LOOK).await;
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if anonymous(&text).is_some_and(|bytes| bytes > memory) {
            return;
        }
    }
}

/// Resident bytes without those of mapped files.
fn anonymous(statm: &str) -> Option<u64> {
    let mut fields = statm.split_ascii_whitespace().skip(1);
    let resident: u64 = fields.next()?.parse().ok()?;
    let shared: u64 = fields.next()?.parse().ok()?;
    resident
        .saturating_sub(shared)
        .checked_mul(rustix::param::page_size() as u64)
}
