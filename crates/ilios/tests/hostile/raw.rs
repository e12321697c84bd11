use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than any time that the server gives a client.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// What came back on a connection until its end.
#[derive(Debug)]
pub(crate) struct RawResponse {
    pub(crate) text: String,
    /// From the first byte sent to the end.
    pub(crate) took: Duration,
}

impl RawResponse {
    /// The status of the first answer; 0 when the connection ended without one.
    pub(crate) fn status(&self) -> u16 {
        let number = self.text.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
        number.and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

/// Sends bytes and hears the server out. It may stop to listen before it has heard all of them.
pub(crate) async fn send(server: &str, bytes: &[u8]) -> RawResponse {
    send_slowly(server, bytes, usize::MAX, Duration::ZERO).await
}

/// Sends bytes a few at a time, with a pause after each.
pub(crate) async fn send_slowly(server: &str, bytes: &[u8], at_once: usize, pause: Duration) -> RawResponse {
    let started = Instant::now();
    let stream = TcpStream::connect(server).await.expect("a connection");
    let (mut reads, mut writes) = stream.into_split();
    let write = async {
        for part in bytes.chunks(at_once.min(bytes.len().max(1))) {
            if writes.write_all(part).await.is_err() {
                break;
            }
            tokio::time::sleep(pause).await;
        }
        // An answer may come as long as the connection is whole.
        std::future::pending::<()>().await;
    };
    let mut heard = Vec::new();
    let read = async {
        let mut buffer = [0; 8 * 1024];
        while let Ok(count @ 1..) = reads.read(&mut buffer).await {
            heard.extend_from_slice(&buffer[..count]);
            if is_whole(&heard) {
                break;
            }
        }
    };
    tokio::select! {
        () = read => {}
        () = write => {}
        () = tokio::time::sleep(READ_TIMEOUT) => panic!("the connection stays open"),
    }
    RawResponse {
        text: String::from_utf8_lossy(&heard).into_owned(),
        took: started.elapsed(),
    }
}

/// Whether an answer with its announced length is there.
fn is_whole(heard: &[u8]) -> bool {
    let text = String::from_utf8_lossy(heard);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    !head.starts_with("HTTP/1.1 100") && length.is_some_and(|length: usize| body.len() >= length)
}

/// A request with these lines after its first one, and a body.
pub(crate) fn request(line: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{line} HTTP/1.1\r\nHost: localhost\r\n").into_bytes();
    for header in headers {
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// A form for `path` with the boundary `b`, its length announced.
pub(crate) fn form(path: &str, body: &[u8]) -> Vec<u8> {
    let length = format!("Content-Length: {}", body.len());
    let headers = ["Content-Type: multipart/form-data; boundary=b", &length];
    request(&format!("POST {path}"), &headers, body)
}

/// A part of such a form.
pub(crate) fn part(head: &str, content: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
}
