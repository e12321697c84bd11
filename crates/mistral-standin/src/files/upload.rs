//! `POST /v1/files`: a form whose parts may come in any order.

use std::sync::Arc;

use axum::Json;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request, State};
use bytes::Bytes;
use serde_json::{Value, json};

use super::StoredFile;
use crate::batch::lines;
use crate::ocr::{Content, detect};
use crate::refusal::Refusal;
use crate::schema::{Flaw, below};
use crate::world::{State as WorldState, World};

/// Files are kept for thirty days.
const KEPT_HOURS: u64 = 30 * 24;

/// The parts of a form.
#[derive(Default)]
struct Form {
    file: Option<(String, Bytes)>,
    purpose: Option<String>,
    visibility: Option<String>,
    hours: Option<u64>,
}

/// Takes a file in.
pub(crate) async fn upload(
    State(world): State<Arc<World>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    let parts = Multipart::from_request(request, &()).await.map_err(|_| {
        let at = below(&[Value::from("body")], "file");
        Refusal::flaw(Flaw::new("missing", &at, "Field required", &Value::Null))
    })?;
    let form = read(parts).await?;
    let Some((name, bytes)) = form.file else {
        return Err(Refusal::flaw(Flaw::missing(&[Value::from("body")], "file")));
    };
    let limit = world.state().faults.limits.file_bytes;
    if bytes.len() > limit {
        return Err(Refusal::too_large(limit));
    }
    let purpose = form.purpose.unwrap_or_else(|| "fine-tune".to_owned());
    let (content, lines) = checked(&purpose, &bytes)?;
    let mut state = world.state();
    if let Some(file) = twin(&state, &bytes) {
        return Ok(Json(file.json()));
    }
    let file = StoredFile {
        id: state.new_id(),
        name,
        sample_type: match purpose.as_str() {
            "ocr" => "ocr_input",
            "batch" => "batch_request",
            _ => "instruct",
        },
        purpose,
        source: "upload",
        mime: content.mime(),
        visibility: form.visibility.unwrap_or_else(|| "workspace".to_owned()),
        lines,
        bytes,
        created_at: state.now(),
        // The unit of `expiry` is documented nowhere; hours, as for signed addresses.
        expires_at: state.in_hours(form.hours.unwrap_or(KEPT_HOURS)),
        unseen: state.faults.missing_after_upload,
    };
    let answer = file.json();
    state.files.insert(file.id, file);
    Ok(Json(answer))
}

/// A file with the same bytes, where uploads are deduplicated.
fn twin<'a>(state: &'a WorldState, bytes: &Bytes) -> Option<&'a StoredFile> {
    let now = state.now();
    let wanted = state.faults.same_id_for_same_bytes;
    let mut files = state.files.values();
    files.find(|file| wanted && file.expires_at > now && file.bytes == *bytes)
}

fn broken(error: &MultipartError) -> Refusal {
    Refusal::Message {
        status: 400,
        message: error.body_text(),
    }
}

fn flaw(name: &str, message: &str, value: &str) -> Refusal {
    let at = below(&[Value::from("body")], name);
    Refusal::flaw(Flaw::new("value_error", &at, message, &json!(value)))
}

async fn read(mut parts: Multipart) -> Result<Form, Refusal> {
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(|error| broken(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => {
                let Some(name) = part.file_name().map(ToOwned::to_owned) else {
                    return Err(flaw("file", "the part has no file name", ""));
                };
                let bytes = part.bytes().await.map_err(|error| broken(&error))?;
                form.file = Some((name, bytes));
            }
            "purpose" => form.purpose = Some(choice(part, "purpose", &["fine-tune", "batch", "ocr"]).await?),
            "visibility" => {
                form.visibility = Some(choice(part, "visibility", &["workspace", "user"]).await?);
            }
            "expiry" => {
                let text = part.text().await.map_err(|error| broken(&error))?;
                let hours = text.parse::<u64>().ok().filter(|hours| *hours > 0);
                form.hours = Some(hours.ok_or_else(|| flaw("expiry", "not a positive integer", &text))?);
            }
            other => {
                let at = below(&[Value::from("body")], other);
                let message = "Extra inputs are not permitted";
                return Err(Refusal::flaw(Flaw::new(
                    "extra_forbidden",
                    &at,
                    message,
                    &Value::Null,
                )));
            }
        }
    }
    Ok(form)
}

async fn choice(part: Field<'_>, name: &str, known: &[&str]) -> Result<String, Refusal> {
    let text = part.text().await.map_err(|error| broken(&error))?;
    if known.contains(&text.as_str()) {
        return Ok(text);
    }
    Err(flaw(name, &format!("Input should be one of {known:?}"), &text))
}

/// What the bytes are and how many lines of requests they hold, if the purpose allows them.
fn checked(purpose: &str, bytes: &[u8]) -> Result<(Content, usize), Refusal> {
    let content = detect(bytes).ok_or_else(|| Refusal::Upload {
        message: "The content is of no type that is allowed.".to_owned(),
        lines: Vec::new(),
    })?;
    match purpose {
        "ocr" => Ok((content, 0)),
        "batch" => Ok((content, lines::parse(bytes)?.len())),
        _ if content == Content::Text => {
            let json = |line: &[u8]| serde_json::from_slice::<Value>(line).is_ok_and(|line| line.is_object());
            let found: Vec<&[u8]> = bytes
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty())
                .collect();
            if found.iter().all(|line| json(line)) {
                return Ok((content, found.len()));
            }
            Err(not_lines())
        }
        _ => Err(not_lines()),
    }
}

fn not_lines() -> Refusal {
    Refusal::Upload {
        message: "Only JSONL is allowed for this purpose.".to_owned(),
        lines: Vec::new(),
    }
}
