//! Warnings in the result of a request, for the fields and options that had no effect.

use reqwest::multipart::Form;
use serde_json::{Value, json as value};

use crate::harness::{TestServer, form, json, part, sample, text};

/// The messages of the warnings of a result.
fn warnings(metadata: &Value) -> Vec<String> {
    let warnings = metadata["warnings"].as_array().expect("a list");
    warnings.iter().map(|warning| text(&warning["message"])).collect()
}

/// Fails unless there is a warning of each field, and no other.
fn are_of(warnings: &[String], fields: &[&str]) {
    let named: Vec<&str> = warnings
        .iter()
        .map(|warning| {
            warning
                .split_once(':')
                .map_or(warning.as_str(), |(field, _)| field)
        })
        .collect();
    assert_eq!(named, fields, "{warnings:?}");
}

#[tokio::test]
async fn a_result_names_the_fields_that_nobody_knows() {
    let server = TestServer::working().await;
    let options = [("format", "json"), ("ocrLanguage", "deu"), ("priority", "9")];
    let request = server.post("/v1/convert?format=html&debug=1&debug=2");
    let response = request.multipart(form("a.txt", "text", &options)).send().await;
    let body = json(response.expect("an answer"), 200).await;
    let found = warnings(&body["metadata"]);
    are_of(&found, &["format", "debug", "ocrLanguage", "priority"]);
    let stored = server
        .json(&format!("/api/documents/{}?format=json", text(&body["id"])))
        .await;
    assert_eq!(warnings(&stored["metadata"]), found);

    let request = server.post("/api/documents/submit?x=y");
    let options = [("format", "json"), ("priority", "9"), ("colour", "red")];
    let response = request.multipart(form("a.txt", "text", &options)).send().await;
    let id = text(&json(response.expect("an answer"), 200).await["id"]);
    are_of(
        &warnings(&server.ended(&id).await["metadata"]),
        &["x", "colour", "format"],
    );
}

#[tokio::test]
async fn batches_and_direct_uploads_name_them_too() {
    let server = TestServer::working().await;
    let files = Form::new()
        .text("colour", "red")
        .part("files", part("a.txt", "text"))
        .text("includeImages", "yes");
    let response = server.post("/v1/batch/submit?x=1").multipart(files).send().await;
    let id = text(&json(response.expect("an answer"), 202).await["batchId"]);
    server.json(&format!("/v1/batch/status/{id}?wait=60")).await;
    let lines = server.get(&format!("/v1/batch/download/{id}")).send().await;
    let line: Value =
        serde_json::from_str(&lines.expect("an answer").text().await.expect("a body")).expect("a line");
    are_of(&warnings(&line["metadata"]), &["x", "colour"]);

    let body = value!({"fileName": "a.txt", "fileSize": 4, "contentType": "text/plain"});
    let announced = server
        .post("/api/documents/upload-url?y=1")
        .json(&body)
        .send()
        .await;
    let upload = json(announced.expect("an answer"), 200).await;
    let put = server
        .client
        .put(text(&upload["uploadUrl"]))
        .body("text")
        .send()
        .await;
    assert_eq!(put.expect("an answer").status(), 200);
    let id = text(&upload["id"]);
    let complete = server
        .post(&format!("/api/documents/upload-complete/{id}"))
        .send()
        .await;
    assert_eq!(complete.expect("an answer").status(), 200);
    are_of(
        &warnings(&server.ended(&id).await["metadata"]),
        &["y", "contentType"],
    );
}

#[tokio::test]
async fn what_the_engine_or_the_type_does_not_do_is_told() {
    let server = TestServer::start().await;
    let convert = async |name: &str, bytes: Vec<u8>, options: &[(&str, &str)]| {
        let options = [&[("format", "json")], options].concat();
        warnings(&json(server.send(name, bytes, &options).await, 200).await["metadata"])
    };
    let pdf = sample("samples/annual-report.pdf");
    assert!(
        convert("a.pdf", pdf.clone(), &[("pages", "1"), ("ocr", "off")])
            .await
            .is_empty()
    );
    let images = [
        ("includeImages", "true"),
        ("extractHeader", "1"),
        ("extractFooter", "on"),
        ("pages", "1"),
    ];
    let found = convert("a.pdf", pdf, &images).await;
    are_of(&found, &["extractHeader", "extractFooter"]);
    let text = || b"text".to_vec();
    let found = convert("a.txt", text(), &[("ocr", "force"), ("ocrLanguages", "deu")]).await;
    are_of(&found, &["ocr", "ocrLanguages"]);
    assert!(
        convert(
            "a.txt",
            text(),
            &[("pages", ""), ("includeImages", "no"), ("ocr", "auto")]
        )
        .await
        .is_empty()
    );
}

