//! The host that a request names, on connections as a client opens them.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::serve::Server;

/// Values that are no valid `Host`, under every configuration of the server.
const UNSOUND: [&str; 33] = [
    "evil_x.example",
    "a~b",
    "a!b",
    "a$b",
    "a'b",
    "a(b",
    "a)b",
    "a*b",
    "a,b",
    "a;b",
    "a&b",
    "a=b",
    "a+b",
    "a%2eb",
    "a b",
    "a\"b",
    "a\\b",
    "a/b",
    "me@localhost",
    "me:pw@localhost",
    "localhost:",
    "localhost:http",
    "localhost:65536",
    "localhost:80:80",
    "a..b",
    ".localhost",
    "-a",
    "127.1",
    "0x7f.1",
    "2130706433",
    "[::1",
    "::1",
    "b\u{fc}cher.example",
];

/// The status of the answer to these bytes, and its code.
async fn answer(server: &Server, head: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(&server.address).await.expect("a connection");
    stream.write_all(head.as_bytes()).await.expect("it is taken");
    let mut heard = Vec::new();
    stream
        .read_to_end(&mut heard)
        .await
        .expect("the connection is closed");
    let heard = String::from_utf8_lossy(&heard);
    let status = heard.get(9..12).and_then(|status| status.parse().ok());
    let body = heard
        .split_once("\r\n\r\n")
        .map(|(_, body)| body)
        .unwrap_or_default();
    let code = serde_json::from_str(body).map_or(String::new(), |body: Value| {
        body["code"].as_str().unwrap_or_default().to_owned()
    });
    (
        status.unwrap_or_else(|| panic!("no answer to {head}: {heard}")),
        code,
    )
}

fn end(server: Server) {
    server.signal("-TERM");
    server.end();
}

#[tokio::test]
async fn a_request_that_names_no_host_soundly_is_refused_with_and_without_keys() {
    for keys in [None, Some(("API_KEY", "0123456789abcdef"))] {
        let server = Server::start(&Vec::from_iter(keys.into_iter().chain([("HOST", "127.0.0.1")])));
        let refused = (400, "invalid_host".to_owned());
        let heads = UNSOUND
            .iter()
            .map(|host| format!("GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        for head in heads {
            assert_eq!(answer(&server, &head).await, refused, "{head}");
        }
        for fields in [
            "GET /health HTTP/1.1\r\n",
            "GET /api/documents HTTP/1.1\r\nX-Forwarded-Host: localhost\r\n",
            "GET /health HTTP/1.1\r\nHost:\r\n",
            "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n",
            "GET /health HTTP/1.1\r\nHost: localhost\r\nhost: evil.example\r\n",
            "GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n",
            "GET http://localhost:81/health HTTP/1.1\r\nHost: localhost\r\n",
            "GET http://localhost/health HTTP/1.1\r\n",
            "GET http://me@localhost/health HTTP/1.1\r\nHost: localhost\r\n",
            "GET ftp://localhost/health HTTP/1.1\r\nHost: localhost\r\n",
            "OPTIONS /v1/convert HTTP/1.1\r\nHost: a_b\r\nOrigin: http://a_b\r\n\
             Access-Control-Request-Method: POST\r\n",
            "PUT /objects/documents/x HTTP/1.1\r\nHost: a_b\r\nContent-Length: 0\r\n",
            "GET /health HTTP/1.0\r\nHost: a_b\r\n",
        ] {
            let head = format!("{fields}Connection: close\r\n\r\n");
            assert_eq!(answer(&server, &head).await, refused, "{head}");
        }
        for fields in [
            "GET /health HTTP/1.1\r\nHost: localhost\r\n",
            "GET http://localhost/health HTTP/1.1\r\nHost: LOCALHOST:80\r\n",
            "GET /health HTTP/1.0\r\n",
        ] {
            let head = format!("{fields}Connection: close\r\n\r\n");
            assert_eq!(answer(&server, &head).await.0, 200, "{head}");
        }
        end(server);
    }
}

#[tokio::test]
async fn a_name_of_the_internet_is_answered_where_it_is_set() {
    let get =
        |host: &str| format!("GET /api/documents HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let refused = (403, "host_not_allowed".to_owned());
    // Wherever it listens: a name can lead to any address of a network.
    for (name, value) in [
        ("HOST", "127.0.0.1"),
        ("HOST", "0.0.0.0"),
        ("CORS_ORIGINS", "none"),
    ] {
        let server = Server::start(&[(name, value)]);
        for host in [
            "rebound.example",
            "rebound.example.:1337",
            "localhost.rebound.example",
        ] {
            assert_eq!(
                answer(&server, &get(host)).await,
                refused,
                "{name}={value} {host}"
            );
        }
        end(server);
    }
    for (name, value) in [
        ("PUBLIC_URL", "https://docs.example.org"),
        ("CORS_ORIGINS", "https://docs.example.org"),
        ("CORS_ORIGINS", "*"),
    ] {
        let server = Server::start(&[(name, value)]);
        assert_eq!(answer(&server, &get("docs.example.org")).await.0, 200, "{name}");
        end(server);
    }
}

/// A request of HTTP/2 with these headers, each in full and uncompressed (RFC 7541, section 6.2.2).
fn request_of_http2(headers: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in headers {
        block.push(0);
        for text in [name, value] {
            block.push(u8::try_from(text.len()).expect("short"));
            block.extend_from_slice(text.as_bytes());
        }
    }
    let frame = |kind: u8, flags: u8, stream: u8, payload: &[u8]| {
        let size = u8::try_from(payload.len()).expect("short");
        [&[0, 0, size, kind, flags, 0, 0, 0, stream], payload].concat()
    };
    let (settings, head) = (frame(4, 0, 0, &[]), frame(1, 0b101, 1, &block));
    [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &settings, &head].concat()
}

/// The first byte of the headers of the answer, which is the status, or of the code why the stream was reset.
async fn status_of_http2(server: &Server, headers: &[(&str, &str)]) -> u8 {
    let pseudo = [(":method", "GET"), (":scheme", "http"), (":path", "/health")];
    let mut stream = TcpStream::connect(&server.address).await.expect("a connection");
    let bytes = request_of_http2(&[&pseudo, headers].concat());
    stream.write_all(&bytes).await.expect("it is taken");
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.expect("a frame");
        let mut payload = vec![0; usize::from(head[1]) << 8 | usize::from(head[2])];
        stream.read_exact(&mut payload).await.expect("its payload");
        if head[3] == 1 {
            return payload[0];
        }
    }
}

#[tokio::test]
async fn a_request_of_http2_names_its_host_in_its_target() {
    /// `:status` 200 and 400 of the static table (RFC 7541, appendix A).
    const OK: u8 = 0x88;
    const REFUSED: u8 = 0x8c;
    let server = Server::start(&[]);
    for (headers, status) in [
        (&[(":authority", "localhost:1337")][..], OK),
        (
            &[(":authority", "localhost:1337"), ("host", "localhost:1337")],
            OK,
        ),
        (&[("host", "localhost:1337")], OK),
        (&[], REFUSED),
        (&[(":authority", "a_b.example")], REFUSED),
        (&[(":authority", "a*b")], REFUSED),
        (&[(":authority", "localhost"), ("host", "evil.example")], REFUSED),
        (
            &[
                (":authority", "localhost"),
                ("host", "localhost"),
                ("host", "localhost"),
            ],
            REFUSED,
        ),
    ] {
        assert_eq!(status_of_http2(&server, headers).await, status, "{headers:?}");
    }
    end(server);
}
