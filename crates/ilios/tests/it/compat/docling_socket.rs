//! The WebSocket of docling-serve's tasks.

use reqwest::multipart::Form;
use serde_json::{Value, json as value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{HTML, guarded};
use crate::harness::{Setup, TestServer, json, part, text};

/// The status of the handshake, and the messages that come until the server closes the socket as one that has ended.
async fn watched(server: &TestServer, path: &str, headers: &str) -> (u16, Vec<Value>) {
    let host = server.address.trim_start_matches("http://");
    let mut socket = TcpStream::connect(host).await.expect("a connection");
    let head = format!(
        "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    );
    socket
        .write_all(head.as_bytes())
        .await
        .expect("a request on its way");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(socket.read_u8().await.expect("the head of an answer"));
    }
    let answer = String::from_utf8(answer).expect("text");
    let status = answer["HTTP/1.1 ".len()..][..3].parse().expect("a status");
    let mut messages = Vec::new();
    if status != 101 {
        return (status, messages);
    }
    loop {
        let kind = socket.read_u8().await.expect("a frame");
        let length = match socket.read_u8().await.expect("its length") {
            126 => usize::from(socket.read_u16().await.expect("its length")),
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        socket.read_exact(&mut payload).await.expect("its payload");
        match kind {
            0x81 => messages.push(serde_json::from_slice(&payload).expect("JSON")),
            0x88 => {
                assert_eq!(payload[..2], 1000_u16.to_be_bytes());
                break;
            }
            kind => panic!("a frame of kind {kind:x}"),
        }
    }
    (status, messages)
}

async fn task(server: &TestServer) -> String {
    let form = Form::new().part("files", part("a.html", HTML));
    let request = server.post("/v1/convert/file/async").multipart(form);
    let answer = request.header("x-api-key", "first-key").send().await;
    text(&json(answer.expect("an answer"), 200).await["task_id"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_tells_where_a_task_stands_until_it_has_ended() {
    let server = guarded().await;
    let id = task(&server).await;
    for (version, key, headers) in [
        ("v1", "?api_key=first-key", ""),
        ("v1alpha", "", "x-api-key: first-key\r\n"),
    ] {
        let path = format!("/{version}/status/ws/{id}{key}");
        let (status, messages) = watched(&server, &path, headers).await;
        assert_eq!(status, 101);
        let kinds: Vec<&Value> = messages.iter().map(|message| &message["message"]).collect();
        assert_eq!(kinds[..2], [&value!("connection"), &value!("update")]);
        assert!(kinds[2..].iter().all(|kind| **kind == "update"), "{kinds:?}");
        let last = &messages[messages.len() - 1]["task"];
        assert_eq!(
            (&last["task_id"], &last["task_status"]),
            (&id.clone().into(), &"success".into())
        );
    }
}

#[tokio::test]
async fn a_socket_says_no_more_of_a_task_of_others_than_of_none() {
    let server = TestServer::with(Setup {
        api_keys: "first-key,second-key",
        ..Setup::default()
    })
    .await;
    let id = task(&server).await;
    for id in [id.as_str(), "00000000-0000-4000-8000-00000000dead", "e30"] {
        let path = format!("/v1/status/ws/{id}?api_key=second-key");
        let refusal = value!({"message": "error", "task": null, "error": "Task not found."});
        assert_eq!(watched(&server, &path, "").await, (101, vec![refusal]));
    }
    for path in [
        format!("/v1/status/ws/{id}"),
        format!("/v1/status/ws/{id}?api_key=wrong"),
    ] {
        assert_eq!(watched(&server, &path, "").await.0, 401, "{path}");
    }
    let path = format!("/v1/status/ws/{id}?api_key=first-key");
    let plain = server.get(&path).send().await.expect("an answer");
    let error = json(plain, 422).await;
    assert_eq!(error["detail"][0]["loc"], value!(["body", "upgrade"]));
}
