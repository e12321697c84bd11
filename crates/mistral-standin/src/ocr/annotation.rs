//! Annotations: the least value that a JSON schema allows.

use serde_json::{Map, Value, json};

/// A schema may refer to itself without end.
const DEPTH: usize = 16;

/// The annotation for a format, as JSON inside a string.
pub(crate) fn annotation(format: &Value, about: &str) -> String {
    let schema = format.pointer("/json_schema/schema");
    value(schema.unwrap_or(&Value::Null), about, DEPTH).to_string()
}

fn value(schema: &Value, about: &str, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
        return first.clone();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => json!(about),
        Some("integer" | "number") => json!(0),
        Some("boolean") => json!(false),
        Some("array") => json!([]),
        Some("object") => {
            let properties = schema.get("properties").and_then(Value::as_object);
            let members = properties.into_iter().flatten();
            Value::Object(
                members
                    .map(|(name, schema)| (name.clone(), value(schema, about, depth - 1)))
                    .collect::<Map<_, _>>(),
            )
        }
        _ => Value::Null,
    }
}
