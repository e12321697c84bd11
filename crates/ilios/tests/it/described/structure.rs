use std::collections::BTreeSet;

use ilios::model::{DocumentMetadata, MicroCents, ServiceUse};
use ilios_convert::{AttachedFile, Format, Metadata, Partial, Warning};
use serde_json::{Value, json};

use super::{description, is_as_described};
use crate::harness::text;

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
            attachments: vec![AttachedFile {
                name: "i".into(),
                mime_type: Some("j".into()),
                size: Some(7),
            }],
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
