//! Lines of requests, as JSONL or inside the request for a job.

use serde_json::Value;

use crate::refusal::Refusal;

/// A request of a batch.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) custom_id: Option<String>,
    pub(crate) body: Value,
}

/// A line, or what is wrong with it. Other keys, such as `method` and `url`, are passed over.
pub(crate) fn line(value: &Value) -> Result<Line, String> {
    let members = value.as_object().ok_or("The line is not an object.")?;
    let custom_id = match members.get("custom_id") {
        None | Some(Value::Null) => None,
        Some(Value::String(id)) => Some(id.clone()),
        Some(_) => return Err("custom_id is not a string.".to_owned()),
    };
    match members.get("body") {
        Some(body) if body.is_object() => Ok(Line {
            custom_id,
            body: body.clone(),
        }),
        _ => Err("body is missing or not an object.".to_owned()),
    }
}

/// The lines of a file. One that is wrong makes the whole file wrong.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<Line>, Refusal> {
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    for (number, text) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if text.trim_ascii().is_empty() {
            continue;
        }
        let parsed = serde_json::from_slice::<Value>(text)
            .map_err(|error| error.to_string())
            .and_then(|value| line(&value));
        match parsed {
            Ok(line) => lines.push(line),
            Err(message) => wrong.push((number + 1, message)),
        }
    }
    if wrong.is_empty() && !lines.is_empty() {
        return Ok(lines);
    }
    Err(Refusal::Upload {
        message: "Only JSONL with a request on every line is allowed for purpose batch.".to_owned(),
        lines: wrong,
    })
}
