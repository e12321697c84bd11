//! Memory that the server uses for many stalled clients, and how soon it is given back.

use std::ops::Deref;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::serve::Server;
use crate::waiting_children::option_env_number;

/// The most that memory may take to be given back.
const MEMORY_TIMEOUT: Duration = Duration::from_secs(10);
const MEGABYTE: u64 = 1 << 20;

/// The real program, gone with its test however that ends.
struct Running(Option<Server>);

impl Running {
    fn start(environment: &[(&str, &str)]) -> Self {
        Self(Some(Server::start(environment)))
    }
}

impl Deref for Running {
    type Target = Server;

    fn deref(&self) -> &Server {
        self.0.as_ref().expect("it runs until it is dropped")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(server) = self.0.take() {
            server.signal("-KILL");
            server.end();
        }
    }
}

fn take_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).expect("descriptors");
}

async fn narrow(server: &Running) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4 << 10).expect("an option");
    let address = server.address.parse().expect("an address");
    socket.connect(address).await.expect("a connection")
}

/// Waits until the server has no more than `most` bytes more than before.
async fn is_back(server: &Running, before: u64, most: u64) {
    let began = Instant::now();
    let mut grown = u64::MAX;
    while began.elapsed() < MEMORY_TIMEOUT {
        grown = server.memory().saturating_sub(before);
        if grown <= most {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{} MB are kept", grown / MEGABYTE);
}

/// Returns true if the kernel holds bytes from a client that the server has not read yet.
fn unread(server: &Running) -> bool {
    let port: u16 = server
        .address
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("a port");
    let port = format!(":{port:04X}");
    let table = std::fs::read_to_string("/proc/net/tcp").expect("the connections");
    table.lines().skip(1).any(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let queue = fields[4].split(':').nth(1);
        fields[1].ends_with(&port) && fields[3] == "01" && queue != Some("00000000")
    })
}

async fn convert(server: &Running, text: &str) -> String {
    let form = reqwest::multipart::Form::new()
        .part("file", crate::harness::part("a.txt", text))
        .text("format", "json");
    let sent = ilios::tls::http_client()
        .build()
        .expect("a client")
        .post(format!("http://{}/v1/convert", server.address))
        .multipart(form);
    let converted: Value = sent.send().await.expect("an answer").json().await.expect("JSON");
    converted["id"].as_str().expect("an id").to_owned()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_thousand_readers_of_a_long_document() {
    take_descriptors();
    let server = Running::start(&[("ANSWER_TIMEOUT", "20")]);
    let line = "This is a line of a text that is as long as a book, and each is like the others.\n\n";
    let id = convert(&server, &line.repeat(20_000_000 / line.len())).await;
    // JSON is written anew for each reader, which takes most of the time: fewer of them have a share of the memory.
    let json_readers = option_env_number("READERS").unwrap_or(100);
    for (format, count) in [("markdown", 1_000), ("json", json_readers)] {
        let before = server.memory();
        let request = format!("GET /api/documents/{id}?format={format} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let mut readers = Vec::new();
        for number in 0..count {
            let mut reader = narrow(&server).await;
            reader.write_all(request.as_bytes()).await.expect("it is taken");
            if number % 50 == 0 {
                reader.peek(&mut [0]).await.expect("an answer");
            }
            readers.push(reader);
        }
        for reader in &mut readers {
            // Whoever was cut off before the last was answered costs nothing any more.
            let _ = reader.peek(&mut [0]).await;
        }
        let grown = server.memory().saturating_sub(before);
        let most = u64::try_from(count).expect("a count") * 150 * MEGABYTE / 1_000;
        assert!(grown < most, "{format}: {} MB", grown / MEGABYTE);
        for mut reader in readers {
            // What the client's system has, then that the server has gone.
            let _ = reader.ready(tokio::io::Interest::ERROR).await;
            let mut heard = Vec::new();
            assert!(reader.read_to_end(&mut heard).await.is_err() && heard.len() < 1_000_000);
        }
        is_back(&server, before, 40 * MEGABYTE).await;
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn two_thousand_uploads_on_their_way() {
    take_descriptors();
    let server = Running::start(&[("BODY_TIMEOUT", "600")]);
    let part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n";
    let brought = "x".repeat(250_000);
    let head = format!(
        "POST /v1/convert HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n\
         Content-Length: {}\r\n\r\n",
        part.len() + brought.len() + 100
    );
    let before = server.memory();
    let mut uploads = Vec::new();
    for _ in 0..2_000 {
        let mut upload = TcpStream::connect(&server.address).await.expect("a connection");
        for sent in [&head, part, &brought] {
            upload.write_all(sent.as_bytes()).await.expect("it is taken");
        }
        uploads.push(upload);
    }
    while unread(&server) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 150 * MEGABYTE, "{} MB", grown / MEGABYTE);
    drop(uploads);
    is_back(&server, before, 30 * MEGABYTE).await;
}
