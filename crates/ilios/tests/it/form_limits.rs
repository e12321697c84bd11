//! Limits of the bodies of requests: of forms, the same for every route that takes one, and of JSON.

use reqwest::Response;

use crate::harness::{TestServer, json, problem};

const FORMS: [&str; 4] = [
    "/v1/convert",
    "/v1/estimate",
    "/api/documents/submit",
    "/v1/batch/submit",
];

fn part(head: &str, content: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
}

fn file(path: &str) -> String {
    let name = if path.contains("batch") { "files" } else { "file" };
    part(&format!("name=\"{name}\"; filename=\"a.txt\""), "text")
}

async fn send(server: &TestServer, path: &str, form: String) -> Response {
    let request = server
        .post(path)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(form);
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn heads_preamble_epilogue_parts_and_names_have_an_end() {
    let server = TestServer::start().await;
    for path in FORMS {
        let file = file(path);
        let long = "x".repeat(17 << 10);
        let headers = "X: y\r\n".repeat(21);
        for (form, error) in [
            (
                format!("{}\r\n{file}--b--", &long[..1100]),
                "1024 bytes come before",
            ),
            (format!("{file}--b--{}", long.repeat(4)), "65536 bytes come after"),
            (
                format!("--b\r\nX: {long}\r\n\r\n\r\n{file}--b--"),
                "longer than 16384 bytes",
            ),
            (
                format!("--b\r\n{headers}\r\n\r\n{file}--b--"),
                "more than 20 headers",
            ),
            (
                format!(
                    "{}--b--",
                    part(&format!("name=\"x\"; filename=\"{}\"", &long[..4097]), "")
                ),
                "longer than 4096 bytes",
            ),
            (
                format!("{file}{}--b--", part("name=\"x\"", "").repeat(2000)),
                "more than",
            ),
            (file.clone(), "ends before its last boundary"),
        ] {
            let body = problem(send(&server, path, form).await, 400, "invalid_multipart").await;
            let told = body["error"].as_str().expect("text");
            assert!(told.contains(error), "{path}: {told}");
        }
    }
}

#[tokio::test]
async fn what_is_within_the_limits_is_taken() {
    let server = TestServer::start().await;
    for (path, status) in FORMS.into_iter().zip([200, 200, 200, 202]) {
        let long = "x".repeat(16 << 10);
        let name = format!("name=\"x\"; filename=\"{}\"", &long[..4096]);
        let head = format!(
            "--b\r\n{}X: {}\r\n\r\n\r\n",
            "Y: z\r\n".repeat(19),
            &long[..8 << 10]
        );
        let form = format!(
            "{}\r\n{head}{}{}--b--\r\n{}",
            &long[..1000],
            part(&name, ""),
            file(path),
            &long[..60_000.min(long.len())]
        );
        let response = send(&server, path, form).await;
        assert_eq!(
            response.status(),
            status,
            "{path}: {}",
            response.text().await.expect("a body")
        );
    }
}

#[tokio::test]
async fn a_form_has_no_more_than_64_parts_beside_its_files() {
    let server = TestServer::start().await;
    for (path, status) in FORMS.into_iter().zip([200, 200, 200, 202]) {
        let form = |fields| format!("{}{}--b--", file(path), part("name=\"x\"", "").repeat(fields));
        assert_eq!(send(&server, path, form(64)).await.status(), status, "{path}");
        problem(send(&server, path, form(65)).await, 400, "invalid_multipart").await;
    }
}

/// The time that a form takes grows with its bytes, whatever they are: with their square, these would take minutes.
#[tokio::test]
async fn what_looks_like_the_end_of_a_head_or_a_part_costs_nothing() {
    let server = TestServer::start().await;
    let nearly = "\r\n--".repeat(1 << 20);
    let form = format!(
        "{}--b--",
        part("name=\"file\"; filename=\"a.txt\"", &format!("text{nearly}"))
    );
    let request = server
        .post("/v1/convert?format=json")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(form.clone());
    let response = request.send().await.expect("an answer");
    assert_eq!(
        response.status(),
        200,
        "{}",
        response.text().await.expect("a body")
    );
    let endless = format!("--b\r\nX: {}", "\r\n\r".repeat(1 << 20));
    problem(
        send(&server, "/v1/convert", endless).await,
        400,
        "invalid_multipart",
    )
    .await;
    let preamble = "--".repeat(1 << 20);
    problem(
        send(&server, "/v1/convert", preamble).await,
        400,
        "invalid_multipart",
    )
    .await;
}

#[tokio::test]
async fn a_json_body_has_its_own_end() {
    let server = TestServer::start().await;
    let large = format!("{{\"fileName\": \"{}\"}}", "n".repeat(70_000));
    let stream = futures::stream::iter(
        large
            .into_bytes()
            .chunks(1000)
            .map(<[u8]>::to_vec)
            .collect::<Vec<_>>(),
    );
    let body = reqwest::Body::wrap_stream(futures::StreamExt::map(stream, Ok::<_, std::io::Error>));
    let request = server.post("/api/documents/upload-url").body(body);
    problem(request.send().await.expect("an answer"), 413, "too_large").await;
    let sound = server
        .post("/api/documents/upload-url")
        .body("{\"fileName\": \"a.txt\", \"fileSize\": 4}");
    json(sound.send().await.expect("an answer"), 200).await;
}
