use std::time::Duration;

use futures::future::join_all;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::Outcome;
use crate::raw::{form, part, request, send};

pub(super) async fn broken_off(server: &str) -> Outcome {
    let documents = async || {
        send(server, &request("GET /api/documents?limit=100", &[], b""))
            .await
            .text
    };
    let body = format!(
        "{}--b--\r\n",
        part("name=\"file\"; filename=\"broken-off.txt\"", "text")
    );
    let bytes = form("/api/documents/submit", body.as_bytes());
    let mut stream = TcpStream::connect(server)
        .await
        .map_err(|error| error.to_string())?;
    stream
        .write_all(&bytes[..bytes.len() - 12])
        .await
        .map_err(|error| error.to_string())?;
    drop(stream);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let listed = documents().await;
    (!listed.contains("broken-off.txt")).then_some(()).ok_or(listed)
}

fn named(key: &str, text: &str) -> Vec<u8> {
    let body = format!("{}--b--\r\n", part("name=\"file\"; filename=\"a.txt\"", text));
    let (name, length) = (
        format!("Idempotency-Key: {key}"),
        format!("Content-Length: {}", body.len()),
    );
    let headers = ["Content-Type: multipart/form-data; boundary=b", &length, &name];
    request("POST /api/documents/submit", &headers, body.as_bytes())
}

pub(super) async fn same_name(server: &str) -> Outcome {
    let request = named("hostile-same", "text");
    let answers = join_all((0..50).map(|_| send(server, &request))).await;
    let mut bodies: Vec<&str> = Vec::new();
    for answer in &answers {
        let (_, body) = answer.text.split_once("\r\n\r\n").ok_or(format!("{answer:?}"))?;
        bodies.push(body);
    }
    bodies.dedup();
    let one = bodies.len() == 1 && answers.iter().all(|answer| answer.status() == 200);
    one.then_some(()).ok_or(format!("{bodies:?}"))
}

pub(super) async fn other_body(server: &str) -> Outcome {
    let first = send(server, &named("hostile-other", "one text")).await;
    let other = send(server, &named("hostile-other", "another text")).await;
    let statuses = (first.status(), other.status());
    (statuses == (200, 409))
        .then_some(())
        .ok_or(format!("{statuses:?}"))
}
