use std::time::{Duration, Instant};

use futures::future::join_all;
use reqwest::Client;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::http2;
use crate::raw::{form, part, request, send, send_slowly};
use crate::server::Server;

/// Bytes that a file may have on these servers.
const MAX_FILE_BYTES: usize = 1 << 20;
/// A server that is kept busy still answers others within this.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(2);

/// An open server, and one with the key `key`.
struct Servers {
    open: Server,
    keyed: Server,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hostile_request_is_answered_as_it_should() {
    let cases = std::fs::read_to_string(
        std::path::absolute(".")
            .expect("the folder of the crate")
            .join("tests/hostile/http_cases.json"),
    );
    let cases: Value = serde_json::from_str(&cases.expect("the cases")).expect("JSON");
    let common = [
        ("MAX_FILE_SIZE", "1MB"),
        ("BODY_TIMEOUT", "3"),
        ("WORKER_COUNT", "1"),
    ];
    let keyed = [common.as_slice(), &[("API_KEY", "key")]].concat();
    let mut servers = Servers {
        open: Server::start(&common).await,
        keyed: Server::start(&keyed).await,
    };
    let before = servers.open.memory();
    let looked = cases.as_array().expect("a list").iter().map(|case| {
        let name = case["case"].as_str().expect("a name");
        let servers = &servers;
        async move {
            let outcome = look(name, servers).await;
            outcome
                .err()
                .map(|fault| format!("{name}: {fault} instead of {}", case["expect"]))
        }
    });
    let faults: Vec<String> = join_all(looked).await.into_iter().flatten().collect();
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(servers.open.is_alive() && servers.keyed.is_alive());
    let grown = servers.open.memory().saturating_sub(before);
    assert!(grown < 64 << 20, "the server has grown by {grown} bytes");
    let health = send(&servers.open.address, &request("GET /health", &[], b"")).await;
    assert_eq!(health.status(), 200, "{health:?}");
}

type Outcome = Result<(), String>;

async fn look(case: &str, servers: &Servers) -> Outcome {
    let server = servers.open.address.as_str();
    match case {
        "10 000 idle connections" | "slow headers 1 B/s" | "slow body 1 B/s" => slow(case, server).await,
        "HTTP/2 rapid reset"
        | "HTTP/2 CONTINUATION flood"
        | "HTTP/2 empty DATA frames (RUSTSEC-2026-0258)" => frames(case, server).await,
        "Expect: 100-continue with a bad key"
        | "key with NUL / non-ASCII / trailing space"
        | "duplicate Authorization headers"
        | "Authorization: Bearer <1 MB>" => keys(case, &servers.keyed.address).await,
        "Content-Length larger than body then close" => broken_off(server).await,
        "id path: ../, %2e%2e, %00, 10 kB, wrong uuid" => paths(server).await,
        "TRACE / CONNECT / unknown method" => methods(server).await,
        "Range headers: 1 000 ranges" => ranges(server).await,
        "both Content-Length and Transfer-Encoding" => both_lengths(server).await,
        "Idempotency-Key same, same body x 50 at once" => same_name(server).await,
        "Idempotency-Key same, other body" => other_body(server).await,
        _ => simple(case, server).await,
    }
}

/// One request, and the statuses that it may be answered with.
type Single = (Vec<u8>, &'static [u16]);

const FORM: &str = "Content-Type: multipart/form-data; boundary=b";

fn posted(headers: &[&str], body: &[u8]) -> Vec<u8> {
    request("POST /v1/convert", headers, body)
}

/// Forms that are none.
fn forms(case: &str) -> Option<Single> {
    let file = part("name=\"file\"; filename=\"a.txt\"", "text");
    let convert = |body: String| form("/v1/convert", body.as_bytes());
    Some(match case {
        "multipart without boundary" => {
            let headers = ["Content-Type: multipart/form-data", "Content-Length: 2"];
            (posted(&headers, b"--"), &[400])
        }
        "boundary 10 kB" => {
            let kind = format!("{FORM}{}", "b".repeat(10_000));
            (posted(&[&kind, "Content-Length: 2"], b"--"), &[400])
        }
        "no closing boundary" => (convert(file), &[400]),
        "100 000 parts" => {
            let part = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n";
            (convert(part.repeat(100_000)), &[400, 413])
        }
        "part header 1 MB" => {
            let head = format!("name=\"file\"; filename=\"{}\"", "n".repeat(1 << 20));
            (convert(part(&head, "text")), &[400, 413])
        }
        "two `file` parts" => (convert(format!("{file}{file}--b--\r\n")), &[400]),
        "file part empty" => {
            let empty = part("name=\"file\"; filename=\"a.txt\"", "");
            (convert(format!("{empty}--b--\r\n")), &[400])
        }
        "no file part" => (
            convert(format!("{}--b--\r\n", part("name=\"format\"", "text"))),
            &[400],
        ),
        "Idempotency-Key 300 chars" => {
            let name = format!("Idempotency-Key: {}", "k".repeat(300));
            (posted(&[&name, FORM, "Content-Length: 2"], b"--"), &[400])
        }
        _ => return None,
    })
}

/// Bodies that are not as long as they say, or longer than is taken.
fn bodies(case: &str) -> Option<Single> {
    let chunked = [FORM, "Transfer-Encoding: chunked"];
    let sized = |bytes: usize| {
        let file = part("name=\"file\"; filename=\"a.txt\"", &"x".repeat(bytes));
        form("/api/documents/submit", format!("{file}--b--\r\n").as_bytes())
    };
    let json = |length: usize, body: &str| {
        let length = format!("Content-Length: {length}");
        request("POST /api/documents/upload-url", &[&length], body.as_bytes())
    };
    Some(match case {
        "Content-Length smaller than body" => {
            let file = part("name=\"file\"; filename=\"a.txt\"", "text");
            (posted(&[FORM, "Content-Length: 10"], file.as_bytes()), &[400])
        }
        // It is a length like any other, and the rest of it does not come.
        "chunk size ffffffffffffffff" => (posted(&chunked, b"ffffffffffffffff\r\nx"), &[400, 408]),
        "chunk extensions 1 MB" => {
            let body = format!("1;{}\r\n-", "e".repeat(1 << 20));
            (posted(&chunked, body.as_bytes()), &[400])
        }
        // These servers take less, so that it can be sent.
        "1 GiB + 1 byte" => (sized(MAX_FILE_BYTES + 1), &[413]),
        "exactly 1 GiB" => (sized(MAX_FILE_BYTES), &[200]),
        "JSON body depth 100 000" => {
            let body = format!("{{\"a\":{}", "[".repeat(30_000));
            (json(body.len(), &body), &[400])
        }
        "JSON body 100 MB" => (json(100 << 20, "{"), &[413]),
        "Content-Encoding: gzip on upload" => {
            let headers = [FORM, "Content-Encoding: gzip", "Content-Length: 4"];
            (posted(&headers, b"\x1f\x8b\x08\x00"), &[400, 415])
        }
        _ => return None,
    })
}

/// Heads that are larger than is taken.
fn heads(case: &str) -> Option<Single> {
    let health = |header: &str| request("GET /health", &[header], b"");
    Some(match case {
        "header 1 MB" => (health(&format!("X: {}", "y".repeat(1 << 20))), &[431]),
        "1 000 headers" => (health("X: y\r\n".repeat(1_000).trim_end()), &[431]),
        "URI 100 kB" => {
            let line = format!("GET /{}", "u".repeat(100_000));
            (request(&line, &[], b""), &[414])
        }
        _ => return None,
    })
}

async fn simple(case: &str, server: &str) -> Outcome {
    let single = forms(case).or_else(|| bodies(case)).or_else(|| heads(case));
    let (bytes, statuses) = single.ok_or("no such case is known here")?;
    let heard = send(server, &bytes).await;
    // Much is sent: the server may close while it is.
    let closed = heard.status() == 0 && bytes.len() > MAX_FILE_BYTES / 2 && case != "1 GiB + 1 byte";
    let sound = statuses.contains(&heard.status()) || closed;
    let quick = heard.took < Duration::from_secs(20);
    (sound && quick).then_some(()).ok_or(format!("{heard:?}"))
}

async fn slow(case: &str, server: &str) -> Outcome {
    match case {
        "slow headers 1 B/s" => {
            let bytes = request("GET /health", &["X: y"; 50], b"");
            let heard = send_slowly(server, &bytes, 1, Duration::from_secs(1)).await;
            let ended = heard.took < Duration::from_secs(30) && [0, 408].contains(&heard.status());
            ended.then_some(()).ok_or(format!("{heard:?}"))
        }
        "slow body 1 B/s" => {
            let body = part("name=\"file\"; filename=\"a.txt\"", "text").repeat(4);
            let bytes = form("/v1/convert", body.as_bytes());
            let head = bytes.len() - body.len();
            let mut stream = TcpStream::connect(server)
                .await
                .map_err(|error| error.to_string())?;
            stream
                .write_all(&bytes[..head])
                .await
                .map_err(|error| error.to_string())?;
            drop(stream);
            let heard = send_slowly(server, &bytes, head, Duration::from_secs(60)).await;
            let named = heard.status() == 408 && heard.text.contains("body_timeout");
            (named && heard.took < Duration::from_secs(10))
                .then_some(())
                .ok_or(format!("{heard:?}"))
        }
        _ => {
            let mut idle = Vec::new();
            for number in 0..400 {
                let mut stream = TcpStream::connect(server)
                    .await
                    .map_err(|error| error.to_string())?;
                // Some have sent nothing, some a part of what they have to say.
                let sent = [
                    &b""[..],
                    b"G",
                    b"GET /health HTTP/1.1\r\nHost: x\r\n",
                    b"PRI * HT",
                ];
                stream
                    .write_all(sent[number % 4])
                    .await
                    .map_err(|error| error.to_string())?;
                idle.push(stream);
            }
            let started = Instant::now();
            let heard = send(server, &request("GET /health", &[], b"")).await;
            let quick = heard.status() == 200 && started.elapsed() < RESPONSE_TIMEOUT;
            quick.then_some(()).ok_or(format!("{heard:?}"))
        }
    }
}

async fn frames(case: &str, server: &str) -> Outcome {
    const MANY: u32 = 20_000;
    let (stood, goodbye) = match case {
        "HTTP/2 rapid reset" => http2::rapid_reset(server, MANY).await,
        "HTTP/2 CONTINUATION flood" => http2::continuation_flood(server, MANY).await,
        _ => http2::empty_data(server, MANY).await,
    };
    let started = Instant::now();
    let heard = send(server, &request("GET /health", &[], b"")).await;
    if heard.status() != 200 || started.elapsed() > RESPONSE_TIMEOUT {
        return Err(format!("others wait: {heard:?}"));
    }
    (stood < MANY || goodbye)
        .then_some(())
        .ok_or(format!("{stood} rounds and no end"))
}

async fn keys(case: &str, server: &str) -> Outcome {
    let ask = async |headers: &[&str]| send(server, &request("GET /api/documents", headers, b"")).await;
    let heard = match case {
        "Expect: 100-continue with a bad key" => {
            let headers = [
                "Authorization: Bearer wrong",
                "Expect: 100-continue",
                "Content-Length: 1000",
            ];
            let heard = send(server, &request("POST /v1/convert", &headers, b"")).await;
            return (heard.status() == 401).then_some(()).ok_or(format!("{heard:?}"));
        }
        "duplicate Authorization headers" => {
            let heard = ask(&["Authorization: Bearer key", "Authorization: Bearer key"]).await;
            return (heard.status() == 400).then_some(()).ok_or(format!("{heard:?}"));
        }
        "Authorization: Bearer <1 MB>" => {
            let heard = ask(&[&format!("Authorization: Bearer {}", "k".repeat(1 << 20))]).await;
            return [0, 431]
                .contains(&heard.status())
                .then_some(())
                .ok_or(format!("{heard:?}"));
        }
        _ => ask(&["Authorization: Bearer k\u{e9}y"]).await,
    };
    // No header can hold a NUL, and spaces at its end are no part of it (RFC 9110, section 5.5).
    let with_nul = ask(&["Authorization: Bearer key\0"]).await;
    let with_space = ask(&["Authorization: Bearer key  "]).await;
    let statuses = (heard.status(), with_nul.status(), with_space.status());
    (statuses == (401, 400, 200))
        .then_some(())
        .ok_or(format!("{statuses:?}"))
}

async fn broken_off(server: &str) -> Outcome {
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

async fn paths(server: &str) -> Outcome {
    let long = "a".repeat(10_000);
    let ids = [
        "../",
        "%2e%2e",
        "..%2f..%2fetc",
        "%00",
        &long,
        "00000000-0000-0000-0000-000000000000",
    ];
    for id in ids {
        for path in [
            "/api/documents/status/",
            "/api/documents/",
            "/v1/batch/status/",
            "/objects/originals/",
        ] {
            let heard = send(server, &request(&format!("GET {path}{id}"), &[], b"")).await;
            if ![400, 403, 404].contains(&heard.status()) {
                // The path without an id is the list.
                let is_list = id == "../" && heard.status() == 404;
                return is_list.then_some(()).ok_or(format!("{path}{id:.20}: {heard:?}"));
            }
        }
    }
    Ok(())
}

async fn methods(server: &str) -> Outcome {
    for line in [
        "TRACE /health",
        "CONNECT localhost:80",
        "BREW /health",
        "PATCH /v1/convert",
    ] {
        let heard = send(server, &request(line, &["Content-Length: 0"], b"")).await;
        let refused = [400, 404, 405].contains(&heard.status());
        if !refused {
            return Err(format!("{line}: {heard:?}"));
        }
    }
    Ok(())
}

async fn ranges(server: &str) -> Outcome {
    let client = Client::new();
    let body = format!("{}--b--\r\n", part("name=\"file\"; filename=\"a.txt\"", "text"));
    let accepted = send(server, &form("/api/documents/submit", body.as_bytes())).await;
    let (_, body) = accepted.text.split_once("\r\n\r\n").ok_or("no answer")?;
    let body: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
    let id = body["id"].as_str().ok_or("no id")?;
    let ranges: Vec<String> = (0..1_000).map(|number| format!("{number}-{number}")).collect();
    let request = client
        .get(format!("http://{server}/api/documents/{id}/original"))
        .header("range", format!("bytes={}", ranges.join(",")));
    let response = request.send().await.map_err(|error| error.to_string())?;
    let status = response.status().as_u16();
    let bytes = response.bytes().await.map_err(|error| error.to_string())?;
    // All of it, once, as the server may.
    ((status, &bytes[..]) == (200, b"text"))
        .then_some(())
        .ok_or(format!("{status}: {bytes:?}"))
}

/// The chunks count, and what the length may hide is not answered.
async fn both_lengths(server: &str) -> Outcome {
    let headers = ["Content-Length: 60", "Transfer-Encoding: chunked"];
    let hidden = "GET /health HTTP/1.1\r\nHost: hidden\r\n\r\n";
    let heard = send(
        server,
        &request(
            "POST /v1/convert",
            &headers,
            format!("0\r\n\r\n{hidden}").as_bytes(),
        ),
    )
    .await;
    let answers = heard.text.matches("HTTP/1.1 ").count();
    (heard.status() == 400 && answers == 1)
        .then_some(())
        .ok_or(format!("{heard:?}"))
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

async fn same_name(server: &str) -> Outcome {
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

async fn other_body(server: &str) -> Outcome {
    let first = send(server, &named("hostile-other", "one text")).await;
    let other = send(server, &named("hostile-other", "another text")).await;
    let statuses = (first.status(), other.status());
    (statuses == (200, 409))
        .then_some(())
        .ok_or(format!("{statuses:?}"))
}
