use std::time::Duration;

use ilios_convert::Limits;
use ilios_sandbox::Program;
use reqwest::multipart::Form;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Setup, TestServer, form, problem, repository, sample};

#[test]
fn the_reference_of_errors_is_what_the_program_says() {
    let page = std::fs::read_to_string(repository("docs/errors.md")).expect("docs/errors.md");
    assert_eq!(page, ilios::http::error_documentation(), "run `make docs`");
}

#[test]
fn codes_are_stable_snake_case_and_unique() {
    let names: Vec<&str> = ilios::http::Code::ALL.iter().map(|code| code.name()).collect();
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(names.len(), distinct.len());
    assert!(
        names
            .iter()
            .all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    );
}

#[tokio::test]
async fn each_fault_of_a_document_has_its_code() {
    let server = TestServer::start().await;
    let pdf = |name: &str| sample(&format!("crates/convert/tests/fixtures/pdf/{name}"));
    let cases: [(&str, Vec<u8>, u16, &str); 6] = [
        (
            "noise.bin",
            [0_u8, 159, 146, 150, 7].repeat(50),
            415,
            "unsupported_type",
        ),
        ("broken.pdf", pdf("broken.pdf"), 422, "invalid_document"),
        ("locked.pdf", pdf("password.pdf"), 422, "password_protected"),
        ("blank.pdf", pdf("blank.pdf"), 422, "empty_document"),
        ("blank.txt", b" \n\t\n".to_vec(), 422, "empty_document"),
        (
            "report.pdf",
            sample("samples/annual-report.pdf"),
            422,
            "empty_document",
        ),
    ];
    for (name, bytes, status, code) in cases {
        let options: &[(&str, &str)] = if name == "report.pdf" {
            &[("pages", "900-")]
        } else {
            &[]
        };
        let options = if name == "report.pdf" {
            &[("pages", "900-901")]
        } else {
            options
        };
        let body = problem(server.send(name, bytes, options).await, status, code).await;
        assert_eq!(body["field"], "file", "{name}");
    }
}

#[tokio::test]
async fn a_scan_without_ocr_says_what_to_install() {
    let server = TestServer::with(Setup {
        tesseract: "/nowhere/tesseract".into(),
        ..Setup::default()
    })
    .await;
    let scan = sample("crates/convert/tests/fixtures/pdf/scan.pdf");
    let options = [("ocrEngine", "tesseract")];
    let body = problem(
        server.send("scan.pdf", scan, &options).await,
        422,
        "ocr_unavailable",
    )
    .await;
    assert!(
        body["error"]
            .as_str()
            .is_some_and(|error| error.contains("tesseract")),
        "{body}"
    );
}

#[tokio::test]
async fn documents_beyond_a_limit_are_refused() {
    let limits = Limits {
        pages: 2,
        output_bytes: 1_000,
        ..Limits::default()
    };
    let server = TestServer::with(Setup {
        max_file_size: 200_000,
        limits,
        ..Setup::default()
    })
    .await;
    let large = server.send("large.txt", vec![b'a'; 200_001], &[]).await;
    problem(large, 413, "too_large").await;
    let pages = server
        .send("report.pdf", sample("samples/annual-report.pdf"), &[])
        .await;
    problem(pages, 422, "too_many_pages").await;
    let output = server.send("long.txt", vec![b'a'; 2_000], &[]).await;
    problem(output, 422, "limit_exceeded").await;
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_before_it_is_read() {
    let server = TestServer::with(Setup {
        max_file_size: 1_000,
        ..Setup::default()
    })
    .await;
    let address = server.address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let head = "POST /v1/convert HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
        Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 2000000000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("it is taken");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(
        answer.starts_with("HTTP/1.1 413 ") && answer.contains("too_large"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_body_that_does_not_say_its_size_is_cut_off_at_the_limit() {
    let server = TestServer::with(Setup {
        max_file_size: 1_000,
        ..Setup::default()
    })
    .await;
    let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n";
    let chunks = std::iter::once(head.to_owned()).chain(std::iter::repeat_n("a".repeat(500), 4));
    let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks.map(Ok::<_, std::io::Error>)));
    let request = server.client.post(format!("{}/v1/convert", server.address));
    let request = request
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body);
    problem(request.send().await.expect("an answer"), 413, "too_large").await;
}

#[tokio::test]
async fn a_conversion_that_takes_too_long_is_stopped() {
    let program = Program::new("/bin/sleep", ["600"]);
    let setup = Setup {
        program,
        timeout: Duration::from_millis(300),
        ..Setup::default()
    };
    let server = TestServer::with(setup).await;
    let started = std::time::Instant::now();
    let response = server
        .send("report.pdf", sample("samples/annual-report.pdf"), &[])
        .await;
    problem(response, 422, "timeout").await;
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "it was killed, not waited for"
    );
}

