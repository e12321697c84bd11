//! Boxes of lines and words, and options that only another conversion follows.

use serde_json::{Value, json};

use crate::harness::{TestServer, form, json, problem, text};
use crate::mistral::setup::{Sheet, sheets};

async fn submitted(server: &TestServer, name: &str, bytes: Vec<u8>, options: &[(&str, &str)]) -> String {
    let submit = server
        .post("/api/documents/submit")
        .multipart(form(name, bytes, options));
    let id = text(&json(submit.send().await.expect("an answer"), 200).await["id"]);
    assert_eq!(server.ended(&id).await["status"], "completed");
    id
}

async fn read(server: &TestServer, path: &str) -> reqwest::Response {
    let answer = server.get(path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer
}

fn bbox(value: &Value) -> Vec<f64> {
    let edges = value["bbox"]
        .as_array()
        .unwrap_or_else(|| panic!("{value}"))
        .iter();
    edges.filter_map(Value::as_f64).collect()
}

fn inside(inner: &[f64], outer: &[f64]) -> bool {
    let slack = 0.02;
    inner[0] >= outer[0] - slack
        && inner[1] >= outer[1] - slack
        && inner[2] <= outer[2] + slack
        && inner[3] <= outer[3] + slack
}

#[tokio::test]
async fn words_lie_in_the_boxes_of_their_blocks() {
    let server = TestServer::working().await;
    let file = sheets(&[Sheet::Text(5), Sheet::Text(3)]);
    let id = submitted(&server, "a.pdf", file, &[("places", "word")]).await;
    let document = server.json(&format!("/api/documents/{id}?format=json")).await;
    let places = read(&server, &format!("/api/documents/{id}/places")).await;
    assert_eq!(
        places.headers()["content-type"],
        "application/x-ndjson; charset=utf-8"
    );
    let places = places.text().await.expect("text");
    let words: Vec<Value> = places
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    assert!(words.iter().any(|word| word["page"] == 2), "{places}");
    for word in &words {
        let pages = document["pages"].as_array().expect("pages").iter();
        let mut blocks = pages.flat_map(|page| page["blocks"].as_array().expect("blocks"));
        let block = blocks
            .find(|block| block["id"] == word["block"])
            .expect("its block");
        assert!(inside(&bbox(word), &bbox(block)), "{word} {block}");
        let line = usize::try_from(word["line"].as_u64().expect("a number")).expect("a place");
        let line = &block["lines"][line];
        assert!(
            line["text"]
                .as_str()
                .is_some_and(|text| text.contains(word["text"].as_str().expect("text")))
        );
    }
    // Coarser ones are asked for.
    let lines = server
        .json(&format!("/api/documents/{id}?format=json&places=line"))
        .await;
    let block = &lines["pages"][0]["blocks"][0];
    assert!(
        block["lines"][0]["text"].is_string() && block["lines"][0].get("words").is_none(),
        "{block}"
    );
    let blocks = server
        .json(&format!("/api/documents/{id}?format=json&places=block"))
        .await;
    assert!(blocks["pages"][0]["blocks"][0].get("lines").is_none());
    assert_eq!(blocks["warnings"], json!([]));
}

#[tokio::test]
async fn what_only_another_conversion_follows_is_a_warning_that_names_it() {
    let server = TestServer::working().await;
    let page = b"<nav>Menu</nav><p>Text.</p>".to_vec();
    let id = submitted(&server, "a.html", page, &[]).await;
    let refused = server.get(&format!("/api/documents/{id}/places")).send().await;
    let body = problem(refused.expect("an answer"), 409, "no_places").await;
    assert!(
        body["error"]
            .as_str()
            .is_some_and(|words| words.contains("/reconvert")),
        "{body}"
    );
    for (option, value) in [
        ("images", "extract"),
        ("places", "line"),
        ("boilerplate", "drop"),
        ("attachments", "convert"),
    ] {
        let path = format!("/api/documents/{id}?{option}={value}");
        let document = server.json(&format!("{path}&format=json")).await;
        let warnings: Vec<&str> = document["warnings"]
            .as_array()
            .expect("warnings")
            .iter()
            .filter_map(|warning| warning["message"].as_str())
            .collect();
        assert_eq!(warnings.len(), 1, "{option}: {warnings:?}");
        assert!(
            warnings[0].starts_with(option) && warnings[0].contains("/reconvert"),
            "{warnings:?}"
        );
        for format in ["html", "chunks"] {
            let output = read(&server, &format!("{path}&format={format}")).await;
            assert_eq!(output.headers()["x-needs-reconvert"], option, "{format}");
        }
    }
    let same = read(&server, &format!("/api/documents/{id}?images=none&format=html")).await;
    assert!(same.headers().get("x-needs-reconvert").is_none());
}
