//! The description of the interface says what is sent and answered, neither more nor less.

use std::collections::BTreeSet;

use ilios::model::{DocumentMetadata, MicroCents, ServiceUse};
use ilios_convert::{Format, Metadata, Partial, Warning};
use serde_json::{Value, json};

use crate::harness::{Setup, TestServer, files, form, text};
use crate::keys::ADMIN;

fn description() -> Value {
    serde_json::to_value(ilios::http::openapi_document()).expect("JSON")
}

/// Every schema of the description, with where it is.
fn schemas(at: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    if let Value::Object(fields) = value {
        if fields.contains_key("type") || fields.contains_key("$ref") {
            found.push((at.to_owned(), value.clone()));
        }
        for (name, value) in fields {
            schemas(&format!("{at}/{name}"), value, found);
        }
    }
    for (place, value) in value.as_array().into_iter().flatten().enumerate() {
        schemas(&format!("{at}/{place}"), value, found);
    }
}

#[test]
fn each_operation_says_what_it_is_called_and_does() {
    let description = description();
    assert!(
        description["servers"]
            .as_array()
            .is_some_and(|servers| !servers.is_empty())
    );
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let (id, summary) = (text(&operation["operationId"]), text(&operation["summary"]));
            assert!(
                id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
                "{id}"
            );
            assert!(
                summary.len() >= 10 && !summary.ends_with('.') && !summary.contains('`'),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn ids_have_a_pattern_and_files_are_bytes() {
    let description = description();
    let mut found = Vec::new();
    schemas("", &description, &mut found);
    for (at, schema) in &found {
        let name = at.rsplit('/').next().unwrap_or_default();
        if ["id", "batchId", "documentId"].contains(&name) {
            assert_eq!(schema["pattern"], "^[a-z0-9]{20,30}$", "{at}");
        }
        assert!(schema.get("allOf").is_none(), "{at}: one object, not a sum");
    }
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                if ["id", "batchId"].iter().any(|id| parameter["name"] == *id) {
                    assert_eq!(parameter["schema"]["pattern"], "^[a-z0-9]{20,30}$", "{path}");
                }
                assert!(
                    !parameter["schema"]["type"].is_array(),
                    "{path}: a parameter is never null"
                );
            }
            let answers = operation["responses"].as_object().expect("answers").values();
            for (kind, content) in
                answers.flat_map(|answer| answer["content"].as_object().into_iter().flatten())
            {
                if kind.starts_with("image/")
                    || kind == "application/zip"
                    || kind == "application/octet-stream"
                {
                    assert_eq!(
                        content["schema"],
                        json!({ "type": "string", "format": "binary" }),
                        "{method} {path}"
                    );
                }
            }
        }
    }
}

/// Checks that the description of the metadata has exactly the fields that are stored of a conversion.
#[test]
fn metadata_is_one_object_with_all_its_fields() {
    let whole = DocumentMetadata {
        engine: "mixed".into(),
        model: "a model".into(),
        format: Format::Pdf,
        extracted_pages: 2,
        processing_time_ms: 3,
        source: Metadata {
            title: Some("a".into()),
            author: Some("b".into()),
            created: Some("c".into()),
            modified: Some("d".into()),
            page_count: Some(4),
        },
        warnings: vec![Warning {
            page: Some(1),
            message: "e".into(),
        }],
        partial: Some(Partial {
            reason: "timeout".into(),
            last_page: 1,
        }),
        service: Some(ServiceUse {
            model: "f".into(),
            billed_pages: 1,
            local_pages: 1,
            cost_micro_cents: MicroCents::new(5),
            avoided_cost_micro_cents: MicroCents::new(6),
        }),
        fallback: Some("g".into()),
        imported: Some(json!({ "h": 1 })),
    };
    let mut value = serde_json::to_value(whole).expect("JSON");
    for (name, of_file) in [
        ("fileName", json!("a.pdf")),
        ("fileSize", json!(1)),
        ("mimeType", json!("application/pdf")),
        ("sha256", json!("0".repeat(64))),
    ] {
        value[name] = of_file;
    }
    let description = description();
    let schema = &description["components"]["schemas"]["Metadata"];
    assert_eq!(schema["type"], "object");
    is_as_described(&description, schema, &value, "metadata");
    let described: BTreeSet<&String> = schema["properties"].as_object().expect("fields").keys().collect();
    assert_eq!(
        described,
        value.as_object().expect("fields").keys().collect(),
        "and no more"
    );
}

