//! Batches: accepted, looked at, cancelled.

use std::time::{Duration, Instant};

use reqwest::Response;
use reqwest::multipart::Form;
use serde_json::{Value, json as value};

use crate::gate::Gate;
use crate::harness::{Setup, TestServer, files, json, part, problem, text};

const NOISE: &[u8] = &[
    0, 159, 146, 150, 7, 0, 159, 146, 150, 7, 0, 0, 0, 159, 255, 254, 1, 2, 3,
];

async fn send(server: &TestServer, form: Form) -> Response {
    let request = server.post("/v1/batch/submit").multipart(form);
    request.send().await.expect("an answer")
}

/// Objects that are stored.
fn stored(server: &TestServer) -> usize {
    let folder = server.folder().join("objects/documents");
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// Waits until what was stored is taken back.
async fn nothing_stored(server: &TestServer) {
    let patience = Instant::now() + Duration::from_secs(10);
    while stored(server) > 0 {
        assert!(Instant::now() < patience, "{} objects are left", stored(server));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn good_files_of_a_batch_go_on_when_others_are_refused() {
    let server = TestServer::with(Setup {
        workers: 2,
        max_file_size: 300_000,
        ..Setup::default()
    })
    .await;
    let large = vec![b'a'; 400_000];
    let spooled = "word ".repeat(55_000);
    let form = files(&[
        ("one.md", b"# One\n"),
        ("large.txt", &large),
        ("noise.bin", NOISE),
        ("empty.txt", b""),
    ])
    .part("files[]", part("two.md", "# Two\n"))
    .part("files", part("spooled.txt", spooled))
    .text("priority", "7")
    .text("retentionDays", "30")
    .text("useMistralBatch", "false")
    .text("model", "whatever");
    let answer = json(send(&server, form).await, 202).await;
    let id = text(&answer["batchId"]);
    assert_eq!(answer["status"], "queued");
    assert_eq!(answer["totalDocuments"], 6);
    assert_eq!(answer["statusUrl"], format!("/v1/batch/status/{id}"));
    let documents = answer["documents"].as_array().expect("documents");
    let shown: Vec<_> = documents
        .iter()
        .map(|document| {
            let field = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
            (
                field("fileName"),
                document["fileSize"].as_u64().unwrap_or_default(),
                field("status"),
                field("errorCode"),
            )
        })
        .collect();
    let row = |name: &str, size: u64, status: &str, code: &str| {
        (name.to_owned(), size, status.to_owned(), code.to_owned())
    };
    assert_eq!(
        shown,
        [
            row("one.md", 6, "pending", ""),
            row("large.txt", 400_000, "failed", "too_large"),
            row("noise.bin", NOISE.len() as u64, "failed", "unsupported_type"),
            row("empty.txt", 0, "failed", "empty_file"),
            row("two.md", 6, "pending", ""),
            row("spooled.txt", 275_000, "pending", ""),
        ]
    );
    assert!(documents[1]["error"].is_string());

    let ended = server
        .json(&format!("/v1/batch/status/{id}?wait=60&details=true"))
        .await;
    assert_eq!(ended["status"], "completed");
    assert_eq!(
        ended["progress"],
        value!({"total": 6, "pending": 0, "processing": 0, "completed": 3, "failed": 3})
    );
    assert_eq!(ended["downloadUrl"], format!("/v1/batch/download/{id}"));
    assert!(
        ended["createdAt"].is_string() && ended["completedAt"].is_string(),
        "{ended}"
    );
    let details = ended["documents"].as_array().expect("documents");
    let order = |list: &[Value]| {
        list.iter()
            .map(|document| text(&document["id"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        order(details),
        order(documents),
        "in the order in which they were sent"
    );
    assert_eq!(details[0]["status"], "completed");
    assert_eq!(details[0]["error"], Value::Null);
    assert!(details[0]["processedAt"].is_string());
    assert_eq!(details[1]["errorCode"], "too_large");
    assert_eq!(stored(&server), 3);
}

#[tokio::test]
async fn many_small_files_keep_their_order() {
    let server = TestServer::start().await;
    let form = (0..100).fold(Form::new(), |form, number| {
        form.part("files", part(&format!("{number}.txt"), format!("text {number}")))
    });
    let answer = json(send(&server, form).await, 202).await;
    let id = text(&answer["batchId"]);
    let status = server.json(&format!("/v1/batch/status/{id}?details=true")).await;
    assert_eq!(status["status"], "pending");
    assert_eq!(status["progress"]["pending"], 100);
    assert!(
        status["completedAt"].is_null() && status["downloadUrl"].is_null(),
        "{status}"
    );
    for list in [&answer["documents"], &status["documents"]] {
        let names = list
            .as_array()
            .expect("documents")
            .iter()
            .map(|document| text(&document["fileName"]));
        let expected = (0..100).map(|number| format!("{number}.txt"));
        assert!(names.eq(expected));
    }
    let without = server.json(&format!("/v1/batch/status/{id}?details=false")).await;
    assert!(without["documents"].is_null());
}

#[tokio::test]
async fn a_batch_of_refused_files_has_ended_before_it_began() {
    let server = TestServer::start().await;
    let answer = json(
        send(&server, files(&[("a.bin", NOISE), ("b.txt", b"")])).await,
        202,
    )
    .await;
    assert_eq!(answer["status"], "failed");
    let id = text(&answer["batchId"]);
    let status = server.json(&format!("/v1/batch/status/{id}")).await;
    assert_eq!(status["status"], "failed");
    assert_eq!(status["progress"]["failed"], 2);
    assert_eq!(status["downloadUrl"], format!("/v1/batch/download/{id}"));
}

#[tokio::test]
async fn a_broken_batch_leaves_nothing_behind() {
    let server = TestServer::start().await;
    let good = || files(&[("a.txt", b"text"), ("b.txt", b"text")]);
    let large = || good().part("files", part("c.txt", "long ".repeat(100_000)));
    for (field, value, takes) in [
        ("priority", "11", "1 to 10"),
        ("retentionDays", "0", "1 to 3650"),
        ("useMistralBatch", "true", "not set up"),
        ("useMistralBatch", "yes", "true or false"),
        ("pages", "x", "1-based"),
        ("ocr", "x", "auto, off or force"),
        ("ocrLanguages", "!", "tesseract"),
    ] {
        let body = problem(
            send(&server, large().text(field, value)).await,
            400,
            "invalid_parameter",
        )
        .await;
        assert_eq!(body["field"], field);
        assert!(
            body["error"].as_str().is_some_and(|error| error.contains(takes)),
            "{body}"
        );
    }
    let many = (0..101).fold(Form::new(), |form, _| form.part("files", part("a.txt", "text")));
    let body = problem(send(&server, many).await, 400, "invalid_parameter").await;
    assert_eq!(body["field"], "files");
    let none = problem(
        send(&server, Form::new().text("priority", "5")).await,
        400,
        "missing_file",
    )
    .await;
    assert_eq!(none["field"], "files");
    let parts = (0..100).fold(good(), |form, number| form.text(format!("x{number}"), "y"));
    problem(send(&server, parts).await, 400, "invalid_multipart").await;
    let cut =
        "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nabc\r\n--x\r\n";
    let cut = server
        .post("/v1/batch/submit")
        .header("content-type", "multipart/form-data; boundary=x")
        .body(cut);
    problem(cut.send().await.expect("an answer"), 400, "invalid_multipart").await;
    nothing_stored(&server).await;
    assert_eq!(server.json("/v1/batch").await["batches"], value!([]));
    assert_eq!(server.json("/api/documents").await["documents"], value!([]));
}

#[tokio::test]
async fn a_client_that_goes_away_in_the_middle_leaves_nothing_behind() {
    use tokio::io::AsyncWriteExt;
    let server = TestServer::start().await;
    let address = server.address.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address)
        .await
        .expect("a connection");
    let head = "POST /v1/batch/submit HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\
        Content-Type: multipart/form-data; boundary=b\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("it is taken");
    for _ in 0..3 {
        let part =
            "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\ntext\r\n";
        stream.write_all(part.as_bytes()).await.expect("it is taken");
    }
    let patience = Instant::now() + Duration::from_secs(10);
    while stored(&server) < 2 {
        assert!(Instant::now() < patience, "files are stored while others arrive");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(stream);
    nothing_stored(&server).await;
}

#[tokio::test]
async fn a_batch_is_not_bound_to_the_size_of_one_file() {
    let server = TestServer::with(Setup {
        max_file_size: 600_000,
        ..Setup::default()
    })
    .await;
    let bytes = "a".repeat(500_000);
    let form = (0..6).fold(Form::new(), |form, _| {
        form.part("files", part("a.txt", bytes.clone()))
    });
    let answer = json(send(&server, form).await, 202).await;
    assert_eq!(answer["documents"][5]["status"], "pending");
    let large = server
        .post("/v1/batch/submit")
        .header("content-type", "multipart/form-data; boundary=x");
    let large = large.header("content-length", "70000000").body("--x--");
    let large = large.send().await;
    assert!(large.is_err() || large.is_ok_and(|response| response.status() == 413));
}

#[tokio::test]
async fn the_rest_of_a_batch_can_be_cancelled() {
    let gate = Gate::closed();
    let server = TestServer::with(Setup {
        workers: 1,
        engine: Some(gate.clone()),
        ..Setup::default()
    })
    .await;
    gate.let_through(1);
    let form = files(&[("a.txt", b"1"), ("b.txt", b"2"), ("c.txt", b"3")]);
    let id = text(&json(send(&server, form).await, 202).await["batchId"]);
    gate.begun(2).await;
    let status = server.json(&format!("/v1/batch/status/{id}")).await;
    assert_eq!(status["status"], "processing");
    assert_eq!(
        status["progress"],
        value!({"total": 3, "pending": 1, "processing": 1, "completed": 1, "failed": 0})
    );
    let download = server
        .get(&format!("/v1/batch/download/{id}"))
        .send()
        .await
        .expect("an answer");
    let body = problem(download, 400, "batch_not_ready").await;
    assert_eq!(
        (&body["status"], &body["progress"]),
        (&status["status"], &status["progress"])
    );

    let waiting = tokio::spawn(server.get(&format!("/v1/batch/status/{id}?wait=60")).send());
    tokio::time::sleep(Duration::from_millis(50)).await;
    let cancel = server.post(&format!("/v1/batch/{id}/cancel"));
    let cancelled = json(cancel.send().await.expect("an answer"), 200).await;
    assert_eq!(cancelled["status"], "completed", "one was converted before");
    assert_eq!(
        cancelled["progress"],
        value!({"total": 3, "pending": 0, "processing": 0, "completed": 1, "failed": 2})
    );
    let seen = json(waiting.await.expect("a task").expect("an answer"), 200).await;
    assert_eq!(seen["progress"], cancelled["progress"], "who waits is told");
    gate.let_through(5);
    let again = server.post(&format!("/v1/batch/{id}/cancel"));
    let again = json(again.send().await.expect("an answer"), 200).await;
    assert_eq!(again["completedAt"], cancelled["completedAt"], "it had ended");
}

#[tokio::test]
async fn malformed_and_unknown_batches_are_told_apart() {
    let server = TestServer::start().await;
    for (method, path) in [
        ("GET", "/v1/batch/status/{}"),
        ("GET", "/v1/batch/download/{}"),
        ("POST", "/v1/batch/{}/cancel"),
    ] {
        let ask = async |id: &str| {
            let request = server.request(method, &path.replace("{}", id));
            request.send().await.expect("an answer")
        };
        assert_eq!(
            problem(ask("x").await, 400, "invalid_id").await["field"],
            "batchId"
        );
        problem(ask("d12345678901234567890123").await, 404, "not_found").await;
    }
    for query in ["details=1", "wait=61"] {
        let path = format!("/v1/batch/status/d12345678901234567890123?{query}");
        let response = server.get(&path).send().await.expect("an answer");
        problem(response, 400, "invalid_parameter").await;
    }
}