#[tokio::test]
async fn a_converter_that_dies_harms_nobody_else() {
    let server = TestServer::with(Setup {
        program: Program::new("/bin/false", [""; 0]),
        ..Setup::default()
    })
    .await;
    let response = server
        .send("report.pdf", sample("samples/annual-report.pdf"), &[])
        .await;
    problem(response, 422, "converter_crashed").await;
    assert_eq!(server.send("next.txt", "still here", &[]).await.status(), 200);
}

#[tokio::test]
async fn a_missing_converter_is_the_servers_fault_and_can_be_tried_again() {
    let server = TestServer::with(Setup {
        program: Program::new("/nowhere", [""; 0]),
        ..Setup::default()
    })
    .await;
    let response = server
        .send("report.pdf", sample("samples/annual-report.pdf"), &[])
        .await;
    assert!(response.headers().contains_key("retry-after"));
    let body = problem(response, 503, "unavailable").await;
    assert!(!body.to_string().contains("nowhere"), "no internals: {body}");
}

#[tokio::test]
async fn faults_of_the_form_name_the_field_and_what_it_takes() {
    let server = TestServer::start().await;
    let cases = [
        ("format", "docx", "markdown, json, text, html, chunks"),
        ("pages", "0", "1-based"),
        ("pages", "3-1", "1-based"),
        ("ocr", "maybe", "auto, off or force"),
        ("ocrLanguages", "eng; rm -rf", "tesseract"),
        ("retentionDays", "0", "1 to 3650"),
        ("retentionDays", "3651", "1 to 3650"),
    ];
    for (field, value, takes) in cases {
        let response = server.send("a.txt", "text", &[(field, value)]).await;
        let body = problem(response, 400, "invalid_parameter").await;
        assert_eq!(body["field"], field);
        assert!(
            body["error"].as_str().is_some_and(|error| error.contains(takes)),
            "{body}"
        );
    }
    let long = "x".repeat(20_000);
    problem(
        server.send("a.txt", "text", &[("format", &long)]).await,
        400,
        "invalid_parameter",
    )
    .await;
    let response = server.convert(form("a.txt", "a", &[]).part("file", reqwest::multipart::Part::text("b")));
    problem(
        response.send().await.expect("an answer"),
        400,
        "invalid_parameter",
    )
    .await;
}

#[tokio::test]
async fn broken_forms_are_the_clients_fault() {
    let server = TestServer::start().await;
    let url = format!("{}/v1/convert", server.address);
    let no_file = server
        .convert(Form::new().text("format", "json"))
        .send()
        .await
        .expect("an answer");
    problem(no_file, 400, "missing_file").await;
    problem(server.send("a.pdf", "", &[]).await, 400, "empty_file").await;
    let json = server
        .client
        .post(&url)
        .header("content-type", "application/json")
        .body("{}");
    problem(json.send().await.expect("an answer"), 400, "invalid_multipart").await;
    let cut = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nabc";
    let cut = server
        .client
        .post(&url)
        .header("content-type", "multipart/form-data; boundary=x")
        .body(cut);
    problem(cut.send().await.expect("an answer"), 400, "invalid_multipart").await;
    let many = (0..200).fold(Form::new(), |form, number| form.text(format!("x{number}"), "y"));
    problem(
        server.convert(many).send().await.expect("an answer"),
        400,
        "invalid_multipart",
    )
    .await;
}

#[tokio::test]
async fn unknown_paths_and_methods_answer_a_problem_too() {
    let server = TestServer::start().await;
    problem(
        server.get("/nothing").send().await.expect("an answer"),
        404,
        "not_found",
    )
    .await;
    problem(
        server.get("/v1/convert").send().await.expect("an answer"),
        405,
        "method_not_allowed",
    )
    .await;
    problem(
        server.get("/docs/nothing").send().await.expect("an answer"),
        404,
        "not_found",
    )
    .await;
    for strange in [
        "/api/documents/%ff",
        "/api/documents/d12345678901234567890123?format=a&format=b",
    ] {
        let response = server.get(strange).send().await.expect("an answer");
        problem(response, 400, "invalid_parameter").await;
    }
    let delete = server.client.delete(format!("{}/health", server.address));
    problem(delete.send().await.expect("an answer"), 405, "method_not_allowed").await;
}
