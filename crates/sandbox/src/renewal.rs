//! Limits of a child that does several jobs: each job has those of the first.
//!
//! ```text
//!                  RLIMIT_DATA                              RLIMIT_CPU
//!   start          what the child has + memory              cpu
//!   hard limit     + what it may keep                       most_cpu + what all jobs may take
//!   job 2, 3 …     what it has by now + memory              what it has taken by now + cpu
//! ```
//!
//! The child sets the first line and the hard limits for itself, and tells what it had before it reads its first document.
//! The parent moves the soft limits before each further job, by what the kernel says of the child and never by what the
//! child says. A child that keeps more than its hard limits
//! leave room for is not renewed, so that no job has less than the first had. Limits in force are read by nothing here: the
//! parent knows them.

use std::io;
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit};

use crate::Policy;
use crate::limits::{KEPT_BYTES, REUSABLE_CPU, allow_cpu, memory_in_use};

/// Gives a child the limits of another job, and returns the processor time that it has taken so far. `at_start` is the
/// writable memory on top of which it has set its limits.
///
/// # Errors
/// I/O error: the child holds too much memory, has worked for too long or has ended, or the system does not tell.
pub(crate) fn renew(child: Pid, policy: &Policy, at_start: u64) -> io::Result<Duration> {
    let (writable, used) = (writable_bytes(child)?, cpu_used(child)?);
    let most = at_start.saturating_add(KEPT_BYTES);
    if writable > most || used > REUSABLE_CPU {
        return Err(io::Error::other("the child has kept or taken too much"));
    }
    let limit = Rlimit {
        current: Some(writable.saturating_add(policy.memory)),
        // The hard limit that the child has set for itself: an administrator alone may raise it.
        maximum: Some(most.saturating_add(policy.memory)),
    };
    rustix::process::prlimit(Some(child), Resource::Data, limit)?;
    allow_cpu(child, whole_seconds(used).saturating_add(policy.cpu), policy)?;
    Ok(used)
}

/// The next whole second: the kernel counts the limit by whole ones.
pub(crate) fn whole_seconds(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs() + u64::from(time.subsec_nanos() > 0))
}

/// Writable memory of a child.
///
/// # Errors
/// I/O error: it has ended, or the system does not tell.
fn writable_bytes(child: Pid) -> io::Result<u64> {
    match memory_in_use(&format!("/proc/{}/statm", child.as_raw_nonzero()))? {
        (_, 0) => Err(io::Error::other("the child has ended")),
        (_, writable) => Ok(writable),
    }
}

/// Processor time that all threads of a child have taken.
fn cpu_used(child: Pid) -> io::Result<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", child.as_raw_nonzero()))?;
    cpu_time(&text).ok_or_else(|| io::Error::other("stat is unreadable"))
}

/// User and system time from the text of `/proc/PID/stat`.
fn cpu_time(stat: &str) -> Option<Duration> {
    // The name before them may hold spaces and brackets. Fields 14 and 15 of proc(5) are the times.
    let (_, behind) = stat.rsplit_once(')')?;
    let mut times = behind.split_ascii_whitespace().skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    let millis = user.saturating_add(system).saturating_mul(1_000);
    Some(Duration::from_millis(
        millis / rustix::param::clock_ticks_per_second().max(1),
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{cpu_time, whole_seconds};

    #[test]
    fn processor_time_is_read_behind_any_name() {
        let ticks = rustix::param::clock_ticks_per_second();
        let stat = format!(
            "7 (a) R 1 (b) S 1 7 7 0 -1 4194304 90 0 0 0 {} {} 0 0 25 5 1 0",
            3 * ticks,
            ticks
        );
        assert_eq!(cpu_time(&stat), Some(Duration::from_secs(4)));
        assert_eq!(cpu_time("7 (name) R 1"), None);
        assert_eq!(cpu_time(""), None);
    }

    #[test]
    fn seconds_that_have_begun_count_whole() {
        assert_eq!(whole_seconds(Duration::ZERO), Duration::ZERO);
        assert_eq!(
            whole_seconds(Duration::from_millis(1_001)),
            Duration::from_secs(2)
        );
    }
}
