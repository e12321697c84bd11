use std::time::Duration;

use super::{MAX_FILE_BYTES, Outcome};
use crate::raw::{form, part, request, send};

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

pub(super) async fn simple(case: &str, server: &str) -> Outcome {
    let single = forms(case).or_else(|| bodies(case)).or_else(|| heads(case));
    let (bytes, statuses) = single.ok_or("no such case is known here")?;
    let heard = send(server, &bytes).await;
    // Much is sent: the server may close while it is.
    let closed = heard.status() == 0 && bytes.len() > MAX_FILE_BYTES / 2 && case != "1 GiB + 1 byte";
    let sound = statuses.contains(&heard.status()) || closed;
    let quick = heard.took < Duration::from_secs(20);
    (sound && quick).then_some(()).ok_or(format!("{heard:?}"))
}