/// Fails where a value is not what a schema says; an unknown field is a fault.
fn is_as_described(description: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = description.pointer(&reference[1..]).expect(reference);
        return is_as_described(description, schema, value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let choice = choices
            .iter()
            .find(|choice| (choice["type"] == "null") == value.is_null());
        return is_as_described(
            description,
            choice.unwrap_or_else(|| panic!("{at}: {value}")),
            value,
            at,
        );
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let number = kind == "integer" && kinds.contains(&"number");
    assert!(kinds.contains(&kind) || number, "{at}: {value} is no {kinds:?}");
    let choices = schema["enum"].as_array();
    assert!(
        value.is_null() || choices.is_none_or(|choices| choices.contains(value)),
        "{at}: {value}"
    );
    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
        is_as_described(description, &schema["items"], item, &format!("{at}/{place}"));
    }
    let Some(fields) = value.as_object().filter(|_| schema.get("properties").is_some()) else {
        return;
    };
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(
            fields.contains_key(&text(required)),
            "{at}: {required} is missing"
        );
    }
    for (name, value) in fields {
        let property = schema["properties"].get(name);
        let property = property.unwrap_or_else(|| panic!("{at}: `{name}` is not described"));
        is_as_described(description, property, value, &format!("{at}/{name}"));
    }
}

/// Answers of every operation that answers JSON, of documents in all states.
async fn answers(server: &TestServer) -> Vec<(&'static str, &'static str, Value)> {
    let mut answers = Vec::new();
    let submitted = server.submit("a.md", "# Text\n").await;
    let id = text(&submitted["id"]);
    server.ended(&id).await;
    let failed = server.submitted("b.pdf", "%PDF-1.7 broken").await;
    server.ended(&failed).await;
    let converted = server.send("c.md", "# Text\n", &[("format", "json")]).await;
    answers.push(("post", "/v1/convert", converted.json().await.expect("JSON")));
    let estimated = server
        .post("/v1/estimate")
        .multipart(form("c.md", "# Text\n", &[]));
    answers.push((
        "post",
        "/v1/estimate",
        estimated
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON"),
    ));
    answers.push(("post", "/api/documents/submit", submitted));
    let batch = server.post("/v1/batch/submit").multipart(files(&[
        ("a.md", b"# One\n"),
        ("empty.md", b""),
        ("c.pdf", b"%PDF-1.7 broken"),
    ]));
    let batch: Value = batch.send().await.expect("an answer").json().await.expect("JSON");
    let batch_id = text(&batch["batchId"]);
    answers.push(("post", "/v1/batch/submit", batch));
    let announced = json!({ "fileName": "d.md", "fileSize": 7 });
    let announced = server
        .post("/api/documents/upload-url")
        .json(&announced)
        .send()
        .await;
    let announced: Value = announced.expect("an answer").json().await.expect("JSON");
    let waiting = text(&announced["id"]);
    answers.push(("post", "/api/documents/upload-url", announced));
    answers.extend(read(server, [&id, &failed, &waiting], &batch_id).await);
    answers
}

/// Reads documents and a batch that exist: method, path and answer of each request.
async fn read(
    server: &TestServer,
    documents: [&String; 3],
    batch_id: &str,
) -> Vec<(&'static str, &'static str, Value)> {
    let mut answers = Vec::new();
    let id = documents[0];
    let status = "/api/documents/status/{id}";
    for id in documents {
        answers.push((
            "get",
            status,
            server.json(&format!("/api/documents/status/{id}")).await,
        ));
    }
    let batch_status = server
        .json(&format!("/v1/batch/status/{batch_id}?wait=60&details=true"))
        .await;
    answers.push(("get", "/v1/batch/status/{batchId}", batch_status));
    for path in [
        "/api/documents",
        "/v1/batch",
        "/api/usage/summary",
        "/api/usage/breakdown",
        "/api/usage/records",
        "/health",
    ] {
        answers.push(("get", path, server.json(path).await));
    }
    answers.push((
        "get",
        "/api/documents/{id}",
        server.json(&format!("/api/documents/{id}?format=json")).await,
    ));
    let lines = server
        .get(&format!("/v1/batch/download/{batch_id}"))
        .send()
        .await
        .expect("an answer");
    for line in lines.text().await.expect("lines").lines() {
        let line = serde_json::from_str(line).expect("JSON");
        answers.push(("get", "/v1/batch/download/{batchId}", line));
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_answered_is_what_is_described() {
    let description = description();
    let server = TestServer::with(Setup {
        workers: 2,
        ..Setup::default()
    })
    .await;
    for (method, path, answer) in answers(&server).await {
        let responses = &description["paths"][path][method]["responses"];
        let success = ["200", "202"]
            .iter()
            .find_map(|status| responses.get(*status))
            .expect(path);
        let content = success["content"].as_object().expect(path);
        let schema = ["application/json", "application/x-ndjson"]
            .iter()
            .find_map(|kind| content.get(*kind));
        is_as_described(&description, &schema.expect(path)["schema"], &answer, path);
    }
    for (path, status) in [
        ("/api/documents/x", 400),
        ("/api/documents/status/00000000000000000000", 404),
    ] {
        let refused = server.get(path).send().await.expect("an answer");
        assert_eq!(refused.status(), status);
        let problem = &description["components"]["schemas"]["ProblemBody"];
        is_as_described(&description, problem, &refused.json().await.expect("JSON"), path);
    }
}

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