#[tokio::test]
async fn pages_of_a_document_that_has_none_are_refused() {
    let server = TestServer::start().await;
    for (name, bytes) in [
        ("a.txt", &b"text"[..]),
        ("a.html", b"<p>text</p>"),
        ("a.csv", b"a,b\n1,2\n"),
    ] {
        let answer = server.send(name, bytes.to_vec(), &[("pages", "1")]).await;
        let body = json(answer, 422).await;
        assert_eq!(
            (&body["code"], &body["field"]),
            (&value!("pages_not_supported"), &value!("pages")),
            "{name}"
        );
    }
    let slides = sample("crates/convert/tests/fixtures/corpus/report.pptx");
    let options = [("format", "json"), ("pages", "2")];
    let body = json(server.send("a.pptx", slides, &options).await, 200).await;
    assert!(warnings(&body["metadata"]).is_empty());
}

#[tokio::test]
async fn so_many_unknown_fields_do_not_swell_the_result() {
    let server = TestServer::start().await;
    let names: Vec<String> = (0..50)
        .map(|number| format!("{number}{}", "x".repeat(500)))
        .collect();
    let mut options: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    options.push(("format", "json"));
    let body = json(server.send("a.txt", "text", &options).await, 200).await;
    let found = warnings(&body["metadata"]);
    assert_eq!(found.len(), 20);
    assert!(found.iter().all(|warning| warning.len() < 120), "{found:?}");
}

#[tokio::test]
async fn tokens_follow_the_text_and_moments_have_three_digits() {
    let server = TestServer::working().await;
    let rtf = format!("{{\\rtf1 Hello{{\\*\\comment {}}}}}", "x".repeat(4_000));
    let body = json(server.send("a.rtf", rtf, &[("format", "json")]).await, 200).await;
    let tokens = text(&body["content"]).chars().count().div_ceil(4);
    assert!(tokens < 10, "{body}");
    assert_eq!(body["usage"]["prompt_tokens"], tokens);
    assert_eq!(body["usage"]["total_tokens"], 2 * tokens);
    let records = server.json("/api/usage/records").await;
    assert_eq!(records["records"][0]["inputTokens"], tokens);

    let files = Form::new().part("files", part("a.txt", "text"));
    let batch = server.post("/v1/batch/submit").multipart(files).send().await;
    let id = text(&json(batch.expect("an answer"), 202).await["batchId"]);
    let status = format!("/v1/batch/status/{id}?details=1&wait=60");
    server.json(&status).await;
    let paths = [
        "/health",
        "/api/documents",
        "/v1/batch",
        "/api/usage/records",
        "/api/usage/records?format=csv",
    ];
    let paths = paths.into_iter().map(str::to_owned);
    for path in paths.chain([status, format!("/v1/batch/download/{id}")]) {
        let body = server.body(&path).await;
        let moments: Vec<&str> = body
            .split(['"', ',', '\n', '\r'])
            .filter(|part| part.starts_with("20") && part.contains('T') && part.ends_with('Z'))
            .collect();
        assert!(!moments.is_empty(), "{path}: {body}");
        for moment in moments {
            assert_eq!(
                (moment.len(), moment.find('.')),
                (24, Some(19)),
                "{path}: {moment}"
            );
        }
    }
}

#[test]
fn a_moment_has_three_digits_whatever_they_are() {
    use ilios::model::Timestamp;
    for (millis, shown) in [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_700_000_000_000, "2023-11-14T22:13:20.000Z"),
        (1_700_000_000_100, "2023-11-14T22:13:20.100Z"),
        (1_700_000_000_120, "2023-11-14T22:13:20.120Z"),
        (1_700_000_000_007, "2023-11-14T22:13:20.007Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
    ] {
        let moment = Timestamp::from_millis(millis);
        assert_eq!(moment.to_string(), shown);
        assert_eq!(shown.parse(), Ok(moment));
    }
}
