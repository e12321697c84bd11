//! Neither keys nor documents nor signed addresses get out of the engine but to the service.

use mistral_standin::{Failure, Faults, KEY, Outage, Standin};

use crate::harness::form;
use crate::mistral::setup::pdf;
use crate::serve::Server;

/// What no line of the log and no error may hold: the key, an address with its seal, text that was read, and the
/// document as it travels.
const SECRETS: [&str; 6] = [
    KEY,
    "/signed/",
    "seal=",
    "This is the text",
    "JVBERi0",
    "weight weight",
];

fn outage(request: &str, failure: Failure) -> Outage {
    Outage::of(request, 1, failure)
}

fn status(status: u16) -> Failure {
    Failure::Status {
        status,
        retry_after: None,
        worked: false,
    }
}

#[tokio::test]
async fn no_line_of_the_log_and_no_error_holds_a_secret() {
    let standin = Standin::start(Faults::default()).await.expect("a stand-in");
    let server = Server::start(&[
        ("LOG_LEVEL", "trace"),
        ("MISTRAL_API_KEY", KEY),
        ("MISTRAL_BASE_URL", &standin.url()),
    ]);
    let client = ilios::tls::http_client().build().expect("a client");
    let send = async |name: &str, file: Vec<u8>| {
        let request = client
            .post(format!("http://{}/v1/convert", server.address))
            .multipart(form(name, file, &[("format", "json")]));
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a body"))
    };
    let mut said = Vec::new();
    let mut failed = |answer: (u16, String)| {
        assert_ne!(answer.0, 200);
        said.push(answer.1);
    };
    assert_eq!(send("small.pdf", pdf(1, "a", 0)).await.0, 200);
    assert_eq!(send("large.pdf", pdf(1, "b", 9 << 20)).await.0, 200);
    for failure in [
        Failure::CutJson,
        Failure::CutConnection,
        Failure::Html { status: 200 },
        status(503),
    ] {
        standin.fail(outage("POST /v1/ocr", failure));
        assert_eq!(send("small.pdf", pdf(1, "c", 0)).await.0, 200);
    }
    standin.fail(outage("POST /v1/files", status(422)));
    failed(send("large.pdf", pdf(1, "d", 9 << 20)).await);
    let mut broken = b"%PDF-1.4\n".to_vec();
    broken.extend(b"weight weight weight".repeat(500_000));
    failed(send("broken.pdf", broken).await);
    standin.fail(outage("POST /v1/ocr", status(401)));
    failed(send("small.pdf", pdf(1, "e", 0)).await);
    let health = client
        .get(format!("http://{}/health", server.address))
        .send()
        .await;
    said.push(health.expect("an answer").text().await.expect("a body"));
    server.signal("-TERM");
    let (code, log) = server.end();
    assert_eq!(code, Some(0));
    assert!(log.len() > 50, "a trace");
    assert!(
        said.last().expect("health").contains("MISTRAL_API_KEY"),
        "{said:?}"
    );
    for text in log.iter().chain(&said) {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
