use std::collections::BTreeMap;

use axum::Json;
use ilios_convert::Format;
use serde_json::{Map, Value, json};

/// The formats that are read, as the types of one parser.
pub(super) async fn parsers() -> Json<Value> {
    let types: Vec<&str> = Format::all().map(Format::mime_type).collect();
    Json(json!({"name": "ilios", "composite": false, "decorated": false, "supportedTypes": types}))
}

pub(super) async fn detectors() -> Json<Value> {
    Json(json!({"name": "ilios", "composite": false}))
}

pub(super) async fn mime_types() -> Json<Map<String, Value>> {
    let types: BTreeMap<&str, &str> = Format::all()
        .map(|format| (format.mime_type(), format.extension()))
        .collect();
    let types = types.into_iter().map(|(name, extension)| {
        let about = json!({"parser": "ilios", "extensions": [format!(".{extension}")], "alias": []});
        (name.to_owned(), about)
    });
    Json(types.collect())
}
