//! Conversions that are stopped on their way, and what is kept of them.

use std::fmt::Write;
use std::time::Duration;

use ilios_sandbox::{Policy, Program};
use serde_json::Value;

use crate::batches::send;
use crate::harness::{Setup, TestServer, files, form, json, problem};

/// The pages of such a document before the one that does harm.
const SOUND: usize = 12;

/// A PDF of pages with a line each, of which one, the last but one, has so much text that no layout of it ends soon.
fn with_a_page_too_many() -> Vec<u8> {
    let pages = SOUND + 2;
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", 4 + 2 * page)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!(
            "<</Type/Pages/Count {pages}/Kids[{kids}]/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>>>"
        ),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    for page in 0..pages {
        let content = if page == SOUND {
            (0..400_000).fold(String::new(), |mut content, n: u32| {
                let (x, y) = (n.wrapping_mul(7_919) % 590, n.wrapping_mul(104_729) % 790);
                let _ = write!(content, "BT /F 1 Tf {x} {y} Td (word{n}) Tj ET ");
                content
            })
        } else {
            format!(
                "BT /F 12 Tf 72 700 Td (This is page {} of the document.) Tj ET",
                page + 1
            )
        };
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/Contents {} 0 R>>",
            5 + 2 * page
        ));
        objects.push(format!(
            "<</Length {}>>\nstream\n{content}\nendstream",
            content.len()
        ));
    }
    file(&objects)
}

fn file(objects: &[String]) -> Vec<u8> {
    let (mut file, mut places) = ("%PDF-1.7\n".to_owned(), Vec::new());
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let (table, size) = (file.len(), objects.len() + 1);
    let _ = write!(file, "xref\n0 {size}\n0000000000 65535 f \n");
    for place in places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ = write!(
        file,
        "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n"
    );
    file.into_bytes()
}

fn converter(policy: Policy) -> Program {
    Program::new(env!("CARGO_BIN_EXE_ilios"), [ilios::cli::CONVERTER_CHILD]).with_policy(policy)
}

/// A server whose converters have a second of the processor each.
async fn short_of_time(workers: usize) -> TestServer {
    let policy = Policy {
        cpu: Duration::from_secs(1),
        memory: 2 << 30,
        ..Policy::default()
    };
    TestServer::with(Setup {
        program: converter(policy),
        workers,
        max_file_size: 64 << 20,
        ..Setup::default()
    })
    .await
}

/// Fails unless it is the pages before the one that does harm, and says so.
fn is_the_sound_part(metadata: &Value, reason: &str) {
    assert_eq!(metadata["partial"]["reason"], reason, "{metadata}");
    assert_eq!(metadata["partial"]["lastPage"], SOUND, "{metadata}");
    assert_eq!(metadata["extractedPages"], SOUND, "{metadata}");
    let warnings = metadata["warnings"].to_string();
    assert!(
        warnings.contains(&format!("after page {SOUND} are missing")),
        "{warnings}"
    );
}

