use std::time::{Duration, Instant};

use ilios_sandbox::{Mode, Policy, Program};
use serde_json::Value;

use crate::harness::{Setup, TestServer, form, json, problem, sample, text};

fn converter(policy: Policy) -> Program {
    Setup::default().program.with_policy(policy)
}

#[tokio::test]
async fn a_scan_is_read_within_the_sandbox_with_nothing_installed() {
    let server = TestServer::with(Setup {
        tesseract: "/nowhere/tesseract".into(),
        program: converter(Policy {
            mode: Mode::Required,
            memory: 256 << 20,
            ..Policy::default()
        }),
        ..Setup::default()
    })
    .await;
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    let response = server.send("scan.pdf", scan, &[("format", "json")]).await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["pages"][0]["kind"], "ocr", "{body}");
    assert_eq!(body["pages"][0]["engine"], "builtin", "{body}");
    assert!(
        body["content"]
            .as_str()
            .is_some_and(|text| text.contains("A scanned page")),
        "{body}"
    );
}

#[tokio::test]
async fn recognition_takes_more_processor_time_than_other_work_may() {
    let server = TestServer::with(Setup {
        program: converter(Policy {
            cpu: Duration::from_secs(1),
            most_cpu: Duration::from_secs(120),
            ..Policy::default()
        }),
        ..Setup::default()
    })
    .await;
    let pdf = sample("samples/annual-report.pdf");
    let options = [("ocr", "force"), ("pages", "1-2"), ("ocrEngine", "builtin")];
    let response = server.send("report.pdf", pdf, &options).await;
    assert_eq!(response.status(), 200);
}

/// Converters of this test, which runs in a process of its own.
fn converters() -> usize {
    let own = std::process::id().to_string();
    let processes = std::fs::read_dir("/proc").expect("a folder").flatten();
    let is_own = |process: &std::fs::DirEntry| {
        let read = |name: &str| std::fs::read_to_string(process.path().join(name)).unwrap_or_default();
        let parent = read("stat")
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1).map(str::to_owned));
        parent.as_deref() == Some(own.as_str()) && read("cmdline").contains(ilios::cli::CONVERTER_CHILD)
    };
    processes.filter(is_own).count()
}

#[tokio::test]
async fn recognition_that_is_cancelled_ends_within_a_second() {
    let server = TestServer::with(Setup {
        workers: 1,
        ..Setup::default()
    })
    .await;
    let pdf = sample("samples/annual-report.pdf");
    let options = [("ocr", "force"), ("ocrEngine", "builtin")];
    let sent = server
        .post("/api/documents/submit")
        .multipart(form("report.pdf", pdf, &options));
    let id = text(&json(sent.send().await.expect("an answer"), 200).await["id"]);
    let begin = Instant::now();
    while converters() == 0 {
        assert!(begin.elapsed() < Duration::from_secs(30), "no converter");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // It reads its first page by now.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(converters(), 1, "the document takes longer");
    let begin = Instant::now();
    let cancel = server.post(&format!("/api/documents/{id}/cancel"));
    json(cancel.send().await.expect("an answer"), 200).await;
    while converters() > 0 {
        assert!(begin.elapsed() < Duration::from_secs(1), "it goes on");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_scan_is_read_by_the_installed_ocr() {
    let server = TestServer::start().await;
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    let options = [("format", "json"), ("ocrEngine", "tesseract")];
    let response = server.send("scan.pdf", scan, &options).await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["pages"][0]["kind"], "ocr", "{body}");
    assert!(
        body["content"].as_str().is_some_and(|text| text.contains("page")),
        "{body}"
    );
}

#[tokio::test]
async fn a_page_with_text_is_recognized_when_forced() {
    let server = TestServer::start().await;
    let pdf = sample("samples/annual-report.pdf");
    let options = [
        ("format", "json"),
        ("ocr", "force"),
        ("pages", "1"),
        ("ocrLanguages", "eng+deu"),
    ];
    let body: Value = server
        .send("report.pdf", pdf, &options)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(body["pages"][0]["kind"], "ocr", "{body}");
}

#[tokio::test]
async fn a_language_without_data_is_named() {
    let server = TestServer::start().await;
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    let response = server
        .send(
            "scan.pdf",
            scan,
            &[("ocrLanguages", "xyz"), ("ocrEngine", "tesseract")],
        )
        .await;
    let body = problem(response, 422, "ocr_unavailable").await;
    assert!(
        body["error"].as_str().is_some_and(|error| error.contains("xyz")),
        "{body}"
    );
}

#[tokio::test]
async fn ocr_can_be_switched_off() {
    let server = TestServer::start().await;
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    problem(
        server.send("scan.pdf", scan, &[("ocr", "off")]).await,
        422,
        "ocr_unavailable",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_are_read_at_the_same_time_stay_within_the_memory_of_a_conversion() {
    // Four processors are idle, and the memory is that of one page.
    let server = TestServer::with(Setup {
        program: converter(Policy {
            memory: 256 << 20,
            ..Policy::default()
        }),
        ..Setup::default()
    })
    .await;
    let report = sample("samples/annual-report.pdf");
    let options = [("format", "json"), ("ocr", "force"), ("ocrEngine", "builtin")];
    let response = server.send("report.pdf", report, &options).await;
    let document = json(response, 200).await;
    let pages = document["pages"].as_array().expect("pages");
    assert_eq!(pages.len(), 4, "{document}");
    assert!(pages.iter().all(|page| page["kind"] == "ocr"));
}
