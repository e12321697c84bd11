use serde_json::{Map, Value, json};

/// An object of these fields; those whose name ends in `?` may be absent.
pub(super) fn object(fields: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in fields {
        let known = name.strip_suffix('?');
        if known.is_none() {
            required.push(*name);
        }
        properties.insert(known.unwrap_or(name).to_owned(), schema.clone());
    }
    json!({"type": "object", "properties": properties, "required": required})
}

pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

pub(super) fn array(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

pub(super) fn one_of(names: &[&str]) -> Value {
    json!({"enum": names})
}

pub(super) fn text() -> Value {
    json!({"type": "string"})
}

pub(super) fn number() -> Value {
    json!({"type": "number"})
}

pub(super) fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

pub(super) fn truth() -> Value {
    json!({"type": "boolean"})
}

pub(super) fn level() -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": 6})
}

pub(super) fn inlines() -> Value {
    array(reference("inline"))
}

pub(super) fn blocks() -> Value {
    array(reference("block"))
}
