use ilios::model::Tenant;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::harness::{Setup, TestServer, form, sample};

const REPORT: &str = "# Report\n\nAll *good* & well.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n";

#[tokio::test]
async fn answers_markdown_with_the_headers_of_the_contract() {
    let server = TestServer::start().await;
    let response = server.send("report.md", REPORT, &[]).await;
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("content-type"), "text/markdown; charset=utf-8");
    assert_eq!(header("content-disposition"), "inline; filename=\"report.md\"");
    assert_eq!(header("x-extracted-pages"), "1");
    assert!(header("x-processing-time-ms").parse::<u64>().is_ok());
    assert!((20..=30).contains(&header("x-document-id").len()));
    assert_eq!(response.text().await.expect("a body"), REPORT);
}

#[tokio::test]
async fn answers_json_with_content_pages_metadata_and_usage() {
    let server = TestServer::start().await;
    let response = server
        .send(
            "report.md",
            REPORT,
            &[("format", "json"), ("retentionDays", "30")],
        )
        .await;
    assert_eq!(response.status(), 200);
    let id = response.headers()["x-document-id"]
        .to_str()
        .expect("text")
        .to_owned();
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["id"], id);
    assert_eq!(body["content"], REPORT);
    assert_eq!(body["downloadUrl"], format!("/api/documents/{id}"));
    assert_eq!(body["pages"][0]["number"], 1);
    assert_eq!(body["pages"][0]["kind"], "structure");
    assert_eq!(body["pages"][0]["markdown"], REPORT.trim_end());
    let metadata = &body["metadata"];
    assert_eq!(metadata["fileName"], "report.md");
    assert_eq!(metadata["fileSize"], REPORT.len());
    assert_eq!(metadata["mimeType"], "text/markdown");
    assert_eq!(metadata["extractedPages"], 1);
    assert_eq!(metadata["engine"], "local");
    assert_eq!(metadata["format"], "markdown");
    assert!(
        metadata["model"]
            .as_str()
            .expect("a model")
            .starts_with("ilios-local-")
    );
    assert!(metadata["processingTimeMs"].is_u64());
    assert_eq!(metadata["warnings"], Value::Array(Vec::new()));
    let usage = &body["usage"];
    let tokens = |name: &str| usage[name].as_u64().expect("a number");
    assert_eq!(
        tokens("total_tokens"),
        tokens("prompt_tokens") + tokens("completion_tokens")
    );
}

#[tokio::test]
async fn answers_plain_text_and_sanitized_html() {
    let server = TestServer::start().await;
    let hostile = format!("{REPORT}\n<script>alert(1)</script><img src=x onerror=alert(2)>\n");
    let text = server
        .send("report.md", hostile.clone(), &[("format", "text")])
        .await;
    assert_eq!(text.headers()["content-type"], "text/plain; charset=utf-8");
    assert!(text.text().await.expect("a body").contains("All good & well."));
    let html = server.send("report.md", hostile, &[("format", "html")]).await;
    assert_eq!(html.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(html.headers()["x-content-type-options"], "nosniff");
    let html = html.text().await.expect("a body");
    assert!(
        html.contains("<h1 id=\"p1b1\">Report</h1>") && html.contains("<td>1</td>"),
        "{html}"
    );
    assert!(!html.contains("<script") && !html.contains("onerror"), "{html}");
}

#[tokio::test]
async fn takes_options_before_and_after_the_file() {
    let server = TestServer::start().await;
    let file = || Part::bytes(REPORT.as_bytes().to_vec()).file_name("report.md");
    let before = Form::new().text("format", "json").part("file", file());
    let after = Form::new().part("file", file()).text("format", "json");
    for form in [before, after] {
        let response = server.convert(form).send().await.expect("an answer");
        assert_eq!(response.headers()["content-type"], "application/json");
    }
}

#[tokio::test]
async fn decides_the_type_by_content_whatever_the_client_says() {
    let server = TestServer::start().await;
    let pdf = sample("samples/annual-report.pdf");
    let part = Part::bytes(pdf)
        .file_name("picture.png")
        .mime_str("image/png")
        .expect("a type");
    let form = Form::new()
        .part("file", part)
        .text("format", "json")
        .text("pages", "1");
    let body: Value = server
        .convert(form)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(body["metadata"]["format"], "pdf", "{body}");
    assert_eq!(body["metadata"]["mimeType"], "application/pdf");
}

#[tokio::test]
async fn converts_the_chosen_pages_of_a_real_document() {
    let server = TestServer::start().await;
    let pdf = sample("samples/annual-report.pdf");
    let response = server
        .send("annual-report.pdf", pdf, &[("format", "json"), ("pages", "1-2")])
        .await;
    assert_eq!(response.headers()["x-extracted-pages"], "2");
    let body: Value = response.json().await.expect("JSON");
    let pages = body["pages"].as_array().expect("pages");
    assert_eq!(
        pages
            .iter()
            .map(|page| page["number"].as_u64())
            .collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
    assert!(
        pages[0]["width"].as_f64().is_some_and(|width| width > 500.0),
        "{}",
        pages[0]
    );
    let content = body["content"].as_str().expect("content");
    assert!(
        content.contains("\n\n---\n\n") && content.contains("# "),
        "{content}"
    );
    assert!(
        body["metadata"]["pageCount"]
            .as_u64()
            .is_some_and(|count| count > 2),
        "{}",
        body["metadata"]
    );
}

#[tokio::test]
async fn each_conversion_leaves_one_usage_record_and_a_failed_one_none() {
    let server = TestServer::start().await;
    for _ in 0..3 {
        assert_eq!(server.send("a.txt", "some text", &[]).await.status(), 200);
    }
    assert_eq!(
        server
            .send("a.bin", [0_u8, 159, 146, 150].repeat(20), &[])
            .await
            .status(),
        415
    );
    let count = server
        .store
        .usage_record_count(&Tenant::anonymous())
        .await
        .expect("a count");
    assert_eq!(count, 3);
}

#[tokio::test]
async fn stores_every_result_of_many_clients_at_once() {
    let server = TestServer::with(Setup {
        waiting: 64,
        ..Setup::default()
    })
    .await;
    let requests = (0..64).map(|number| {
        let text = format!("# Document {number}\n");
        let request = server.convert(form("a.md", text.clone(), &[]));
        async move {
            let response = request.send().await.expect("an answer");
            (
                response.headers()["x-document-id"]
                    .to_str()
                    .expect("text")
                    .to_owned(),
                text,
            )
        }
    });
    for (id, text) in futures::future::join_all(requests).await {
        let stored = server
            .get(&format!("/api/documents/{id}"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(stored.text().await.expect("a body"), text);
    }
}
