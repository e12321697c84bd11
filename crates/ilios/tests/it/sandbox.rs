//! The sandbox as users of the program meet it.

use std::process::{Command, Output};
use std::time::Duration;

use ilios_convert::Limits;
use ilios_sandbox::{Mode, Policy, Program, ProgramLimits};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Setup, TestServer, problem, repository, sample};

const SAMPLE: &str = "samples/annual-report.pdf";

fn converter(policy: Policy) -> Program {
    Program::new(env!("CARGO_BIN_EXE_ilios"), [ilios::cli::CONVERTER_CHILD]).with_policy(policy)
}

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let folder = TempDir::new().expect("a temporary folder");
    Command::new(env!("CARGO_BIN_EXE_ilios"))
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .envs([("PATH", "/usr/local/bin:/usr/bin:/bin"), ("PORT", "0")])
        .envs(environment.iter().copied())
        .output()
        .expect("it runs")
}

#[test]
fn a_document_is_the_same_with_the_sandbox_and_without() {
    for file in [SAMPLE, "crates/convert/tests/fixtures/pdf/scan.pdf"] {
        let path = repository(file);
        let path = path.to_str().expect("text");
        let markdown = |sandbox: &str| {
            let output = run(&["convert", path], &[("SANDBOX", sandbox)]);
            assert!(output.status.success(), "{file} {sandbox}: {output:?}");
            output.stdout
        };
        let without = markdown("off");
        assert!(!without.is_empty());
        for sandbox in ["required", "best-effort"] {
            assert_eq!(
                String::from_utf8_lossy(&markdown(sandbox)),
                String::from_utf8_lossy(&without),
                "{file} {sandbox}"
            );
        }
    }
}

#[test]
fn the_doctor_says_which_layers_hold() {
    let line = |sandbox: &str| {
        let output = run(&["doctor"], &[("SANDBOX", sandbox)]);
        let text = String::from_utf8(output.stdout).expect("text");
        let line = text.lines().find(|line| line.contains("  sandbox "));
        line.unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    let all = line("required");
    assert!(
        all.contains("limits holds") && all.contains("system call filter holds"),
        "{all}"
    );
    assert!(!all.starts_with("FAIL"), "{all}");
    assert!(
        line("off").starts_with("warn"),
        "without it there is something to say"
    );
}

#[tokio::test]
async fn a_child_finds_its_layers_and_without_them_the_start_is_refused() {
    let probe = Program::new(env!("CARGO_BIN_EXE_ilios"), [ilios::cli::SANDBOX_PROBE]);
    let probed = probe.probe(Policy::default()).await.expect("it runs");
    assert!(probed.meets_requirements(), "{probed:?}");
    let off = Policy {
        mode: Mode::Off,
        ..Policy::default()
    };
    let probed = probe.probe(off).await.expect("it runs");
    assert!(!probed.meets_requirements(), "{probed:?}");
    // A program that is no probe tells nothing, and that is no yes.
    assert!(
        Program::new("/bin/true", [""; 0])
            .probe(Policy::default())
            .await
            .is_none()
    );
}

#[tokio::test]
async fn a_document_that_needs_too_much_memory_says_so() {
    let policy = Policy {
        memory: 16 << 20,
        ..Policy::default()
    };
    let server = TestServer::with(Setup {
        program: converter(policy),
        workers: 1,
        ..Setup::default()
    })
    .await;
    // Small to send, much larger to read.
    let page = format!("<p>{}</p>", "word <b>bold</b> ".repeat(120_000));
    let response = server.send("page.html", page.clone(), &[]).await;
    let body = problem(response, 422, "out_of_memory").await;
    assert_eq!(body["field"], "file", "{body}");
    let id = server.submitted("page.html", page).await;
    let ended: Value = server.ended(&id).await;
    assert_eq!(ended["errorCode"], "out_of_memory", "{ended}");
    let response = server.send("next.html", "<p>still here</p>", &[]).await;
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_document_that_needs_too_much_processor_time_is_stopped() {
    let policy = Policy {
        cpu: Duration::from_secs(1),
        memory: 2 << 30,
        ..Policy::default()
    };
    let server = TestServer::with(Setup {
        program: converter(policy),
        limits: Limits {
            pages: 100_000,
            ..Limits::default()
        },
        ..Setup::default()
    })
    .await;
    let page = format!("<table>{}</table>", "<tr><td>a<td>b<td>c".repeat(250_000));
    let response = server.send("page.html", page, &[]).await;
    problem(response, 422, "timeout").await;
}

#[tokio::test]
async fn ocr_has_limits_of_its_own() {
    let server = TestServer::with(Setup {
        ocr_limits: ProgramLimits {
            memory: 1 << 20,
            cpu: Duration::from_secs(10),
        },
        ..Setup::default()
    })
    .await;
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    let response = server.send("scan.pdf", scan, &[("ocrEngine", "tesseract")]).await;
    problem(response, 422, "ocr_unavailable").await;
    assert_eq!(server.send("next.txt", "still here", &[]).await.status(), 200);
}

/// Makes the kernel refuse a filter of system calls to this thread and to every process that it starts.
#[cfg(target_os = "linux")]
fn without_filters() {
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule, TargetArch, apply_filter,
    };
    let by_prctl = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Eq,
        u64::from(libc::PR_SET_SECCOMP.unsigned_abs()),
    );
    let by_prctl = SeccompRule::new(vec![by_prctl.expect("a condition")]).expect("a rule");
    let refused = [(libc::SYS_seccomp, Vec::new()), (libc::SYS_prctl, vec![by_prctl])];
    let filter = SeccompFilter::new(
        refused.into_iter().collect(),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        TargetArch::try_from(std::env::consts::ARCH).expect("an architecture"),
    );
    let program = BpfProgram::try_from(filter.expect("a filter")).expect("a program");
    apply_filter(&program).expect("it is applied");
}

#[cfg(target_os = "linux")]
#[test]
fn the_server_does_not_start_where_the_required_layers_do_not_hold() {
    // A thread of its own, so that nothing else of the test is concerned.
    let refused = std::thread::spawn(|| {
        without_filters();
        let document = repository(SAMPLE);
        let document = document.to_str().expect("text").to_owned();
        (
            run(&["serve"], &[]),
            run(&["serve"], &[("SANDBOX", "required")]),
            run(&["convert", &document], &[]),
            run(&["convert", &document], &[("SANDBOX", "best-effort")]),
        )
    });
    let (by_default, required, convert, best_effort) = refused.join().expect("it runs");
    for output in [by_default, required] {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{said}");
        assert!(
            said.contains("the sandbox does not hold") && said.contains("system call filter MISSING"),
            "{said}"
        );
        assert!(!said.contains("\"address\""), "it must not listen: {said}");
    }
    assert!(
        !convert.status.success() && convert.stdout.is_empty(),
        "{convert:?}"
    );
    assert!(
        best_effort.status.success() && !best_effort.stdout.is_empty(),
        "{best_effort:?}"
    );
}
