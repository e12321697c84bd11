use std::convert::Infallible;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

use crate::config::Raw;

/// Settings of glibc's allocator (mallopt(3)): a block of 64 KiB or more is mapped by itself and unmapped as soon as it
/// is freed; no heap keeps more than 1 MiB at its end. By default, glibc raises the first threshold, up to 32 MiB, when
/// a large block is freed, serves smaller blocks from heaps, of which it has several for each processor, and keeps
/// them: a server would never again be as small as before its largest result.
const MALLOC_SETTINGS: [(&str, &str); 2] = [
    ("MALLOC_MMAP_THRESHOLD_", "65536"),
    ("MALLOC_TRIM_THRESHOLD_", "1048576"),
];
/// Says that it was told.
const MARKER_VARIABLE: &str = "ILIOS_ALLOCATOR_TOLD";

/// Makes the server give memory back. glibc hears of it only when a program starts, so that this starts the same
/// program again, in this process; it returns when that was done before, when the operator has told glibc something
/// else, and when it cannot be done, which is no fault. Other C libraries do not listen.
pub(super) fn configure(environment: &Raw) {
    let told = [
        MARKER_VARIABLE,
        MALLOC_SETTINGS[0].0,
        MALLOC_SETTINGS[1].0,
        "GLIBC_TUNABLES",
    ];
    if !cfg!(target_env = "gnu") || told.iter().any(|name| environment.get(name).is_some()) {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let mut arguments = std::env::args_os();
    let mut again = Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    // It returns only when it fails.
    let _ = again
        .args(arguments)
        .envs(MALLOC_SETTINGS)
        .env(MARKER_VARIABLE, "1")
        .exec();
}

/// Interval between checks of how much memory could be given back.
const POLL_INTERVAL: Duration = Duration::from_secs(4);
/// Memory that is worth it.
const MIN_TRIMMED_BYTES: u64 = 16 << 20;

/// Gives memory back for as long as the server runs: what many small blocks were is given back by glibc only when it is
/// asked to. Never ends.
pub(super) async fn give_back() -> Infallible {
    let mut least = resident();
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        let resident = resident();
        least = least.min(resident);
        if resident - least < MIN_TRIMMED_BYTES {
            continue;
        }
        // An error says that the runtime is about to end.
        let _ = tokio::task::spawn_blocking(ilios_memory::give_back).await;
    }
}

/// Bytes of memory that this process has for itself (proc_pid_statm(5)); 0 where that is not told.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let mut pages = statm
        .split_whitespace()
        .map(|pages| pages.parse::<u64>().unwrap_or(0));
    let (resident, shared) = (pages.nth(1).unwrap_or(0), pages.next().unwrap_or(0));
    resident.saturating_sub(shared) * rustix::param::page_size() as u64
}
