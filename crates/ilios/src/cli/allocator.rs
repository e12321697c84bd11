use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::config::Raw;

/// What glibc is told (mallopt(3)): a block of a megabyte or more is the system's own, and given back as soon as it is
/// free; no heap keeps more than four megabytes at its end. Left to itself, glibc takes a large block for a sign that
/// more of them come, serves all below 32 MB from heaps of its own, of which it has several a processor, and keeps
/// them: a server would never again be as small as before its largest result.
const TOLD: [(&str, &str); 2] = [
    ("MALLOC_MMAP_THRESHOLD_", "1048576"),
    ("MALLOC_TRIM_THRESHOLD_", "4194304"),
];
/// Says that it was told.
const MARK: &str = "ILIOS_ALLOCATOR_TOLD";

/// Makes the server give memory back. glibc hears of it only when a program starts, so that this starts the same
/// program again, in this process; it returns when that was done before, when the operator has told glibc something
/// else, and when it cannot be done, which is no fault. Other C libraries do not listen.
pub(super) fn tell(environment: &Raw) {
    let told = [MARK, TOLD[0].0, TOLD[1].0, "GLIBC_TUNABLES"];
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
    let _ = again.args(arguments).envs(TOLD).env(MARK, "1").exec();
}
