//! The system call filter: a list of what a conversion needs. Everything else, also what future kernels bring,
//! is answered with EPERM, which a library that only asks on the way (for files, sockets, processes) takes
//! for a no. What no reader of documents ever asks for, and an intruder does, kills at once.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Needed whatever their arguments are. They reach what the process has already: its memory, its threads, its
/// open files, its clock.
const ALLOWED: &[c_long] = &[
    // memory
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // what is open
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
    // threads
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_membarrier,
    libc::SYS_gettid,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // signals of its own
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    // time, chance, and who it is
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
    // Answered by a filter of its own.
    libc::SYS_clone3,
];

/// Answered by the end of the process: they serve to look into other processes, to change the kernel or to get
/// around this filter, and nobody asks for them by accident.
const DEADLY: &[c_long] = &[
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

/// Puts the filters on. The one that allows comes last, for it refuses to put on another.
pub(crate) fn filter() -> Result<(), String> {
    let no_clone3 = Rules::from([(libc::SYS_clone3, Vec::new())]);
    let deadly = DEADLY.iter().map(|call| (*call, Vec::new())).collect();
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    // The arguments of clone3 lie in memory, where a filter cannot see them. On this answer the C library makes
    // its threads by clone, whose arguments it can see.
    let unknown = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    put(no_clone3, SeccompAction::Allow, unknown)?;
    put(deadly, SeccompAction::Allow, SeccompAction::KillProcess)?;
    let allowed = allowed().map_err(|error| error.to_string())?;
    put(allowed, refused, SeccompAction::Allow)
}

fn put(rules: Rules, otherwise: SeccompAction, matched: SeccompAction) -> Result<(), String> {
    let program = TargetArch::try_from(std::env::consts::ARCH)
        .and_then(|arch| SeccompFilter::new(rules, otherwise, matched, arch))
        .and_then(BpfProgram::try_from)
        .map_err(|error| error.to_string())?;
    apply_filter(&program).map_err(|error| error.to_string())
}

fn allowed() -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    let own = u64::from(std::process::id());
    let limited: [(c_long, u8, SeccompCmpOp, u64); 6] = [
        // New threads; new processes have not the flag.
        (
            libc::SYS_clone,
            0,
            flag(libc::CLONE_THREAD),
            bits(libc::CLONE_THREAD),
        ),
        // Nothing that was written becomes code.
        (libc::SYS_mmap, 2, flag(libc::PROT_EXEC), 0),
        (libc::SYS_mprotect, 2, flag(libc::PROT_EXEC), 0),
        // How the process ends itself; never another one.
        (libc::SYS_kill, 0, SeccompCmpOp::Eq, own),
        (libc::SYS_tgkill, 0, SeccompCmpOp::Eq, own),
        (libc::SYS_prctl, 0, SeccompCmpOp::Eq, bits(libc::PR_SET_NAME)),
    ];
    for (call, place, compare, value) in limited {
        rules.insert(
            call,
            vec![SeccompRule::new(vec![argument(place, compare, value)?])?],
        );
    }
    // To look at a limit of its own, not to set one.
    let look = [
        argument(0, SeccompCmpOp::Eq, 0)?,
        SeccompCondition::new(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, 0)?,
    ];
    rules.insert(libc::SYS_prlimit64, vec![SeccompRule::new(look.to_vec())?]);
    // To look at a descriptor or copy it. Others would let a signal be sent by way of it.
    let looks = [libc::F_GETFD, libc::F_SETFD, libc::F_GETFL, libc::F_DUPFD_CLOEXEC];
    let looks = looks
        .iter()
        .map(|look| SeccompRule::new(vec![argument(1, SeccompCmpOp::Eq, bits(*look))?]))
        .collect::<Result<_, _>>()?;
    rules.insert(libc::SYS_fcntl, looks);
    Ok(rules)
}

fn argument(
    place: u8,
    compare: SeccompCmpOp,
    value: u64,
) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(place, SeccompCmpArgLen::Dword, compare, value)
}

fn flag(bit: i32) -> SeccompCmpOp {
    SeccompCmpOp::MaskedEq(bits(bit))
}

fn bits(value: i32) -> u64 {
    u64::from(value.unsigned_abs())
}
