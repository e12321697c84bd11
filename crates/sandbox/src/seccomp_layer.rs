//! System call filter (seccomp): an allow list of the calls that a conversion needs. Every other call, including
//! those of future kernels, fails with EPERM, which a library that merely tries (a file, a socket, a process) treats
//! as an ordinary error. Calls that only an attacker makes kill the process at once.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Calls allowed with any arguments. They reach only what the process already has: its memory, threads, open
/// descriptors and clock.
const ALLOWED: &[c_long] = &[
    // Memory.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Descriptors that are open already.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_fstat,
    libc::SYS_recvfrom,
    libc::SYS_sendto,
    libc::SYS_ppoll,
    // Threads.
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_membarrier,
    libc::SYS_gettid,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Handlers of its own signals.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    // Time, randomness and identity.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getcpu,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_getrusage,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_time,
    // Answered with ENOSYS by the first filter; listed here so that this one does not answer EPERM.
    libc::SYS_clone3,
];

/// Calls that kill the process: they inspect other processes, change the kernel or bypass this filter, and no
/// library makes them by accident.
const KILLING: &[c_long] = &[
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_bpf,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_userfaultfd,
    libc::SYS_perf_event_open,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
];

/// Installs three filters; the kernel runs them all and takes the strictest answer. The allow list comes last
/// because it refuses the call that installs another filter.
pub(crate) fn install_filters() -> Result<(), String> {
    let no_clone3 = Rules::from([(libc::SYS_clone3, Vec::new())]);
    let killing = KILLING.iter().map(|call| (*call, Vec::new())).collect();
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    // The arguments of clone3 are in memory, which a filter cannot read. On ENOSYS the C library falls back to
    // clone, whose flags are in a register.
    let unknown = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    install(no_clone3, SeccompAction::Allow, unknown)?;
    install(killing, SeccompAction::Allow, SeccompAction::KillProcess)?;
    let allowed = allow_list().map_err(|error| error.to_string())?;
    install(allowed, refused, SeccompAction::Allow)
}

fn install(rules: Rules, otherwise: SeccompAction, matched: SeccompAction) -> Result<(), String> {
    let program = TargetArch::try_from(std::env::consts::ARCH)
        .and_then(|arch| SeccompFilter::new(rules, otherwise, matched, arch))
        .and_then(BpfProgram::try_from)
        .map_err(|error| error.to_string())?;
    apply_filter(&program).map_err(|error| error.to_string())
}

fn allow_list() -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    let own = u64::from(std::process::id());
    let limited: [(c_long, u8, SeccompCmpOp, u64); 6] = [
        // Threads, which have the flag; new processes lack it.
        (
            libc::SYS_clone,
            0,
            flag(libc::CLONE_THREAD),
            bits(libc::CLONE_THREAD),
        ),
        // No executable mappings: data that was written never becomes code.
        (libc::SYS_mmap, 2, flag(libc::PROT_EXEC), 0),
        (libc::SYS_mprotect, 2, flag(libc::PROT_EXEC), 0),
        // Signals to itself, as `abort` sends one; never to another process.
        (libc::SYS_kill, 0, SeccompCmpOp::Eq, own),
        (libc::SYS_tgkill, 0, SeccompCmpOp::Eq, own),
        (libc::SYS_prctl, 0, SeccompCmpOp::Eq, bits(libc::PR_SET_NAME)),
    ];
    for (call, index, compare, value) in limited {
        rules.insert(
            call,
            vec![SeccompRule::new(vec![argument(index, compare, value)?])?],
        );
    }
    // Reads a limit of its own (process 0, no new value), but sets none.
    let read_limit = [
        argument(0, SeccompCmpOp::Eq, 0)?,
        SeccompCondition::new(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, 0)?,
    ];
    rules.insert(libc::SYS_prlimit64, vec![SeccompRule::new(read_limit.to_vec())?]);
    // Reads the flags of a descriptor or copies it. Other commands (F_SETOWN) can make the kernel send signals.
    let commands = [libc::F_GETFD, libc::F_SETFD, libc::F_GETFL, libc::F_DUPFD_CLOEXEC];
    let commands = commands
        .iter()
        .map(|command| SeccompRule::new(vec![argument(1, SeccompCmpOp::Eq, bits(*command))?]))
        .collect::<Result<_, _>>()?;
    rules.insert(libc::SYS_fcntl, commands);
    Ok(rules)
}

fn argument(
    index: u8,
    compare: SeccompCmpOp,
    value: u64,
) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(index, SeccompCmpArgLen::Dword, compare, value)
}

fn flag(bit: i32) -> SeccompCmpOp {
    SeccompCmpOp::MaskedEq(bits(bit))
}

fn bits(value: i32) -> u64 {
    u64::from(value.unsigned_abs())
}
