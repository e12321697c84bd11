//! Answers that are sent before the body of their request was read. A plain client writes all of it before it reads.

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, stream};
use ilios::http::{Edge, PROTECTED_PATHS};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Setup, TestServer, json, text};
use crate::uploads::announce;

/// More than the system takes of a body that nobody reads.
const BODY: usize = 12 << 20;
const GO_ON: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
/// Longest wait for an answer or for the end of a connection; long enough for a busy machine.
const WAIT_TIMEOUT: Duration = Duration::from_secs(50);

/// Way in which a client sends its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sending {
    /// With `Content-Length`.
    Whole,
    Chunked,
    /// With `Expect: 100-continue`, without waiting for the answer.
    Expecting,
    /// With `Expect: 100-continue`; the body is sent only once the server asks for it.
    Waiting,
}

/// A request that is refused, and how.
#[derive(Debug, Clone)]
struct Refusal {
    method: String,
    path: String,
    host: &'static str,
    headers: String,
    status: u16,
}

/// Every operation of the description.
fn operations() -> Vec<(String, String)> {
    let description = serde_json::to_value(ilios::http::openapi_document()).expect("JSON");
    let paths = description["paths"].as_object().expect("paths").clone();
    let methods = |(path, item): (String, Value)| {
        let methods = item.as_object().expect("operations").clone();
        methods.into_iter().filter_map(move |(method, operation)| {
            let path = path.replace(['{', '}'], "");
            operation.get("operationId")?;
            Some((method.to_uppercase(), path))
        })
    };
    paths.into_iter().flat_map(methods).collect()
}

impl Refusal {
    fn new(method: &str, path: &str, headers: &str, status: u16) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            host: "localhost",
            headers: headers.to_owned(),
            status,
        }
    }

    /// As [`Self::new`], of a conversion that is asked of `host`.
    fn of_host(host: &'static str, status: u16) -> Self {
        Self {
            host,
            ..Self::new("POST", "/v1/convert", "", status)
        }
    }

    /// Sends the request as `sending` says; what comes back until the server ends the connection.
    async fn heard(&self, address: &str, sending: Sending) -> std::io::Result<String> {
        let framing = match sending {
            Sending::Chunked => "Transfer-Encoding: chunked".to_owned(),
            Sending::Whole => format!("Content-Length: {BODY}"),
            Sending::Expecting | Sending::Waiting => {
                format!("Content-Length: {BODY}\r\nExpect: 100-continue")
            }
        };
        let Self {
            method,
            path,
            host,
            headers,
            ..
        } = self;
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{framing}\r\n{headers}\r\n");
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(head.as_bytes()).await?;
        if sending == Sending::Chunked {
            stream.write_all(format!("{BODY:x}\r\n").as_bytes()).await?;
        }
        if sending != Sending::Waiting {
            stream.write_all(&vec![b'x'; BODY]).await?;
        }
        if sending == Sending::Chunked {
            stream.write_all(b"\r\n0\r\n\r\n").await?;
        }
        let mut heard = Vec::new();
        // The server ends the connection when it does not read the body, which is not to be waited for.
        while !is_whole(&heard) && stream.read_buf(&mut heard).await? > 0 {
            if heard.starts_with(GO_ON) {
                heard.drain(..GO_ON.len());
                if sending == Sending::Waiting {
                    stream.write_all(&vec![b'x'; BODY]).await?;
                }
            }
        }
        Ok(String::from_utf8_lossy(&heard).into_owned())
    }

    async fn is_heard(&self, server: &TestServer, sending: Sending) {
        let address = server.address.trim_start_matches("http://");
        let heard = tokio::time::timeout(WAIT_TIMEOUT, self.heard(address, sending)).await;
        let heard = heard.unwrap_or_else(|_| panic!("{self:?}, {sending:?}: no answer"));
        let heard = heard.unwrap_or_else(|error| panic!("{self:?}, {sending:?}: {error}"));
        let status = heard.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
        assert!(is_whole(heard.as_bytes()), "{self:?}, {sending:?}: {heard}");
        // Whether a body without a length is a short one, for which there is always room, is seen at its end.
        let is_told = self.status != 503 || sending != Sending::Chunked;
        if self.status > 0 && is_told {
            assert_eq!(
                status,
                Some(self.status.to_string().as_str()),
                "{self:?}, {sending:?}: {heard}"
            );
        }
    }
}

/// Returns true if the whole answer has arrived.
fn is_whole(heard: &[u8]) -> bool {
    let text = String::from_utf8_lossy(heard);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let head = head.to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    length.map_or(
        head.contains("transfer-encoding") && body.ends_with("0\r\n\r\n"),
        |length: usize| body.len() >= length,
    )
}

const WAYS: [Sending; 4] = [
    Sending::Whole,
    Sending::Chunked,
    Sending::Expecting,
    Sending::Waiting,
];

async fn all_are_heard(setup: Setup, refusals: Vec<Refusal>) {
    are_heard(&TestServer::with(setup).await, &refusals, &WAYS).await;
}

async fn are_heard(server: &TestServer, refusals: &[Refusal], ways: &[Sending]) {
    let tries = refusals
        .iter()
        .flat_map(|refusal| ways.iter().map(move |way| (refusal, *way)));
    stream::iter(tries)
        .for_each_concurrent(8, |(refusal, way)| refusal.is_heard(server, way))
        .await;
}

