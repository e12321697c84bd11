//! The description of the interface says what is sent and answered, neither more nor less.

mod answers;
mod inputs;
mod structure;

use serde_json::Value;

use crate::harness::text;

fn description() -> Value {
    serde_json::to_value(ilios::http::openapi_document()).expect("JSON")
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
