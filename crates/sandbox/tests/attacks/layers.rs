use std::ffi::OsStr;
use std::fs::File;
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use ilios_sandbox::{ExitReason, FrameError, Layers, Mode, Policy, Program, ResourceOverrun};
use libtest_mimic::{Arguments, Trial};

use crate::attempts::{self, CHILD, NOW, REFUSED, SUCCEEDED};
use crate::reuse;

/// Attack of a child.
type Attack = fn(Child);

/// Runs the tests, or one attempt when this process is a child.
pub(crate) fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().as_deref() == Some(OsStr::new(CHILD)) {
        return attempts::run(&arguments.next().expect("an attempt").to_string_lossy());
    }
    let attacks: [(&str, Attack); 11] = [
        ("a_file_is_not_opened", a_file_is_not_opened),
        ("no_file_is_written", no_file_is_written),
        ("no_socket_is_made", no_socket_is_made),
        ("no_program_is_executed", no_program_is_executed),
        ("no_process_is_made", no_process_is_made),
        ("no_other_process_is_signalled", no_other_process_is_signalled),
        ("other_namespaces_are_deadly", other_namespaces_are_deadly),
        ("memory_has_an_end", memory_has_an_end),
        ("processor_time_has_an_end", processor_time_has_an_end),
        ("printing_has_an_end", printing_has_an_end),
        ("what_a_conversion_needs_works", what_a_conversion_needs_works),
    ];
    let mut trials = vec![
        trial("a_sleeper_is_killed".to_owned(), a_sleeper_is_killed),
        trial(
            "a_missing_layer_refuses_the_work".to_owned(),
            a_missing_layer_refuses_the_work,
        ),
    ];
    for (name, attack) in attacks {
        trials.push(trial(name.to_owned(), move || attack(Child::New)));
        trials.push(trial(format!("{name}_in_a_reused_child"), move || {
            attack(Child::Reused);
        }));
    }
    trials.extend(reuse::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

pub(crate) fn trial(name: String, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

/// Child that makes the attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Child {
    /// One that has done nothing before.
    New,
    /// One that has done jobs, and has the limits of another.
    Reused,
}

const LIMITS: Layers = Layers {
    limits: true,
    ..Layers::NONE
};
const LANDLOCK: Layers = Layers {
    landlock: true,
    ..Layers::NONE
};
const SECCOMP: Layers = Layers {
    seccomp: true,
    ..Layers::NONE
};

/// End of a child, as its parent saw it.
struct ChildEnd {
    status: ExitStatus,
    stderr: String,
    ending: ExitReason,
    /// Overrun that ended it, if one did.
    overrun: Option<ResourceOverrun>,
    channel: Option<FrameError>,
}

/// Runs an attempt under some layers.
fn attempt(child: Child, name: &str, layers: Layers) -> ChildEnd {
    run(child, name, small(layers))
}

/// Limits that are soon reached.
pub(crate) fn small(layers: Layers) -> Policy {
    Policy {
        mode: Mode::Required,
        layers,
        memory: 64 << 20,
        cpu: Duration::from_secs(1),
        most_cpu: Duration::from_secs(1),
        renewable: true,
    }
}

fn run(of: Child, name: &str, policy: Policy) -> ChildEnd {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let program = Program::current_executable([CHILD, name]).expect("this program");
        let program = program.with_policy(policy);
        let mut child = program.spawn_without_file(0).expect("it starts");
        if of == Child::Reused {
            for job in ["nothing", "use memory", "nothing", "use memory"] {
                reuse::do_job(&mut child, job).await;
                // Without limits there is nothing to renew.
                assert_eq!(child.renew(), policy.layers.limits, "{name} after {job}");
            }
        }
        // An error says that it is gone already, which its end shows.
        let _ = child.send(NOW).await;
        let overrun = child.watch();
        let (mut seen, mut channel) = (None, None);
        tokio::select! {
            frame = child.receive(1 << 20) => channel = frame.err(),
            overrun = overrun => seen = Some(overrun),
            // Long, for a child steps back behind whatever else the machine has to do.
            () = tokio::time::sleep(Duration::from_secs(60)) => {}
        }
        let (status, stderr) = child.kill_and_wait().await.expect("it ends");
        ChildEnd {
            status,
            ending: ExitReason::classify(status, &stderr),
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
            overrun: seen,
            channel,
        }
    })
}

/// Fails unless the attempt was answered with this error.
fn refused(child: Child, name: &str, layers: Layers, error: i32) {
    let end = attempt(child, name, layers);
    assert_eq!(
        end.status.code(),
        Some(REFUSED.into()),
        "{name}: {}: {}",
        end.status,
        end.stderr
    );
    let says = format!("os error {error}");
    assert!(end.stderr.contains(&says), "{name}: {}", end.stderr);
}

/// Fails unless the attempt succeeds: what the layer is worth.
fn succeeds(child: Child, name: &str, layers: Layers) {
    let end = attempt(child, name, layers);
    assert_eq!(
        end.status.code(),
        Some(SUCCEEDED.into()),
        "{name}: {}: {}",
        end.status,
        end.stderr
    );
}

fn a_file_is_not_opened(child: Child) {
    succeeds(child, "file", Layers::NONE);
    refused(child, "file", LANDLOCK, libc::EACCES);
    refused(child, "file", SECCOMP, libc::EPERM);
    refused(child, "file", Layers::ALL, libc::EPERM);
}

