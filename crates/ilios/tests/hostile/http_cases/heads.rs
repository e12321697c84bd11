use serde_json::Value;

use super::Outcome;
use crate::raw::{form, part, request, send};

pub(super) async fn keys(case: &str, server: &str) -> Outcome {
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

pub(super) async fn paths(server: &str) -> Outcome {
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

pub(super) async fn methods(server: &str) -> Outcome {
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

pub(super) async fn ranges(server: &str) -> Outcome {
    let client = ilios::tls::http_client().build().expect("a client");
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
pub(super) async fn both_lengths(server: &str) -> Outcome {
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
