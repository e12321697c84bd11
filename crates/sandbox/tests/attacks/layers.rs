use std::ffi::OsStr;
use std::fs::File;
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use ilios_sandbox::{ExitReason, FrameError, Layers, Mode, Policy, Program, ResourceOverrun};
use libtest_mimic::{Arguments, Trial};

use crate::attempts::{self, CHILD, REFUSED, SUCCEEDED};

/// Runs the tests, or one attempt when this process is a child.
pub(crate) fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().as_deref() == Some(OsStr::new(CHILD)) {
        return attempts::run(&arguments.next().expect("an attempt").to_string_lossy());
    }
    let tests: [(&str, fn()); 13] = [
        ("a_file_is_not_opened", a_file_is_not_opened),
        ("no_file_is_written", no_file_is_written),
        ("no_socket_is_made", no_socket_is_made),
        ("no_program_is_executed", no_program_is_executed),
        ("no_process_is_made", no_process_is_made),
        ("no_other_process_is_signalled", no_other_process_is_signalled),
        ("other_namespaces_are_deadly", other_namespaces_are_deadly),
        ("memory_has_an_end", memory_has_an_end),
        ("processor_time_has_an_end", processor_time_has_an_end),
        ("a_sleeper_is_killed", a_sleeper_is_killed),
        ("printing_has_an_end", printing_has_an_end),
        ("what_a_conversion_needs_works", what_a_conversion_needs_works),
        (
            "a_missing_layer_refuses_the_work",
            a_missing_layer_refuses_the_work,
        ),
    ];
    let trials = tests.map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
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
fn attempt(name: &str, layers: Layers) -> ChildEnd {
    let policy = Policy {
        mode: Mode::Required,
        layers,
        memory: 64 << 20,
        cpu: Duration::from_secs(1),
        most_cpu: Duration::from_secs(1),
    };
    run(name, policy)
}

fn run(name: &str, policy: Policy) -> ChildEnd {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let program = Program::current_executable([CHILD, name])
            .expect("this program")
            .with_policy(policy);
        let input = File::open("/dev/null").expect("it is there");
        let mut child = program.spawn(input).expect("it starts");
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
fn refused(name: &str, layers: Layers, error: i32) {
    let end = attempt(name, layers);
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
fn succeeds(name: &str, layers: Layers) {
    let end = attempt(name, layers);
    assert_eq!(
        end.status.code(),
        Some(SUCCEEDED.into()),
        "{name}: {}: {}",
        end.status,
        end.stderr
    );
}

fn a_file_is_not_opened() {
    succeeds("file", Layers::NONE);
    refused("file", LANDLOCK, libc::EACCES);
    refused("file", SECCOMP, libc::EPERM);
    refused("file", Layers::ALL, libc::EPERM);
}

fn no_file_is_written() {
    succeeds("write", Layers::NONE);
    assert_eq!(attempt("write", LIMITS).ending, ExitReason::WroteToFile);
    refused("write", LANDLOCK, libc::EACCES);
    refused("write", SECCOMP, libc::EPERM);
}

fn no_socket_is_made() {
    for socket in ["tcp", "udp"] {
        succeeds(socket, Layers::NONE);
        refused(socket, SECCOMP, libc::EPERM);
        refused(socket, Layers::ALL, libc::EPERM);
    }
}

fn no_program_is_executed() {
    let end = attempt("execute", Layers::NONE);
    assert!(
        end.status.success(),
        "it became the other program: {}",
        end.status
    );
    refused("execute", LANDLOCK, libc::EACCES);
    refused("execute", SECCOMP, libc::EPERM);
}

fn no_process_is_made() {
    refused("fork", SECCOMP, libc::EPERM);
    refused("fork", Layers::ALL, libc::EPERM);
}

fn no_other_process_is_signalled() {
    succeeds("signal", Layers::NONE);
    refused("signal", SECCOMP, libc::EPERM);
}

fn other_namespaces_are_deadly() {
    assert_eq!(attempt("namespace", SECCOMP).ending, ExitReason::ForbiddenSyscall);
}

fn memory_has_an_end() {
    let end = attempt("allocate", LIMITS);
    assert_eq!(
        (end.ending, end.overrun),
        (ExitReason::OutOfMemory, None),
        "{}: {}",
        end.status,
        end.stderr
    );
    assert_eq!(attempt("allocate", Layers::ALL).ending, ExitReason::OutOfMemory);
    let end = attempt("allocate", Layers::NONE);
    assert_eq!(
        end.overrun,
        Some(ResourceOverrun::Memory),
        "the parent sees it: {}",
        end.status
    );
}

fn processor_time_has_an_end() {
    // One that is killed at the deadline ends otherwise.
    assert_eq!(attempt("spin", LIMITS).ending, ExitReason::CpuTimeExceeded);
    assert_eq!(
        attempt("spin in threads", Layers::ALL).ending,
        ExitReason::CpuTimeExceeded
    );
}

fn a_sleeper_is_killed() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let status = runtime.block_on(async {
        let program = Program::current_executable([CHILD, "sleep"]).expect("this program");
        let input = File::open("/dev/null").expect("it is there");
        let mut child = program.spawn(input).expect("it starts");
        let answer = tokio::time::timeout(Duration::from_millis(300), child.receive(100)).await;
        assert!(answer.is_err(), "it is silent");
        child.kill_and_wait().await.expect("it ends").0
    });
    assert_eq!(ExitReason::classify(status, b""), ExitReason::Crashed, "{status}");
}

fn printing_has_an_end() {
    let end = attempt(
        "print",
        Layers {
            limits: false,
            ..Layers::ALL
        },
    );
    assert_eq!(end.overrun, Some(ResourceOverrun::StderrFlood));
    assert!(end.stderr.len() <= 64 << 10, "the last of it alone is kept");
    let end = attempt("answer", Layers::ALL);
    assert!(
        matches!(end.channel, Some(FrameError::TooLarge { .. })),
        "{:?}",
        end.channel
    );
}

fn what_a_conversion_needs_works() {
    let end = run(
        "work",
        Policy {
            memory: 256 << 20,
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
    let end = attempt("panic", Layers::ALL);
    assert_eq!(end.status.code(), Some(101), "{}: {}", end.status, end.stderr);
    assert!(end.stderr.contains("a fault of the reader"), "{}", end.stderr);
    assert_eq!(attempt("abort", Layers::ALL).ending, ExitReason::Crashed);
    let end = attempt("recurse", Layers::ALL);
    assert_eq!(end.ending, ExitReason::Crashed, "{}: {}", end.status, end.stderr);
}

fn a_missing_layer_refuses_the_work() {
    let policy = Policy {
        mode: Mode::Required,
        ..Policy::default()
    };
    // The kernel takes no filter of a process that has one which refuses it.
    let end = run("confined already", policy);
    assert_eq!(
        end.ending,
        ExitReason::SandboxFailed,
        "{}: {}",
        end.status,
        end.stderr
    );
    let end = run(
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
