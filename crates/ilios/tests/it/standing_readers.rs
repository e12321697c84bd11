//! Clients that take little or nothing of an answer.

use std::time::{Duration, Instant};

use ilios::http::Edge;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt, Interest};
use tokio::net::{TcpSocket, TcpStream};

use crate::harness::{Setup, TestServer, files, json, text};

/// Longest wait for an event on a connection; long enough for a busy machine.
const WAIT_TIMEOUT: Duration = Duration::from_secs(50);

async fn server(answer_timeout: Duration) -> TestServer {
    let edge = Edge {
        answer_timeout,
        ..Edge::default()
    };
    TestServer::with(Setup {
        edge,
        workers: 2,
        ..Setup::default()
    })
    .await
}

/// A connection that takes little from the system before the client does.
async fn narrow(server: &TestServer) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4 << 10).expect("an option");
    let address = server
        .address
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    socket.connect(address).await.expect("a connection")
}

async fn ask(server: &TestServer, path: &str) -> TcpStream {
    let mut stream = narrow(server).await;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("it is taken");
    stream
}

/// Text that is converted as it is.
fn long(kilobytes: usize) -> String {
    let lines =
        (0..kilobytes * 16).map(|number| format!("This is line number {number:011} of a long text.\n\n"));
    lines.collect()
}

async fn converted(server: &TestServer, text_of_it: String) -> String {
    let converted = json(server.send("a.txt", text_of_it, &[("format", "json")]).await, 200).await;
    text(&converted["id"])
}

/// Every path with a long answer.
async fn long_answers(server: &TestServer) -> Vec<String> {
    let id = converted(server, long(200)).await;
    let submitted = server.submitted("b.txt", long(200)).await;
    server.ended(&submitted).await;
    let original = server
        .get(&format!("/api/documents/{submitted}/original"))
        .send()
        .await;
    let original = original.expect("an answer").headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    let original = original[original.find("/objects").expect("a path")..].to_owned();
    let sent = server
        .post("/v1/batch/submit")
        .multipart(files(&[("c.txt", long(200).as_bytes())]));
    let batch = text(&json(sent.send().await.expect("an answer"), 202).await["batchId"]);
    while server.json(&format!("/v1/batch/status/{batch}")).await["completedAt"] == Value::Null {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut paths = vec![
        original,
        "/openapi.json".to_owned(),
        "/docs/swagger-ui-bundle.js".to_owned(),
    ];
    for format in ["markdown", "json", "text", "html"] {
        paths.push(format!("/api/documents/{id}?format={format}"));
    }
    for format in ["jsonl", "markdown"] {
        paths.push(format!("/v1/batch/download/{batch}?format={format}"));
    }
    paths
}

#[tokio::test]
async fn who_takes_nothing_is_cut_off_whatever_is_sent() {
    let server = server(Duration::from_secs(1)).await;
    let mut standing = Vec::new();
    for path in long_answers(&server).await {
        standing.push((ask(&server, &path).await, path));
    }
    for (mut stream, path) in standing {
        let cut = tokio::time::timeout(WAIT_TIMEOUT, stream.ready(Interest::ERROR)).await;
        cut.unwrap_or_else(|_| panic!("{path}: it is kept"))
            .expect("its state");
        let mut heard = Vec::new();
        let end = stream.read_to_end(&mut heard).await;
        let told = String::from_utf8_lossy(&heard[..heard.len().min(20)]).into_owned();
        assert!(
            end.is_err() && heard.len() < 100_000,
            "{path}: {end:?} after {told}"
        );
    }
}

#[tokio::test]
async fn who_takes_a_little_all_the_time_gets_all_of_it() {
    let server = server(Duration::from_secs(3)).await;
    let sent = long(200);
    let id = converted(&server, sent.clone()).await;
    let mut stream = ask(&server, &format!("/api/documents/{id}")).await;
    let (started, mut heard) = (Instant::now(), Vec::new());
    // The head comes before it.
    while heard.len() < sent.trim_end().len() + 100 {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let mut piece = [0; 8 << 10];
        let length = stream.read(&mut piece).await.expect("it goes on");
        assert!(length > 0, "it ends after {} bytes", heard.len());
        heard.extend_from_slice(&piece[..length]);
    }
    assert!(
        started.elapsed() > Duration::from_secs(3),
        "it took longer than the time"
    );
}

#[tokio::test]
async fn what_is_deleted_is_sent_to_its_end_and_to_nobody_else() {
    let server = server(Duration::from_secs(60)).await;
    let id = converted(&server, long(200)).await;
    let path = format!("/api/documents/{id}");
    let whole = server.body(&path).await;
    let mut stream = ask(&server, &path).await;
    let mut heard = vec![0; 1000];
    stream.read_exact(&mut heard).await.expect("it begins");
    let deleted = server.request("DELETE", &path).send().await.expect("an answer");
    assert!(deleted.status().is_success());
    assert_eq!(server.get(&path).send().await.expect("an answer").status(), 404);
    while !String::from_utf8_lossy(&heard).ends_with(&whole) {
        assert!(
            stream.read_buf(&mut heard).await.expect("it goes on") > 0,
            "it broke off"
        );
    }
}

/// The part of HTTP/2 that is needed here: settings, a GET request, and reading frames (RFC 9113).
mod http2 {
    use super::{AsyncReadExt, AsyncWriteExt, TcpStream};

    pub(super) const DATA: u8 = 0;
    pub(super) const HEADERS: u8 = 1;
    pub(super) const RESET: u8 = 3;
    pub(super) const SETTINGS: u8 = 4;
    pub(super) const WINDOW: u8 = 8;
    pub(super) const END: u8 = 1;
    const END_HEADERS: u8 = 4;

    pub(super) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).expect("a length").to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        frame
    }

    /// A GET of a short path.
    pub(super) fn get(stream: u32, path: &str) -> Vec<u8> {
        let mut fields = vec![0x82, 0x86, 0x41, 9];
        fields.extend(b"localhost");
        fields.extend([0x04, u8::try_from(path.len()).expect("a short path")]);
        fields.extend(path.as_bytes());
        frame(HEADERS, END | END_HEADERS, stream, &fields)
    }

    /// Says hello with so many bytes for each stream.
    pub(super) async fn greet(stream: &mut TcpStream, window: u32) {
        let mut hello = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        let mut setting = vec![0, 4];
        setting.extend(window.to_be_bytes());
        hello.extend(frame(SETTINGS, 0, 0, &setting));
        stream.write_all(&hello).await.expect("it is taken");
    }

    /// Kind, flags and stream of the next frame, and its length.
    pub(super) async fn next(stream: &mut TcpStream) -> (u8, u8, u32, usize) {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.expect("a frame");
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).await.expect("a frame");
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        (head[3], head[4], id, length)
    }
}

