//! Requests for batches that cannot be carried out.

use std::time::{Duration, Instant};

use reqwest::multipart::Form;
use serde_json::json as value;

use crate::batches::{send, stored};
use crate::harness::{TestServer, files, part, problem};

/// Waits until what was stored is taken back.
async fn nothing_stored(server: &TestServer) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while stored(server) > 0 {
        assert!(Instant::now() < deadline, "{} objects are left", stored(server));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
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
        ("useMistralBatch", "yes", "not set up"),
        ("useMistralBatch", "perhaps", "true or false"),
        ("model", "whatever", "cannot be chosen"),
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
    let deadline = Instant::now() + Duration::from_secs(10);
    while stored(&server) < 2 {
        assert!(Instant::now() < deadline, "files are stored while others arrive");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(stream);
    nothing_stored(&server).await;
}
