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
    Program::new(env!("CARGO_BIN_EXE_ilios"), [ilios::cli::CONVERTER_CHILD]).under(policy)
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
    assert!(probed.suffices(), "{probed:?}");
    let off = Policy {
        mode: Mode::Off,
        ..Policy::default()
    };
    let probed = probe.probe(off).await.expect("it runs");
    assert!(!probed.suffices(), "{probed:?}");
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
    let response = server.send("scan.pdf", scan, &[]).await;
    problem(response, 422, "ocr_unavailable").await;
    assert_eq!(server.send("next.txt", "still here", &[]).await.status(), 200);
}
