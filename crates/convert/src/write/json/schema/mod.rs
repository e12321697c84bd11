//! JSON Schema of what the JSON writer writes.

mod blocks;
mod shapes;
mod shared;

use serde_json::{Map, Value, json};

use self::blocks::{block, blocks_by_type};
use self::shapes::{array, count, object, reference, text};
use self::shared::shared;

/// JSON Schema (draft 2020-12) of a document. Objects may have more fields than it names: later minor versions of the
/// model add some.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    for (name, schema) in shared() {
        definitions.insert(name.to_owned(), schema);
    }
    let mut blocks = Vec::new();
    for (name, own) in blocks_by_type() {
        blocks.push(reference(name));
        definitions.insert(name.to_owned(), block(name, own));
    }
    definitions.insert("block".to_owned(), json!({"oneOf": blocks}));
    let mut schema = object(&[
        ("model", json!({"const": super::MODEL_VERSION})),
        ("metadata", reference("metadata")),
        ("pages", array(reference("page"))),
        ("outline", array(reference("outlineEntry"))),
        ("notes", array(reference("note"))),
        ("images", array(reference("image"))),
        ("warnings", array(reference("warning"))),
        ("partial?", object(&[("reason", text()), ("lastPage", count())])),
    ]);
    if let Value::Object(fields) = &mut schema {
        fields.insert(
            "$schema".into(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        fields.insert("title".into(), json!("Document model"));
        fields.insert("$defs".into(), Value::Object(definitions));
    }
    schema
}