fn no_file_is_written(child: Child) {
    succeeds(child, "write", Layers::NONE);
    assert_eq!(attempt(child, "write", LIMITS).ending, ExitReason::WroteToFile);
    refused(child, "write", LANDLOCK, libc::EACCES);
    refused(child, "write", SECCOMP, libc::EPERM);
}

fn no_socket_is_made(child: Child) {
    for socket in ["tcp", "udp"] {
        succeeds(child, socket, Layers::NONE);
        refused(child, socket, SECCOMP, libc::EPERM);
        refused(child, socket, Layers::ALL, libc::EPERM);
    }
}

fn no_program_is_executed(child: Child) {
    let end = attempt(child, "execute", Layers::NONE);
    assert!(
        end.status.success(),
        "it became the other program: {}",
        end.status
    );
    refused(child, "execute", LANDLOCK, libc::EACCES);
    refused(child, "execute", SECCOMP, libc::EPERM);
}

fn no_process_is_made(child: Child) {
    refused(child, "fork", SECCOMP, libc::EPERM);
    refused(child, "fork", Layers::ALL, libc::EPERM);
}

fn no_other_process_is_signalled(child: Child) {
    succeeds(child, "signal", Layers::NONE);
    refused(child, "signal", SECCOMP, libc::EPERM);
}

fn other_namespaces_are_deadly(child: Child) {
    assert_eq!(
        attempt(child, "namespace", SECCOMP).ending,
        ExitReason::ForbiddenSyscall
    );
}

fn memory_has_an_end(child: Child) {
    let end = attempt(child, "allocate", LIMITS);
    assert_eq!(
        (end.ending, end.overrun),
        (ExitReason::OutOfMemory, None),
        "{}: {}",
        end.status,
        end.stderr
    );
    assert_eq!(
        attempt(child, "allocate", Layers::ALL).ending,
        ExitReason::OutOfMemory
    );
    let end = attempt(child, "allocate", Layers::NONE);
    assert_eq!(
        end.overrun,
        Some(ResourceOverrun::Memory),
        "the parent sees it: {}",
        end.status
    );
}

fn processor_time_has_an_end(child: Child) {
    // One that is killed at the deadline ends otherwise.
    assert_eq!(attempt(child, "spin", LIMITS).ending, ExitReason::CpuTimeExceeded);
    assert_eq!(
        attempt(child, "spin in threads", Layers::ALL).ending,
        ExitReason::CpuTimeExceeded
    );
}

fn a_sleeper_is_killed() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let status = runtime.block_on(async {
        let program = Program::current_executable([CHILD, "sleep"]).expect("this program");
        let input = File::open("/dev/null").expect("it is there");
        let mut child = program.spawn(input).expect("it starts");
        child.send(NOW).await.expect("it is there");
        let answer = tokio::time::timeout(Duration::from_millis(300), child.receive(100)).await;
        assert!(answer.is_err(), "it is silent");
        child.kill_and_wait().await.expect("it ends").0
    });
    assert_eq!(ExitReason::classify(status, b""), ExitReason::Crashed, "{status}");
}

fn printing_has_an_end(child: Child) {
    let end = attempt(
        child,
        "print",
        Layers {
            limits: false,
            ..Layers::ALL
        },
    );
    assert_eq!(end.overrun, Some(ResourceOverrun::StderrFlood));
    assert!(end.stderr.len() <= 64 << 10, "the last of it alone is kept");
    let end = attempt(child, "answer", Layers::ALL);
    assert!(
        matches!(end.channel, Some(FrameError::TooLarge { .. })),
        "{:?}",
        end.channel
    );
}

fn what_a_conversion_needs_works(child: Child) {
    let end = run(
        child,
        "work",
        Policy {
            memory: 256 << 20,
            renewable: true,
            ..Policy::default()
        },
    );
    assert_eq!(
        end.status.code(),
        Some(SUCCEEDED.into()),
        "{}: {}",
        end.status,
        end.stderr
    );
    let end = attempt(child, "panic", Layers::ALL);
    assert_eq!(end.status.code(), Some(101), "{}: {}", end.status, end.stderr);
    assert!(end.stderr.contains("a fault of the reader"), "{}", end.stderr);
    assert_eq!(attempt(child, "abort", Layers::ALL).ending, ExitReason::Crashed);
    let end = attempt(child, "recurse", Layers::ALL);
    assert_eq!(end.ending, ExitReason::Crashed, "{}: {}", end.status, end.stderr);
}

fn a_missing_layer_refuses_the_work() {
    let policy = Policy {
        mode: Mode::Required,
        ..Policy::default()
    };
    // The kernel takes no filter of a process that has one which refuses it.
    let end = run(Child::New, "confined already", policy);
    assert_eq!(
        end.ending,
        ExitReason::SandboxFailed,
        "{}: {}",
        end.status,
        end.stderr
    );
    let end = run(
        Child::New,
        "confined already",
        Policy {
            mode: Mode::BestEffort,
            ..policy
        },
    );
    assert_eq!(
        end.status.code(),
        Some(SUCCEEDED.into()),
        "{}: {}",
        end.status,
        end.stderr
    );
}
