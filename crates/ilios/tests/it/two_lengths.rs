//! Requests whose head has two lengths, on connections as a client opens them.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::serve::Server;

const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

fn two_lengths(line: &str, fields: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: x\r\n{fields}\r\n\r\n0\r\n\r\n{HIDDEN}")
}

/// A chunked request whose body looks like one with two lengths.
fn chunked() -> String {
    let body = two_lengths(
        "POST /v1/convert",
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
    );
    let (first, second) = body.split_at(40);
    format!(
        "POST /v1/convert HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n\
         {:x};a=b\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\nX-Sum: 1\r\n\r\n",
        first.len(),
        second.len()
    )
}

/// Sends the parts with a pause after each; answers all that comes until the server ends the connection.
async fn heard(server: &Server, parts: &[&str]) -> String {
    let mut stream = TcpStream::connect(&server.address).await.expect("a connection");
    stream.set_nodelay(true).expect("an option");
    for part in parts {
        stream.write_all(part.as_bytes()).await.expect("it is taken");
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    let mut heard = Vec::new();
    let end = stream.read_to_end(&mut heard);
    let ended = tokio::time::timeout(Duration::from_secs(20), end).await;
    ended
        .expect("the connection is closed")
        .expect("nothing is reset");
    String::from_utf8(heard).expect("text")
}

/// Fails unless these are so many answers, of which the last refuses two lengths.
fn is_refused(heard: &str, answers: usize) {
    assert_eq!(heard.matches("HTTP/1.1 ").count(), answers, "{heard}");
    let last = &heard[heard.rfind("HTTP/1.1 ").expect("an answer")..];
    let (head, body) = last.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 400"), "{heard}");
    assert!(head.to_ascii_lowercase().contains("connection: close"), "{heard}");
    let body: Value = serde_json::from_str(body).expect("a JSON body");
    assert_eq!(body["code"], "two_lengths");
    assert_eq!(body["field"], "content-length");
    assert!(body["requestId"].as_str().is_some_and(|id| !id.is_empty()));
}

#[tokio::test]
async fn a_request_with_two_lengths_is_refused_whatever_it_asks_for() {
    let server = Server::start(&[("API_KEY", "key"), ("CORS_ORIGINS", "*")]);
    for line in [
        "POST /v1/convert",
        "GET /health",
        "OPTIONS /v1/convert",
        "PUT /nowhere",
    ] {
        for fields in [
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "transfer-encoding: chunked\r\ncontent-length: 5",
            "Transfer-Encoding: chunked\r\nX: y\r\nContent-Length: no number",
        ] {
            is_refused(&heard(&server, &[&two_lengths(line, fields)]).await, 1);
        }
    }
    server.signal("-TERM");
    let (_, log) = server.end();
    let log = log.join("\n");
    assert!(!log.contains("/hidden") && log.contains("/nowhere"), "{log}");
}

#[tokio::test]
async fn it_is_found_in_pieces_and_behind_other_requests() {
    let server = Server::start(&[]);
    let both = two_lengths("GET /health", "Content-Length: 5\r\nTransfer-Encoding: chunked");
    let head = both
        .strip_suffix(HIDDEN)
        .and_then(|both| both.strip_suffix("0\r\n\r\n"));
    let bytes: Vec<String> = head.expect("a head").chars().map(String::from).collect();
    let bytes: Vec<&str> = bytes.iter().map(String::as_str).collect();
    is_refused(&heard(&server, &bytes).await, 1);
    let health = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
    let form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n\
                Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n--b--\r\n";
    let sized = format!(
        "POST /v1/convert HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    // One after the other, and all at once.
    is_refused(&heard(&server, &[health, &sized, health, &both]).await, 4);
    let together = [health, &sized, health, &both].concat();
    is_refused(&heard(&server, &[&together]).await, 4);
    let (first, second) = together.split_at(together.len() - both.len() + 30);
    is_refused(&heard(&server, &[first, second]).await, 4);
    server.signal("-TERM");
    server.end();
}

#[tokio::test]
async fn a_body_that_looks_like_such_a_request_is_none() {
    let server = Server::start(&[]);
    let last = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let whole = heard(&server, &[&chunked(), last]).await;
    assert!(!whole.contains("two_lengths"), "{whole}");
    let body = two_lengths("POST /", "Content-Length: 4\r\nTransfer-Encoding: chunked");
    let part = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n{body}\r\n--b--\r\n"
    );
    let head = "POST /v1/convert HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n";
    let sized = format!("{head}Content-Length: {}\r\n\r\n{part}", part.len());
    let (first, second) = part.split_at(150);
    let chunks = format!(
        "{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:X}\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    for pieces in [
        vec![sized.as_str(), chunks.as_str(), last],
        vec![&chunks[..200], &chunks[200..], last],
    ] {
        let whole = heard(&server, &pieces).await;
        assert!(!whole.contains("two_lengths"), "{whole}");
        assert!(whole.matches("HTTP/1.1 200").count() >= 2, "{whole}");
    }
    server.signal("-TERM");
    server.end();
}

#[tokio::test]
async fn the_rest_of_such_a_request_is_not_waited_for() {
    let server = Server::start(&[]);
    let started = Instant::now();
    let head =
        "POST /v1/convert HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n";
    is_refused(&heard(&server, &[head]).await, 1);
    assert!(started.elapsed() < Duration::from_secs(10));
    server.signal("-TERM");
    server.end();
}
