//! Requests whose end is open to question, on connections of the test's own and behind a proxy: whatever a server makes
//! of them, nothing in them counts as another request (RFC 9112, sections 6.1, 6.3 and 11.2).

mod behind_nginx;
mod directly;
mod nginx;
mod requests;

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longest wait for the end of a connection; long enough for a busy machine.
const WAIT_TIMEOUT: Duration = Duration::from_secs(60);
/// Request that a client sends at once after the hostile one.
const NEXT: &str =
    "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: next\r\nConnection: close\r\n\r\n";

/// Sends the parts one after the other; returns all that comes until the server ends the connection.
async fn heard(address: &str, parts: impl IntoIterator<Item = &[u8]>) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("an option");
    let (mut reads, mut writes) = stream.split();
    let mut heard = Vec::new();
    let exchange = async {
        for part in parts {
            // The server may have ended the connection.
            if writes.write_all(part).await.is_err() {
                break;
            }
        }
        // An error is an end, too.
        while let Ok(1..) = reads.read_buf(&mut heard).await {}
    };
    let ended = tokio::time::timeout(WAIT_TIMEOUT, exchange).await;
    assert!(ended.is_ok(), "the connection stays open: {heard:?}");
    String::from_utf8_lossy(&heard).into_owned()
}

/// The status and, if it has one, the request's id of each answer. A line that looks like a request is none.
fn answers(heard: &str) -> Vec<(u16, String)> {
    let answers = heard.split("HTTP/1.").skip(1);
    answers
        .filter_map(|answer| {
            // The minor version, a space, the status.
            let status = answer.get(2..5)?.parse().ok()?;
            let id = answer.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("x-request-id")
                    .then(|| value.to_owned())
            });
            Some((status, id.unwrap_or_default()))
        })
        .filter(|(status, _)| *status != 100)
        .collect()
}

/// Ids of the requests in a server's log.
fn logged(log: &[String]) -> Vec<String> {
    let entries = log
        .iter()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    entries
        .filter(|entry| entry["message"] == "answered" || entry["message"] == "the client went away")
        .filter_map(|entry| Some(entry["span"]["request_id"].as_str()?.to_owned()))
        .collect()
}
