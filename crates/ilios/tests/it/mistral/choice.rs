//! Which engine converts what.

use ilios::engine::SelectSettings;
use ilios::model::EngineChoice;
use serde_json::json as value;

use super::setup::{Pair, pdf};
use crate::harness::{TestServer, files, form, json, problem};

#[tokio::test]
async fn a_key_makes_mistral_the_default_and_a_request_may_choose() {
    let pair = Pair::start().await;
    let engine = async |options: &[(&str, &str)]| {
        let mut all = vec![("format", "json")];
        all.extend_from_slice(options);
        let sample = crate::harness::sample("samples/annual-report.pdf");
        let answer = json(pair.server.send("report.pdf", sample, &all).await, 200).await;
        answer["metadata"]["engine"].clone()
    };
    assert_eq!(engine(&[]).await, "mistral");
    assert_eq!(engine(&[("engine", "local")]).await, "local");
    assert_eq!(engine(&[("engine", "mistral")]).await, "mistral");
}

#[tokio::test]
async fn what_the_server_is_set_to_is_the_default() {
    let pair = Pair::choosing(SelectSettings {
        default: Some(EngineChoice::Local),
        fallback: false,
    })
    .await;
    let sample = crate::harness::sample("samples/annual-report.pdf");
    let id = pair.server.submitted("report.pdf", sample).await;
    assert_eq!(pair.server.ended(&id).await["status"], "completed");
    assert_eq!(pair.standin.counts().requests.len(), 0);
}

#[tokio::test]
async fn types_that_mistral_does_not_read_stay_here() {
    let pair = Pair::start().await;
    for (name, text) in [
        ("notes.md", "# Notes\n"),
        ("page.html", "<html><body><p>Hello</p></body></html>"),
        ("table.csv", "a,b\n1,2\n"),
    ] {
        let options = [("format", "json"), ("engine", "mistral")];
        let answer = json(pair.server.send(name, text, &options).await, 200).await;
        assert_eq!(answer["metadata"]["engine"], "local", "{name}");
    }
    assert_eq!(pair.standin.counts().requests.len(), 0);
}

#[tokio::test]
async fn mistral_without_a_key_is_refused_and_auto_stays_here() {
    let server = TestServer::working().await;
    let wanted = [("engine", "mistral")];
    problem(
        server.send("a.txt", "text", &wanted).await,
        400,
        "engine_not_set_up",
    )
    .await;
    let submit = server
        .post("/api/documents/submit")
        .multipart(form("a.txt", "text", &wanted));
    problem(submit.send().await.expect("an answer"), 400, "engine_not_set_up").await;
    let batch = server
        .post("/v1/batch/submit")
        .multipart(files(&[("a.txt", b"text")]).text("engine", "mistral"));
    problem(batch.send().await.expect("an answer"), 400, "engine_not_set_up").await;
    let options = [("engine", "auto"), ("format", "json")];
    let answer = json(server.send("a.txt", "text", &options).await, 200).await;
    assert_eq!(answer["metadata"]["engine"], "local");
}

#[tokio::test]
async fn a_field_with_a_wrong_value_says_what_it_takes() {
    let pair = Pair::start().await;
    for (name, wrong) in [
        ("engine", "tesseract"),
        ("includeImages", "perhaps"),
        ("extractHeader", "2"),
        ("maxCostCents", "-1"),
        ("maxCostCents", "0.0000001"),
    ] {
        let answer = pair.server.send("a.pdf", pdf(1, "a", 0), &[(name, wrong)]).await;
        let body = problem(answer, 400, "invalid_parameter").await;
        assert_eq!(body["field"], value!(name));
    }
    assert_eq!(pair.standin.counts().requests.len(), 0);
}
