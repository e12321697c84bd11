//! The limits that the kernel keeps for a process. A process sets them for itself: set between fork and exec
//! they would cost a copy of the parent's page tables.

use std::io;
use std::time::Duration;

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

use crate::Policy;

/// The main thread's stack: the usual size, for deep documents.
const STACK: u64 = 8 << 20;
/// Files that are open at once: the three of the start, their copies, and what the layers are set with.
const OPEN_FILES: u64 = 32;
/// Address space that the allocator may reserve for each thread of the library that reads pages side by side,
/// without using it as memory.
const RESERVED_PER_THREAD: u64 = 130 << 20;
/// Threads that a library may have besides one for each processor.
const MORE_THREADS: u64 = 8;
/// Processors beyond these do not make the address space larger.
const MOST_THREADS: u64 = 256;
/// Code and libraries of another program, which shows its size only once it runs.
const OTHER_PROGRAM: u64 = 512 << 20;

/// Sets the limits of a child of this very program.
pub(crate) fn set(policy: &Policy) -> io::Result<()> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    rustix::thread::set_no_new_privs(true)?;
    let (mapped, writable) = sizes()?;
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let reserved = (threads.min(MOST_THREADS) + MORE_THREADS) * RESERVED_PER_THREAD;
    set_memory(
        writable.saturating_add(policy.memory),
        mapped.saturating_add(policy.memory).saturating_add(reserved),
    )?;
    limit(Resource::Nofile, OPEN_FILES)?;
    set_common(policy.cpu)
}

/// Sets the limits of another program that this process is about to become.
pub(crate) fn set_for_program(memory: u64, cpu: Duration) -> io::Result<()> {
    rustix::thread::set_no_new_privs(true)?;
    set_memory(memory, memory.saturating_add(OTHER_PROGRAM))?;
    limit(Resource::Nofile, 2 * OPEN_FILES)?;
    set_common(cpu)
}

/// What may be written to is limited closely; all addresses together, which code, reservations and shared memory
/// count to, more widely.
fn set_memory(writable: u64, mapped: u64) -> io::Result<()> {
    limit(Resource::Data, writable)?;
    limit(Resource::As, mapped)
}

fn set_common(cpu: Duration) -> io::Result<()> {
    limit(Resource::Stack, STACK)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    // The first limit is told by a signal that nobody else sends; the second only stops who ignores it.
    let seconds = cpu.as_secs().max(1);
    lower(Resource::Cpu, seconds, seconds + 2)
}

fn limit(resource: Resource, value: u64) -> io::Result<()> {
    lower(resource, value, value)
}

/// Never above what is in force already, which only the system's administrator may do.
fn lower(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let now = rustix::process::getrlimit(resource);
    let hard = now.maximum.map_or(hard, |maximum| maximum.min(hard));
    let limit = Rlimit {
        current: Some(soft.min(hard)),
        maximum: Some(hard),
    };
    Ok(setrlimit(resource, limit)?)
}

/// Bytes of address space and of writable memory that this process has now.
fn sizes() -> io::Result<(u64, u64)> {
    let text = std::fs::read_to_string("/proc/self/statm")?;
    let page = rustix::param::page_size() as u64;
    let field = |place: usize| {
        let field = text.split_ascii_whitespace().nth(place);
        field
            .and_then(|pages| pages.parse::<u64>().ok())
            .and_then(|pages| pages.checked_mul(page))
            .ok_or_else(|| io::Error::other("/proc/self/statm is unreadable"))
    };
    Ok((field(0)?, field(5)?))
}