fn small(api_keys: &'static str) -> Setup {
    Setup {
        api_keys,
        max_file_size: 1 << 20,
        ..Setup::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_key() {
    let refusals = PROTECTED_PATHS
        .iter()
        .map(|(method, path, _)| Refusal::new(method, &path.replace(['{', '}'], ""), "", 401));
    all_are_heard(small("key"), refusals.collect()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_another_origin_and_with_large_headers() {
    let large = format!("X-Large: {}\r\n", "x".repeat(17 << 10));
    let refusals = operations().into_iter().flat_map(|(method, path)| {
        [
            Refusal::new(&method, &path, "Origin: https://evil.example\r\n", 403),
            Refusal::new(&method, &path, &large, 431),
        ]
    });
    let setup = Setup {
        edge: Edge {
            origins: ilios::http::Origins {
                only_these: true,
                ..Edge::default().origins
            },
            ..Edge::default()
        },
        ..small("")
    };
    all_are_heard(setup, refusals.collect()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_every_operation_whatever_it_answers() {
    let paths = operations();
    let mut refusals: Vec<_> = paths
        .iter()
        .filter(|(method, _)| method != "POST" && method != "PUT")
        .map(|(method, path)| Refusal::new(method, path, "", 0))
        .collect();
    refusals.extend(paths.iter().map(|(_, path)| Refusal::new("PATCH", path, "", 405)));
    refusals.push(Refusal::new("POST", "/nowhere", "", 404));
    refusals.push(Refusal::new("POST", "/", "", 405));
    refusals.push(Refusal::new(
        "PUT",
        "/objects/documents/id?signature=none",
        "",
        403,
    ));
    all_are_heard(small(""), refusals).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn to_bodies_that_are_too_large_or_of_another_type() {
    let form = "Content-Type: multipart/form-data; boundary=b\r\n";
    let mut refusals = Vec::new();
    for path in [
        "/v1/convert",
        "/v1/estimate",
        "/api/documents/submit",
        "/v1/batch/submit",
    ] {
        refusals.push(Refusal::new("POST", path, "Content-Type: text/plain\r\n", 0));
        // What is sent is no form, which is seen before its end.
        refusals.push(Refusal::new("POST", path, form, 0));
    }
    refusals.push(Refusal::new("POST", "/api/documents/upload-url", "", 413));
    all_are_heard(small(""), refusals).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_busy_server() {
    let setup = Setup {
        running: 0,
        waiting: 0,
        ..small("")
    };
    let refusals = ["/v1/convert", "/v1/estimate"].map(|path| Refusal::new("POST", path, "", 503));
    all_are_heard(setup, refusals.to_vec()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn to_heads_that_are_not_understood_or_not_for_this_server() {
    let server = TestServer::with(small("")).await;
    let mut refusals = vec![
        Refusal::of_host("evil.example", 403),
        Refusal::of_host("no host", 400),
        Refusal::new("POST", "/v1/convert", "Host: other\r\n", 400),
        Refusal::new("POST", "http://other/v1/convert", "", 400),
    ];
    for path in ["/v1/convert", "/api/documents/submit", "/v1/batch/submit"] {
        refusals.push(Refusal::new("POST", path, "Idempotency-Key: two words\r\n", 400));
    }
    let posts = operations().into_iter();
    let of_an_id =
        posts.filter(|(method, path)| method == "POST" && path.to_ascii_lowercase().contains("id"));
    refusals.extend(of_an_id.map(|(method, path)| {
        let status = match path.as_str() {
            // An open server has no administrators.
            admin if admin.starts_with("/api/admin/") => 403,
            // As Mistral answers.
            job if job.starts_with("/v1/batch/jobs/") => 404,
            _ => 400,
        };
        Refusal::new(&method, &path, "", status)
    }));
    assert!(refusals.len() > 9, "operations on documents and batches");
    are_heard(&server, &refusals, &WAYS).await;
    // The chunks count, and `BODY` holds none.
    let both_lengths = Refusal::new("POST", "/v1/convert", "Transfer-Encoding: chunked\r\n", 400);
    are_heard(&server, &[both_lengths], &[Sending::Whole, Sending::Expecting]).await;
}

/// The path and query of the address of an upload of four bytes; the id of its document.
async fn announced(server: &TestServer) -> (String, String) {
    let body = serde_json::json!({"fileName": "a.txt", "fileSize": 4});
    let upload = json(announce(server, &body).await, 200).await;
    let url = text(&upload["uploadUrl"]);
    let path = url.strip_prefix(&server.address).expect("its own address");
    (path.to_owned(), text(&upload["id"]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn to_uploads_that_are_too_large_or_late() {
    let setup = small("");
    let clock = Arc::clone(&setup.clock);
    let server = TestServer::with(setup).await;
    let (path, id) = announced(&server).await;
    let too_large = Refusal::new("PUT", &path, "", 413);
    are_heard(&server, &[too_large], &WAYS).await;
    let cancel = server.post(&format!("/api/documents/{id}/cancel"));
    assert_eq!(cancel.send().await.expect("an answer").status(), 200);
    let ended = Refusal::new("PUT", &path, "", 410);
    are_heard(&server, &[ended], &WAYS).await;
    let (path, _) = announced(&server).await;
    clock.advance(Duration::from_secs(3_601));
    let expired = Refusal::new("PUT", &path, "", 403);
    are_heard(&server, &[expired], &WAYS).await;
}

#[tokio::test]
async fn a_client_that_never_ends_is_not_heard_for_ever() {
    let server = TestServer::with(small("key")).await;
    let address = server.address.trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let head = "POST /v1/convert HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\nbody";
    stream.write_all(head.as_bytes()).await.expect("it is taken");
    let mut heard = Vec::new();
    stream
        .read_to_end(&mut heard)
        .await
        .expect("the answer, then its end");
    assert!(heard.starts_with(b"HTTP/1.1 401"));
    // The system says that nobody is there any more, to the first byte after the server has gone.
    let gone = async {
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(WAIT_TIMEOUT, gone)
        .await
        .expect("the connection is closed");
}
