//! Children that wait for a document, and what is left of children after many.

use std::process::Command;
use std::time::Duration;

use ilios_sandbox::{Policy, Program};

use crate::harness::{Setup, TestServer, json, local_engine, problem, sample};

const PAGE: &str = "crates/convert/tests/fixtures/pdf/one-page.pdf";

fn converter() -> Program {
    Program::new(env!("CARGO_BIN_EXE_ilios"), [ilios::cli::CONVERTER_CHILD])
}

/// The processes that this one has started and that have not ended. Each test has a process of its own.
pub(crate) fn children() -> Vec<u32> {
    let mut children = Vec::new();
    for task in std::fs::read_dir("/proc/self/task").expect("/proc") {
        let path = task.expect("a task").path().join("children");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        children.extend(
            text.split_ascii_whitespace()
                .filter_map(|id| id.parse::<u32>().ok()),
        );
    }
    children.sort_unstable();
    children
}

/// Waits until there are so many children.
pub(crate) async fn until(count: usize, within: Duration) -> Vec<u32> {
    let started = tokio::time::Instant::now();
    loop {
        let now = children();
        if now.len() == count || started.elapsed() > within {
            assert_eq!(now.len(), count, "{now:?}");
            return now;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until there are as many children as there were `before`, and none of these.
async fn until_others(before: &[u32]) {
    let started = tokio::time::Instant::now();
    loop {
        let now = children();
        let others = now.iter().all(|child| !before.contains(child));
        if now.len() == before.len() && others {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{before:?} {now:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn with_waiting(waiting: usize) -> TestServer {
    TestServer::with(Setup {
        waiting_children: waiting,
        workers: 1,
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn a_child_that_waits_takes_one_document_and_another_takes_its_place() {
    let server = with_waiting(2).await;
    let before = until(2, Duration::from_secs(10)).await;
    for _ in 0..5 {
        let response = server.send("page.pdf", sample(PAGE), &[]).await;
        assert_eq!(response.status(), 200);
    }
    until_others(&before).await;
}

#[tokio::test]
async fn a_waiting_child_that_dies_is_replaced_and_harms_no_document() {
    let server = with_waiting(2).await;
    let before = until(2, Duration::from_secs(10)).await;
    for child in &before {
        let killed = Command::new("kill").args(["-KILL", &child.to_string()]).status();
        assert!(killed.expect("kill runs").success());
    }
    // At once, when nobody has noticed yet.
    let response = server.send("page.pdf", sample(PAGE), &[]).await;
    assert_eq!(response.status(), 200);
    until_others(&before).await;
}

#[tokio::test]
async fn a_waiting_child_has_the_limits_of_any_other() {
    let server = TestServer::with(Setup {
        program: converter().with_policy(Policy {
            memory: 16 << 20,
            ..Policy::default()
        }),
        waiting_children: 1,
        ..Setup::default()
    })
    .await;
    until(1, Duration::from_secs(10)).await;
    let page = format!("<p>{}</p>", "word <b>bold</b> ".repeat(15_000));
    assert!(page.len() < 256 * 1024, "small enough for a child that waits");
    let waiting = server.send("page.html", page.clone(), &[]).await.status();
    let own = TestServer::with(Setup {
        program: converter().with_policy(Policy {
            memory: 16 << 20,
            ..Policy::default()
        }),
        ..Setup::default()
    })
    .await;
    assert_eq!(waiting, own.send("page.html", page, &[]).await.status());
    let layers = std::fs::read_to_string(format!(
        "/proc/{}/status",
        until(1, Duration::from_secs(10)).await.first().expect("one")
    ));
    let layers = layers.expect("a process");
    assert!(
        layers.contains("NoNewPrivs:\t1") && layers.contains("Seccomp:\t2"),
        "{layers}"
    );
}

#[tokio::test]
async fn nothing_waits_for_an_engine_that_is_gone() {
    let engine = local_engine(Setup {
        waiting_children: 2,
        ..Setup::default()
    });
    until(2, Duration::from_secs(10)).await;
    drop(engine);
    until(0, Duration::from_secs(10)).await;
}

/// A document whose conversion takes many seconds.
fn endless() -> String {
    format!("<table>{}</table>", "<tr><td>a<td>b<td>c".repeat(250_000))
}

fn patient() -> Setup {
    Setup {
        program: converter().with_policy(Policy {
            memory: 2 << 30,
            ..Policy::default()
        }),
        workers: 1,
        ..Setup::default()
    }
}

#[tokio::test]
async fn a_document_that_is_cancelled_has_no_child_a_second_later() {
    let server = TestServer::with(patient()).await;
    let id = server.submitted("page.html", endless()).await;
    until(1, Duration::from_secs(10)).await;
    let cancelled = server.post(&format!("/api/documents/{id}/cancel")).send().await;
    assert!(cancelled.expect("an answer").status().is_success());
    until(0, Duration::from_secs(1)).await;
    assert_eq!(server.ended(&id).await["errorCode"], "cancelled");
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_no_child_a_second_later() {
    let server = TestServer::with(patient()).await;
    let request = tokio::spawn(
        server
            .convert(crate::harness::form("page.html", endless(), &[]))
            .send(),
    );
    until(1, Duration::from_secs(10)).await;
    request.abort();
    assert!(request.await.expect_err("aborted").is_cancelled());
    until(0, Duration::from_secs(1)).await;
}

/// Kilobytes that this process has in memory, and its open descriptors.
pub(crate) fn held() -> (u64, usize) {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_ascii_whitespace().next()?.parse().ok());
    let descriptors = std::fs::read_dir("/proc/self/fd").expect("/proc").count();
    (number.expect("a number"), descriptors)
}

#[tokio::test]
async fn many_conversions_in_a_row_leave_nothing_behind() {
    let rounds: usize = option_env_number("CONVERSIONS").unwrap_or(60);
    let server = with_waiting(2).await;
    let one = async |number: usize| {
        // Some of them fail, and some are larger than a child that waits takes.
        match number % 4 {
            0 => drop(
                problem(
                    server.send("broken.pdf", "%PDF-1.7 broken", &[]).await,
                    422,
                    "invalid_document",
                )
                .await,
            ),
            1 => {
                let page = format!("<p>{}</p>", "words and words ".repeat(20_000));
                let answer = json(server.send("large.html", page, &[("format", "json")]).await, 200).await;
                assert_eq!(answer["pages"].as_array().map(Vec::len), Some(1));
            }
            _ => assert_eq!(server.send("page.pdf", sample(PAGE), &[]).await.status(), 200),
        }
    };
    for number in 0..20 {
        one(number).await;
    }
    until(2, Duration::from_secs(10)).await;
    let before = held();
    for number in 0..rounds {
        one(number).await;
    }
    until(2, Duration::from_secs(10)).await;
    let after = held();
    assert!(after.1 <= before.1 + 2, "descriptors: {before:?}, then {after:?}");
    // What an allocator keeps does not grow with the number of documents.
    assert!(
        after.0 < before.0 + 48 * 1024,
        "kilobytes: {before:?}, then {after:?}"
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a test runs is not the program's configuration"
)]
pub(crate) fn option_env_number(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}
