//! Kernel resource limits (`setrlimit`). A process sets them for itself after exec: set between fork and exec, as
//! `pre_exec` would, they make the standard library fork, which copies the page tables of a large parent.

use std::io;
use std::time::Duration;

use rustix::process::{DumpableBehavior, Pid, Resource, Rlimit, set_dumpable_behavior, setrlimit};

use crate::Policy;

/// Stack of the main thread: the usual 8 MiB, which deeply nested documents need.
const STACK_BYTES: u64 = 8 << 20;
/// Open descriptors: the three standard ones, their copies, and those that setting up the layers takes.
const MAX_OPEN_FILES: u64 = 32;
/// Address space that the allocator may reserve for each thread of the PDF library without using it as memory.
const RESERVED_BYTES_PER_THREAD: u64 = 130 << 20;
/// Threads that libraries may start beyond one for each processor.
const EXTRA_THREADS: u64 = 8;
/// Processors that count for the reservation: it does not grow without end on large machines.
const MAX_COUNTED_PROCESSORS: u64 = 256;
/// Address space for code and libraries of another program, whose size is unknown before it runs.
const OTHER_PROGRAM_BYTES: u64 = 512 << 20;
/// Seconds between the signal of the soft processor limit and the kill of the hard one.
const CPU_GRACE_SECONDS: u64 = 2;
/// Writable memory that jobs may leave behind in a child that does another one: what an allocator keeps.
pub(crate) const KEPT_BYTES: u64 = 16 << 20;
/// Processor time of all its jobs together after which a child gets no other one.
pub(crate) const REUSABLE_CPU: Duration = Duration::from_secs(10);

/// Sets the limits of a child that runs this executable; returns its writable memory, on top of which they are.
pub(crate) fn set(policy: &Policy) -> io::Result<u64> {
    // Other processes of the same user can neither trace the child nor read its memory.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // The kernel demands this before an unprivileged process may install a filter.
    rustix::thread::set_no_new_privs(true)?;
    let (mapped, writable) = memory_in_use("/proc/self/statm")?;
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let reserved = (threads.min(MAX_COUNTED_PROCESSORS) + EXTRA_THREADS) * RESERVED_BYTES_PER_THREAD;
    // The budget is for the document, so it comes on top of what the program itself has by now.
    let room = if policy.renewable { KEPT_BYTES } else { 0 };
    let most = writable.saturating_add(policy.memory);
    set_no_higher(Resource::Data, most, most.saturating_add(room))?;
    let mapped = mapped.saturating_add(policy.memory).saturating_add(reserved);
    limit(Resource::As, mapped.saturating_add(room))?;
    limit(Resource::Nofile, MAX_OPEN_FILES)?;
    set_common(policy.cpu, most_cpu(policy))?;
    Ok(writable)
}

/// Processor time to which the parent may raise the limit in the whole life of a child.
fn most_cpu(policy: &Policy) -> Duration {
    let for_a_job = policy.most_cpu.max(policy.cpu);
    if policy.renewable {
        for_a_job.saturating_add(REUSABLE_CPU)
    } else {
        for_a_job
    }
}

/// Sets the limits of another program that this process is about to execute.
pub(crate) fn set_for_program(memory: u64, cpu: Duration) -> io::Result<()> {
    rustix::thread::set_no_new_privs(true)?;
    set_memory(memory, memory.saturating_add(OTHER_PROGRAM_BYTES))?;
    limit(Resource::Nofile, 2 * MAX_OPEN_FILES)?;
    set_common(cpu, cpu)
}

/// Limits writable memory tightly (`RLIMIT_DATA`) and the whole address space, which also counts code,
/// reservations and shared memory, with room to spare (`RLIMIT_AS`).
fn set_memory(writable: u64, mapped: u64) -> io::Result<()> {
    limit(Resource::Data, writable)?;
    limit(Resource::As, mapped)
}

/// `most` is what the parent may raise the limit of processor time to.
fn set_common(cpu: Duration, most: Duration) -> io::Result<()> {
    limit(Resource::Stack, STACK_BYTES)?;
    // A core file would put the document on the disk.
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    // The soft limit sends SIGXCPU, by which the parent knows the reason; the hard one kills a child that ignores it.
    let seconds = cpu.as_secs().max(1);
    set_no_higher(
        Resource::Cpu,
        seconds,
        most.as_secs().max(seconds) + CPU_GRACE_SECONDS,
    )
}

/// Sets the limit of processor time of a child that has set its own by [`set`] for the same policy.
pub(crate) fn allow_cpu(child: Pid, cpu: Duration, policy: &Policy) -> io::Result<()> {
    let hard = most_cpu(policy).as_secs().max(1) + CPU_GRACE_SECONDS;
    let limit = Rlimit {
        current: Some(cpu.as_secs().min(hard)),
        maximum: Some(hard),
    };
    rustix::process::prlimit(Some(child), Resource::Cpu, limit)?;
    Ok(())
}

fn limit(resource: Resource, value: u64) -> io::Result<()> {
    set_no_higher(resource, value, value)
}

/// Sets a limit, but never above the hard limit in force, which only an administrator may raise.
fn set_no_higher(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let now = rustix::process::getrlimit(resource);
    let hard = now.maximum.map_or(hard, |maximum| maximum.min(hard));
    let limit = Rlimit {
        current: Some(soft.min(hard)),
        maximum: Some(hard),
    };
    Ok(setrlimit(resource, limit)?)
}

/// Address space and writable memory of a process, in bytes, from its `statm`, which counts in pages.
pub(crate) fn memory_in_use(statm: &str) -> io::Result<(u64, u64)> {
    let text = std::fs::read_to_string(statm)?;
    let page = rustix::param::page_size() as u64;
    let field = |index: usize| {
        let field = text.split_ascii_whitespace().nth(index);
        field
            .and_then(|pages| pages.parse::<u64>().ok())
            .and_then(|pages| pages.checked_mul(page))
            .ok_or_else(|| io::Error::other("statm is unreadable"))
    };
    // Fields of proc(5): 0 is the total size, 5 is data and stack.
    Ok((field(0)?, field(5)?))
}
