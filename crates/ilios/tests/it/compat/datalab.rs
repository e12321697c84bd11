//! Datalab's converter, as Open WebUI asks it.

use reqwest::multipart::Form;
use serde_json::Value;

use super::{HTML, guarded};
use crate::harness::{TestServer, json, part, sample};

async fn marker(
    server: &TestServer,
    fields: &[(&'static str, &'static str)],
    name: &str,
    bytes: Vec<u8>,
    status: u16,
) -> Value {
    // Open WebUI sends all of its switches, whatever they say.
    let mut form = Form::new()
        .text("use_llm", "false")
        .text("additional_config", "{}");
    for (name, value) in fields {
        form = form.text(*name, *value);
    }
    let request = server
        .post("/api/v1/marker")
        .header("x-api-key", "first-key")
        .multipart(form.part("file", part(name, bytes)));
    json(request.send().await.expect("an answer"), status).await
}

#[tokio::test]
async fn a_document_is_answered_at_once_in_the_form_that_is_asked_for() {
    let server = guarded().await;
    let pdf = sample("samples/annual-report.pdf");
    let answer = marker(&server, &[], "a.pdf", pdf.clone(), 200).await;
    assert_eq!(
        (&answer["success"], &answer["output_format"]),
        (&true.into(), &"markdown".into())
    );
    let whole = answer["output"].as_str().expect("Markdown").to_owned();
    assert!(
        whole.starts_with("# ") && answer["page_count"].as_u64() > Some(1),
        "{answer}"
    );
    let answer = marker(&server, &[("paginate", "true")], "a.pdf", pdf, 200).await;
    let paged = answer["output"].as_str().expect("Markdown");
    assert!(
        paged.starts_with(&format!("{{0}}{}\n\n# ", "-".repeat(48))),
        "{paged}"
    );
    assert!(paged.contains(&format!("\n\n{{1}}{}\n\n", "-".repeat(48))));
    let answer = marker(&server, &[("output_format", "html")], "a.html", HTML.into(), 200).await;
    assert!(
        answer["output"].as_str().expect("HTML").contains(">Report</h1>"),
        "{answer}"
    );
    let answer = marker(&server, &[("output_format", "json")], "a.html", HTML.into(), 200).await;
    assert!(answer["output"]["pages"].is_array(), "{answer}");
    let answer = marker(
        &server,
        &[],
        "a.html",
        b"<html><body></body></html>".to_vec(),
        200,
    )
    .await;
    assert_eq!(
        (&answer["output"], &answer["page_count"]),
        (&"".into(), &0.into())
    );
}

#[tokio::test]
async fn a_refusal_says_that_it_failed_and_why() {
    let server = guarded().await;
    for (fields, name, body, status, code) in [
        (
            vec![],
            "a.pdf",
            b"%PDF-1.4 broken".to_vec(),
            422,
            "invalid_document",
        ),
        (
            vec![("output_format", "latex")],
            "a.txt",
            b"text".to_vec(),
            400,
            "invalid_parameter",
        ),
        (
            vec![("paginate", "perhaps")],
            "a.txt",
            b"text".to_vec(),
            400,
            "invalid_parameter",
        ),
        (vec![], "a.txt", Vec::new(), 400, "empty_file"),
    ] {
        let answer = marker(&server, &fields, name, body, status).await;
        assert_eq!(
            (&answer["success"], &answer["status"]),
            (&false.into(), &"failed".into()),
            "{answer}"
        );
        assert_eq!(answer["code"], code);
        assert!(answer["error"].as_str().is_some_and(|error| !error.is_empty()));
    }
    let without_key = server
        .post("/api/v1/marker")
        .multipart(Form::new().text("paginate", "true"));
    let refused = json(without_key.send().await.expect("an answer"), 401).await;
    assert_eq!(refused["success"], false);
}
