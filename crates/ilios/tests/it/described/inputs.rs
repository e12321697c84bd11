use serde_json::Value;

use super::description;
use crate::harness::{Setup, TestServer, files, form, text};
use crate::keys::ADMIN;

/// Values that a schema says are taken, and some that it says are not.
fn examples(schema: &Value) -> (Vec<String>, Vec<String>) {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    if let Some(choices) = schema["enum"].as_array() {
        good.extend(choices.iter().map(plain));
        bad.push("nonsense".to_owned());
    }
    good.extend(schema.get("default").map(plain));
    if let Some(least) = schema["minimum"].as_i64() {
        good.push(least.to_string());
        bad.push((least - 1).to_string());
    }
    if let Some(most) = schema["maximum"].as_i64() {
        good.push(most.to_string());
        bad.push((most + 1).to_string());
    }
    (good, bad)
}

/// Names of fields and parameters that need more than a value of their own.
const APART: [&str; 3] = ["file", "files", "url"];

async fn is_taken(server: &TestServer, path: &str, field: &str, value: &str) -> bool {
    let (name, bytes): (&str, &[u8]) = ("a.md", b"# Text\n");
    let parts = if path == "/v1/batch/submit" {
        files(&[(name, bytes)])
    } else {
        form(name, bytes, &[])
    };
    let request = server
        .post(path)
        .multipart(parts.text(field.to_owned(), value.to_owned()));
    let answer = request.send().await.expect("an answer");
    let (status, answer) = (answer.status(), answer.text().await.expect("a body"));
    assert!(!status.is_server_error(), "{path} {field}={value}: {answer}");
    let refused = answer.contains("\"invalid_parameter\"");
    assert!(
        !refused || answer.contains(&format!("\"field\":\"{field}\"")),
        "{answer}"
    );
    !refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_take_what_is_described_and_nothing_else() {
    let description = description();
    let server = TestServer::start().await;
    let mut tried = 0;
    for path in ["/v1/convert", "/api/documents/submit", "/v1/batch/submit"] {
        let form = &description["paths"][path]["post"]["requestBody"]["content"]["multipart/form-data"];
        let fields = form["schema"]["properties"].as_object().expect("fields");
        for (field, schema) in fields
            .iter()
            .filter(|(field, _)| !APART.contains(&field.as_str()))
        {
            let (good, bad) = examples(schema);
            for value in good {
                assert!(
                    is_taken(&server, path, field, &value).await,
                    "{path} {field}={value}"
                );
                tried += 1;
            }
            for value in bad {
                assert!(
                    !is_taken(&server, path, field, &value).await,
                    "{path} {field}={value}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "{tried}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parameters_take_what_is_described_and_nothing_else() {
    let description = description();
    let server = TestServer::working().await;
    // An open server has no administrators.
    let administered = TestServer::with(Setup {
        admin_key: Some(ADMIN),
        ..Setup::default()
    })
    .await;
    let id = server.submitted("a.md", "# Text\n").await;
    server.ended(&id).await;
    let batch = server
        .post("/v1/batch/submit")
        .multipart(files(&[("a.md", b"# One\n")]));
    let batch: Value = batch.send().await.expect("an answer").json().await.expect("JSON");
    let batch = text(&batch["batchId"]);
    server.json(&format!("/v1/batch/status/{batch}?wait=60")).await;
    let mut tried = 0;
    for (path, item) in description["paths"].as_object().expect("paths") {
        let place = path.replace("{id}", &id).replace("{batchId}", &batch);
        if path.starts_with("/objects/") || item.get("get").is_none() {
            continue;
        }
        for parameter in item["get"]["parameters"].as_array().into_iter().flatten() {
            let (good, bad) = examples(&parameter["schema"]);
            let name = text(&parameter["name"]);
            // There is no page to draw of a text, and a box needs its page: see the tests of `cite`.
            if path.contains("{picture}") || name == "bbox" {
                continue;
            }
            for (value, taken) in good
                .iter()
                .map(|value| (value, true))
                .chain(bad.iter().map(|value| (value, false)))
            {
                let asked = if path.starts_with("/api/admin/") {
                    administered
                        .get(&format!("{place}?{name}={value}"))
                        .bearer_auth(ADMIN)
                } else {
                    server.get(&format!("{place}?{name}={value}"))
                };
                let answer = asked.send().await.expect("an answer");
                assert_eq!(
                    answer.status() == 200,
                    taken,
                    "{path} {name}={value}: {}",
                    answer.status()
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 40, "{tried}");
}