#[tokio::test]
async fn a_stream_that_takes_nothing_ends_and_the_others_go_on() {
    let server = server(Duration::from_secs(1)).await;
    let id = converted(&server, long(200)).await;
    for window in [0, 1, 10_000] {
        let mut stream = narrow(&server).await;
        http2::greet(&mut stream, window).await;
        let ask = http2::get(1, &format!("/api/documents/{id}"));
        stream.write_all(&ask).await.expect("it is taken");
        let reset = async {
            loop {
                match http2::next(&mut stream).await {
                    (http2::RESET, _, 1, _) => return,
                    (http2::DATA, flags, 1, _) => assert_eq!(flags & http2::END, 0, "it is whole"),
                    _ => {}
                }
            }
        };
        tokio::time::timeout(WAIT_TIMEOUT, reset)
            .await
            .expect("the stream is reset");
        let mut ask = http2::get(3, "/health");
        ask.extend(http2::frame(http2::WINDOW, 0, 3, &10_000_u32.to_be_bytes()));
        stream.write_all(&ask).await.expect("it is taken");
        let answered = async { while !matches!(http2::next(&mut stream).await, (http2::DATA, _, 3, 1..)) {} };
        tokio::time::timeout(WAIT_TIMEOUT, answered)
            .await
            .expect("the connection goes on");
    }
}

#[tokio::test]
async fn a_stream_that_takes_a_little_all_the_time_gets_all_of_it() {
    let server = server(Duration::from_secs(2)).await;
    let sent = long(40);
    let id = converted(&server, sent.clone()).await;
    let mut stream = narrow(&server).await;
    http2::greet(&mut stream, 0).await;
    let ask = http2::get(1, &format!("/api/documents/{id}"));
    stream.write_all(&ask).await.expect("it is taken");
    let (mut reads, mut writes) = stream.into_split();
    let takes = tokio::spawn(async move {
        let grant = http2::frame(http2::WINDOW, 0, 1, &4096_u32.to_be_bytes());
        loop {
            tokio::time::sleep(Duration::from_millis(300)).await;
            if writes.write_all(&grant).await.is_err() {
                return;
            }
        }
    });
    let mut heard = 0;
    let whole = async {
        loop {
            let mut head = [0; 9];
            reads.read_exact(&mut head).await.expect("a frame");
            let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
            reads.read_exact(&mut vec![0; length]).await.expect("a frame");
            assert_ne!((head[3], head[8]), (http2::RESET, 1), "after {heard} bytes");
            if (head[3], head[8]) == (http2::DATA, 1) {
                heard += length;
                if head[4] & http2::END != 0 {
                    return;
                }
            }
        }
    };
    tokio::time::timeout(WAIT_TIMEOUT, whole).await.expect("it ends");
    assert!(heard + 10 > sent.len(), "{heard} of {} bytes", sent.len());
    takes.abort();
}
