//! Batches that Mistral converts, with a server that dies at each step of their way.

use std::time::Duration;

use mistral_standin::{Faults, KEY, Standin};
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use tempfile::TempDir;

use crate::mistral::{json, pdf};
use crate::server::{Environment, Server, variable};

const DOCUMENTS: usize = 3;

/// The path that tells how the batch is.
async fn submit(address: &str) -> String {
    let form = (0..DOCUMENTS).fold(Form::new().text("useMistralBatch", "true"), |form, number| {
        let part = Part::bytes(pdf(1 + number, number)).file_name(format!("{number}.pdf"));
        form.part("files", part)
    });
    let request = ilios::tls::http_client()
        .build()
        .expect("a client")
        .post(format!("{address}/v1/batch/submit"))
        .multipart(form);
    let answer = request.send().await.expect("an answer");
    let answer: Value = answer.json().await.expect("a body");
    answer["statusUrl"].as_str().expect("an address").to_owned()
}

/// How often the service was asked to begin a job, once the server was killed at `place` and started again.
async fn jobs_begun(place: &str) -> u64 {
    // The service does not tell of a job at once.
    let faults = Faults {
        missing_after_job: 2,
        ..Faults::default()
    };
    let standin = Standin::start(faults).await.expect("a stand-in");
    let folder = TempDir::new().expect("a temporary folder");
    let mut environment: Environment = vec![
        variable("LEASE_MILLIS", 600),
        variable("MISTRAL_API_KEY", KEY),
        variable("MISTRAL_BASE_URL", standin.url()),
    ];
    let mut armed = environment.clone();
    armed.push(variable("CRASH_POINT", place));
    let mut server = Server::start(folder.path(), armed);
    let (address, _) = server.ready().await.expect("it starts");
    let status = submit(&address).await;
    server
        .end(Duration::from_secs(20))
        .await
        .expect("it dies at the place");
    environment.push(variable("CRASH_POINT", "nowhere"));
    let mut server = Server::start(folder.path(), environment);
    let (address, _) = server.ready().await.expect("it starts again");
    let ended = json(&address, &format!("{status}?wait=30&details=true")).await;
    assert_eq!(ended["status"], "completed", "{place}: {ended}");
    let summary: Value = json(&address, "/api/usage/summary").await["summary"].clone();
    server.terminate().await;
    let pages: usize = (1..=DOCUMENTS).sum();
    assert_eq!(
        (&summary["totalDocuments"], &summary["totalPages"]),
        (&DOCUMENTS.into(), &pages.into()),
        "{place}"
    );
    let counts = standin.counts();
    assert_eq!(counts.billed_pages(), pages, "{place}: nothing was read twice");
    counts.requests_to("POST /v1/batch/jobs")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_of_mistral_is_begun_once_wherever_the_server_is_killed() {
    for place in [
        "after_provider_upload",
        "before_provider_batch",
        "after_provider_batch",
        "after_provider_results",
    ] {
        assert_eq!(jobs_begun(place).await, 1, "{place}");
    }
}
