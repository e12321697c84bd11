//! `POST /v1/batch/jobs`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::Value;
use uuid::Uuid;

use super::lines::{self, Line};
use super::{Job, run};
use crate::body;
use crate::ocr::{self, Model};
use crate::refusal::Refusal;
use crate::schema::{self, Field, Flaw, Kind, below, item};
use crate::world::World;

/// Inline requests may be many documents.
const BODY_BYTES: usize = 512_000_000;
const INLINE_REQUESTS: usize = 10_000;

const ENDPOINTS: &[&str] = &[
    "/v1/ocr",
    "/v1/chat/completions",
    "/v1/embeddings",
    "/v1/fim/completions",
    "/v1/moderations",
    "/v1/chat/moderations",
    "/v1/classifications",
    "/v1/chat/classifications",
    "/v1/conversations",
    "/v1/audio/transcriptions",
];

const FIELDS: &[Field] = &[
    Field::required("endpoint", Kind::OneOf(ENDPOINTS)),
    Field::optional("input_files", Kind::Other(check_files)),
    Field::optional("requests", Kind::Other(check_requests)),
    Field::optional("model", Kind::Text),
    Field::optional("agent_id", Kind::Text),
    Field::optional("metadata", Kind::Other(check_metadata)),
    Field::never_null("timeout_hours", Kind::Int(1, 168)),
];

/// Makes a job.
pub(crate) async fn create(
    State(world): State<Arc<World>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    let body = body::json(request, BODY_BYTES).await?;
    let job = ocr::blocking(move || make(&world, &body)).await?;
    Ok(Json(job))
}

fn make(world: &World, body: &Value) -> Result<Value, Refusal> {
    check(body)?;
    let model = match body.get("model").and_then(Value::as_str) {
        Some(name) => Some(Model::named(name)?),
        None => None,
    };
    let input_files = texts(body.get("input_files"));
    let mut lines = Vec::new();
    for id in &input_files {
        lines.extend(lines_of(world, id)?);
    }
    let requests = body.get("requests").and_then(Value::as_array);
    // They have been checked: there is no line here that is wrong.
    lines.extend(
        requests
            .into_iter()
            .flatten()
            .filter_map(|value| lines::line(value).ok()),
    );
    let hours = body.get("timeout_hours").and_then(Value::as_u64).unwrap_or(24);
    let mut state = world.state();
    let job = Job {
        id: state.new_id(),
        inline: requests.is_some(),
        input_files,
        lines,
        model,
        metadata: body
            .get("metadata")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
        status: "QUEUED",
        created_at: state.now(),
        started_at: None,
        completed_at: None,
        deadline: state.in_hours(hours),
        succeeded: 0,
        failed: 0,
        output_file: None,
        error_file: None,
        outputs: Vec::new(),
        errors: Vec::new(),
        looks: 0,
        finishing: false,
        unseen: state.faults.missing_after_job,
    };
    let id = job.id;
    let answer = job.json(false);
    let at_once = state.faults.batches.looks == 0;
    state.jobs.push(job);
    drop(state);
    if at_once {
        run::step(world, id);
    }
    Ok(answer)
}

fn check(body: &Value) -> Result<(), Refusal> {
    let at = [Value::from("body")];
    let mut flaws = Vec::new();
    schema::check(body, &at, FIELDS, &mut flaws);
    let given = |name: &str| body.get(name).is_some_and(|value| !value.is_null());
    if flaws.is_empty() && given("input_files") == given("requests") {
        let message = "either input_files or requests must be given";
        flaws.push(Flaw::value(&at, message, &Value::Null));
    }
    if !flaws.is_empty() {
        return Err(Refusal::Schema(flaws));
    }
    if body.get("endpoint").and_then(Value::as_str) != Some("/v1/ocr") {
        return Err(Refusal::Message {
            status: 400,
            message: "The stand-in has no other endpoint than /v1/ocr.".to_owned(),
        });
    }
    Ok(())
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(ToOwned::to_owned))
        .collect()
}

fn lines_of(world: &World, id: &str) -> Result<Vec<Line>, Refusal> {
    let none = || Refusal::Error {
        status: 422,
        kind: "invalid_file",
        code: Some("1901"),
        message: "Could not get file.".to_owned(),
    };
    let id = Uuid::try_parse(id).map_err(|_| none())?;
    let state = world.state();
    let file = state
        .file(id)
        .filter(|file| file.purpose == "batch")
        .ok_or_else(none)?;
    let bytes = file.bytes.clone();
    drop(state);
    lines::parse(&bytes)
}

fn check_files(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    let Some(files) = value.as_array().filter(|files| !files.is_empty()) else {
        flaws.push(Flaw::new(
            "list_type",
            at,
            "Input should be a list of files",
            value,
        ));
        return;
    };
    for (number, file) in files.iter().enumerate() {
        if !matches!(file.as_str().map(Uuid::try_parse), Some(Ok(_))) {
            let message = "Input should be a valid UUID";
            flaws.push(Flaw::new("uuid_parsing", &item(at, number), message, file));
        }
    }
}

fn check_requests(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    let count = value.as_array().map_or(0, Vec::len);
    if count == 0 || count > INLINE_REQUESTS {
        let message = format!("Input should be a list of 1 to {INLINE_REQUESTS} requests");
        flaws.push(Flaw::new("list_length", at, message, value));
    }
    for (number, request) in value.as_array().into_iter().flatten().enumerate() {
        let place = item(at, number);
        if let Err(message) = lines::line(request) {
            flaws.push(Flaw::value(&place, &message, request));
        }
        for name in request.as_object().into_iter().flat_map(|members| members.keys()) {
            if !["custom_id", "body"].contains(&name.as_str()) {
                let message = "Extra inputs are not permitted";
                let place = below(&place, name);
                flaws.push(Flaw::new("extra_forbidden", &place, message, &Value::Null));
            }
        }
    }
}

fn check_metadata(value: &Value, at: &[Value], flaws: &mut Vec<Flaw>) {
    let Some(members) = schema::object(value, at, flaws) else {
        return;
    };
    for (name, value) in members {
        let length = value.as_str().map(|text| text.chars().count());
        let fits = length.is_some_and(|length| (1..=512).contains(&length));
        if !fits || !(1..=32).contains(&name.chars().count()) {
            let message = "names have 1 to 32 characters, values are strings of 1 to 512";
            flaws.push(Flaw::value(&below(at, name), message, value));
        }
    }
}
