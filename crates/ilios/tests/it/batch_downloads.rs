//! The results of batches.

use std::io::{Cursor, Read};

use reqwest::Response;
use serde_json::Value;

use crate::harness::{TestServer, files, json, problem, text};

/// A batch that has ended, and its id.
async fn ended(server: &TestServer, sent: &[(&str, &[u8])]) -> String {
    let request = server.post("/v1/batch/submit").multipart(files(sent));
    let answer = json(request.send().await.expect("an answer"), 202).await;
    let id = text(&answer["batchId"]);
    let status = server.json(&format!("/v1/batch/status/{id}?wait=60")).await;
    assert!(status["completedAt"].is_string(), "{status}");
    id
}

async fn download(server: &TestServer, id: &str, query: &str) -> Response {
    let request = server.get(&format!("/v1/batch/download/{id}{query}"));
    request.send().await.expect("an answer")
}

fn header(response: &Response, name: &str) -> String {
    response.headers()[name].to_str().expect("text").to_owned()
}

#[tokio::test]
async fn results_come_as_lines_of_json() {
    let server = TestServer::working().await;
    let id = ended(
        &server,
        &[
            ("one.md", b"# One\n"),
            ("blank.txt", b" \n"),
            ("two.md", b"# Two\n"),
        ],
    )
    .await;
    for query in ["", "?format=jsonl", "?format="] {
        let response = download(&server, &id, query).await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            header(&response, "content-type"),
            "application/x-ndjson; charset=utf-8"
        );
        assert_eq!(
            header(&response, "content-disposition"),
            format!("attachment; filename=\"batch-{id}.jsonl\"")
        );
        let body = response.text().await.expect("a body");
        let lines: Vec<Value> = body
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(lines.len(), 3);
        let (one, blank, two) = (&lines[0], &lines[1], &lines[2]);
        assert_eq!(one["fileName"], "one.md");
        assert_eq!(one["status"], "completed");
        assert_eq!(one["content"], "# One\n");
        assert_eq!(one["metadata"]["engine"], "local");
        assert_eq!(one["error"], Value::Null);
        assert!(one["id"].is_string() && one["processedAt"].is_string(), "{one}");
        assert_eq!(
            (&blank["content"], &blank["metadata"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(
            (blank["status"].as_str(), blank["errorCode"].as_str()),
            (Some("failed"), Some("empty_document"))
        );
        assert!(blank["error"].is_string());
        assert_eq!(two["content"], "# Two\n");
    }
}

#[tokio::test]
async fn results_come_as_one_document() {
    let server = TestServer::working().await;
    let id = ended(
        &server,
        &[
            ("one.md", b"*One*\n"),
            ("blank.txt", b" \n"),
            ("two.md", b"Two\n"),
        ],
    )
    .await;
    let response = download(&server, &id, "?format=markdown").await;
    assert_eq!(header(&response, "content-type"), "text/markdown; charset=utf-8");
    assert_eq!(
        header(&response, "content-disposition"),
        format!("attachment; filename=\"batch-{id}.md\"")
    );
    let body = response.text().await.expect("a body");
    assert!(
        body.starts_with("# one.md\n\n*One*\n\n# blank.txt\n\n> empty_document: "),
        "{body}"
    );
    assert!(body.ends_with("\n\n# two.md\n\nTwo\n\n"), "{body}");
}

#[tokio::test]
async fn results_come_as_an_archive_of_files_with_safe_names() {
    let server = TestServer::working().await;
    let long = format!("{}.txt", "l".repeat(300));
    let id = ended(
        &server,
        &[
            ("../../etc/report.txt", b"first"),
            ("report.md", b"second"),
            ("REPORT.txt", b"third"),
            ("a:b?.txt", b"fourth"),
            ("blank.txt", b" \n"),
            (&long, b"fifth"),
            (&long, b"sixth"),
            ("manifest.json", b"{\"a\": 1}"),
        ],
    )
    .await;
    let response = download(&server, &id, "?format=zip").await;
    assert_eq!(header(&response, "content-type"), "application/zip");
    assert_eq!(
        header(&response, "content-disposition"),
        format!("attachment; filename=\"batch-{id}.zip\"")
    );
    let length: usize = header(&response, "content-length").parse().expect("a number");
    let bytes = response.bytes().await.expect("a body");
    assert_eq!(bytes.len(), length);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut read = |name: &str| {
        let mut text = String::new();
        let mut file = archive.by_name(name).expect("an entry");
        file.read_to_string(&mut text).expect("text");
        text
    };
    let manifest: Value = serde_json::from_str(&read("manifest.json")).expect("JSON");
    assert_eq!(manifest["batchId"], id);
    assert_eq!(manifest["progress"]["completed"], 7);
    let documents = manifest["documents"].as_array().expect("documents");
    let names: Vec<&str> = documents
        .iter()
        .filter_map(|document| document["file"].as_str())
        .collect();
    assert_eq!(
        names[..4],
        ["report.md", "report (2).md", "REPORT (3).md", "a_b_.md"]
    );
    assert!(
        names[4..6]
            .iter()
            .all(|name| name.len() <= 255 && name.ends_with(".md")),
        "{names:?}"
    );
    assert_ne!(names[4], names[5]);
    assert_eq!(documents[4]["file"], Value::Null);
    assert_eq!(documents[4]["errorCode"], "empty_document");
    let texts: Vec<String> = names.iter().map(|name| read(name).trim().to_owned()).collect();
    assert_eq!(
        texts[..6],
        ["first", "second", "third", "fourth", "fifth", "sixth"]
    );
    assert_eq!(archive.len(), 8);
}

#[tokio::test]
async fn an_unknown_format_names_the_known_ones() {
    let server = TestServer::working().await;
    let id = ended(&server, &[("one.md", b"# One\n")]).await;
    let body = problem(
        download(&server, &id, "?format=xml").await,
        400,
        "invalid_parameter",
    )
    .await;
    assert_eq!(body["field"], "format");
    assert_eq!(
        body["supportedFormats"],
        serde_json::json!(["jsonl", "zip", "markdown", "chunks"])
    );
}