#[tokio::test]
async fn a_document_that_uses_up_its_time_keeps_the_pages_before_when_asked_to() {
    let server = short_of_time(1).await;
    let document = with_a_page_too_many();
    problem(
        server.send("long.pdf", document.clone(), &[]).await,
        422,
        "timeout",
    )
    .await;
    let params = [("partial", "true"), ("format", "json")];
    let body = json(server.send("long.pdf", document.clone(), &params).await, 200).await;
    is_the_sound_part(&body["metadata"], "timeout");
    let pages: Vec<&str> = body["pages"]
        .as_array()
        .map(|pages| {
            pages
                .iter()
                .filter_map(|page| page["markdown"].as_str())
                .collect()
        })
        .unwrap_or_default();
    let expected: Vec<String> = (1..=SOUND)
        .map(|page| format!("This is page {page} of the document."))
        .collect();
    assert_eq!(pages, expected);
    let queued =
        server
            .post("/api/documents/submit")
            .multipart(form("long.pdf", document, &[("partial", "true")]));
    let queued = json(queued.send().await.expect("an answer"), 200).await;
    let id = queued["id"].as_str().expect("an id");
    let ended = server.ended(id).await;
    assert_eq!(ended["status"], "completed", "{ended}");
    is_the_sound_part(&ended["metadata"], "timeout");
    let content = server
        .get(&format!("/api/documents/{id}"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        content
            .headers()
            .get("x-partial-result")
            .map(|value| value.as_bytes()),
        Some(&b"timeout"[..])
    );
}

#[tokio::test]
async fn a_batch_keeps_pages_of_each_of_its_documents_when_asked_to() {
    let server = short_of_time(2).await;
    let long = with_a_page_too_many();
    for (partial, statuses) in [("true", ["completed"; 2]), ("false", ["failed", "completed"])] {
        let batch = files(&[("long.pdf", &long), ("short.txt", b"All of it.")]).text("partial", partial);
        let batch = json(send(&server, batch).await, 202).await;
        for (document, status) in batch["documents"]
            .as_array()
            .expect("a list")
            .iter()
            .zip(statuses)
        {
            let ended = server.ended(document["id"].as_str().expect("an id")).await;
            assert_eq!(ended["status"], status, "{ended}");
            match (status, document["fileName"].as_str()) {
                ("failed", _) => assert_eq!(ended["errorCode"], "timeout", "{ended}"),
                (_, Some("long.pdf")) => is_the_sound_part(&ended["metadata"], "timeout"),
                _ => assert_eq!(ended["metadata"]["partial"], Value::Null, "{ended}"),
            }
        }
        let id = batch["batchId"].as_str().expect("an id");
        let archive = server
            .get(&format!("/v1/batch/download/{id}?format=markdown"))
            .send()
            .await;
        let content = archive.expect("an answer").text().await.expect("a body");
        let kept = content.contains(&format!("This is page {SOUND} of the document."));
        assert_eq!(kept, partial == "true", "{content}");
    }
    let wrong = files(&[("a.txt", b"text")]).text("partial", "perhaps");
    let body = problem(send(&server, wrong).await, 400, "invalid_parameter").await;
    assert_eq!(body["field"], "partial", "{body}");
}

#[tokio::test]
async fn a_converter_that_is_silent_is_stopped() {
    let server = TestServer::with(Setup {
        program: converter(Policy {
            memory: 2 << 30,
            ..Policy::default()
        }),
        stall_timeout: Duration::from_secs(1),
        max_file_size: 64 << 20,
        ..Setup::default()
    })
    .await;
    let document = with_a_page_too_many();
    let body = problem(
        server.send("long.pdf", document.clone(), &[]).await,
        422,
        "timeout",
    )
    .await;
    assert!(body["error"].to_string().contains("1 s"), "{body}");
    let params = [("partial", "true"), ("format", "json")];
    let body = json(server.send("long.pdf", document, &params).await, 200).await;
    is_the_sound_part(&body["metadata"], "timeout");
}

#[tokio::test]
async fn a_running_document_tells_how_far_it_is() {
    let server = TestServer::with(Setup {
        program: converter(Policy {
            memory: 2 << 30,
            ..Policy::default()
        }),
        workers: 1,
        max_file_size: 64 << 20,
        ..Setup::default()
    })
    .await;
    let id = server.submitted("long.pdf", with_a_page_too_many()).await;
    let mut seen = Value::Null;
    for _ in 0..200 {
        let status = server.json(&format!("/api/documents/status/{id}")).await;
        if status["progress"]["pagesDone"].as_u64() > Some(0) {
            seen = status;
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(seen["progress"]["pages"], SOUND + 2, "{seen}");
    let cancelled = server
        .post(&format!("/api/documents/{id}/cancel"))
        .send()
        .await
        .expect("an answer");
    assert!(cancelled.status().is_success());
    let status = server.json(&format!("/api/documents/status/{id}")).await;
    assert_eq!(status["progress"], Value::Null, "{status}");
}

#[tokio::test]
async fn partial_takes_true_or_false() {
    let server = TestServer::start().await;
    let response = server.send("a.txt", "text", &[("partial", "perhaps")]).await;
    let body = problem(response, 400, "invalid_parameter").await;
    assert_eq!(body["field"], "partial", "{body}");
    let whole = server
        .send("a.txt", "text", &[("partial", "true"), ("format", "json")])
        .await;
    assert_eq!(json(whole, 200).await["metadata"]["partial"], Value::Null);
}

#[test]
fn the_command_line_keeps_pages_when_asked_to() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join("long.pdf"), with_a_page_too_many()).expect("a file");
    let convert = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_ilios"))
            .args(["convert", "long.pdf"])
            .args(arguments)
            .current_dir(folder.path())
            .env_clear()
            .env("CONVERT_CPU_TIME", "2")
            .output();
        output.expect("it runs")
    };
    let whole = convert(&[]);
    assert!(!whole.status.success() && whole.stdout.is_empty(), "{whole:?}");
    let part = convert(&["--partial"]);
    assert!(part.status.success(), "{part:?}");
    assert!(
        String::from_utf8_lossy(&part.stdout).ends_with(&format!("This is page {SOUND} of the document.\n"))
    );
    assert!(
        String::from_utf8_lossy(&part.stderr).contains("are missing"),
        "{part:?}"
    );
}
