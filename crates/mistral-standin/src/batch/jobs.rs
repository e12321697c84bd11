//! Jobs that are there: their state, their end and their list.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use super::{Job, run};
use crate::ocr;
use crate::refusal::Refusal;
use crate::schema::{Flaw, below};
use crate::world::World;

type Pairs = Vec<(String, String)>;

/// What the list knows beside metadata, which comes as names of its own.
const NAMES: &[&str] = &[
    "page",
    "page_size",
    "model",
    "agent_id",
    "created_after",
    "created_by_me",
    "status",
    "order_by",
];

fn id(text: &str) -> Result<Uuid, Refusal> {
    Uuid::try_parse(text).map_err(|_| Refusal::no_job())
}

fn with_job<T>(world: &World, id: Uuid, use_it: impl FnOnce(&mut Job) -> T) -> Result<T, Refusal> {
    let mut state = world.state();
    let job = state.jobs.iter_mut().find(|job| job.id == id);
    job.map(use_it).ok_or_else(Refusal::no_job)
}

/// The state of a job, which every look brings further.
pub(crate) async fn show(
    State(world): State<Arc<World>>,
    Path(text): Path<String>,
    Query(query): Query<Pairs>,
) -> Result<Json<Value>, Refusal> {
    let id = id(&text)?;
    let inline = query
        .iter()
        .any(|(name, value)| name == "inline" && value == "true");
    let unseen = with_job(&world, id, |job| {
        let unseen = job.unseen > 0;
        job.unseen = job.unseen.saturating_sub(1);
        unseen
    })?;
    if unseen {
        return Err(Refusal::no_job());
    }
    ocr::blocking(move || {
        run::step(&world, id);
        with_job(&world, id, |job| job.json(inline)).map(Json)
    })
    .await
}

/// Ends a job that has not ended. One that runs says so first, and has ended at the next look.
pub(crate) async fn cancel(
    State(world): State<Arc<World>>,
    Path(text): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let answer = with_job(&world, id(&text)?, |job| {
        match job.status {
            "QUEUED" => job.status = "CANCELLED",
            "RUNNING" => job.status = "CANCELLATION_REQUESTED",
            _ => {}
        }
        job.json(false)
    })?;
    Ok(Json(answer))
}

/// Takes a job away.
pub(crate) async fn delete(
    State(world): State<Arc<World>>,
    Path(text): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let id = id(&text)?;
    with_job(&world, id, |_| ())?;
    world.state().jobs.retain(|job| job.id != id);
    Ok(Json(json!({"id": id, "object": "batch", "deleted": true})))
}

fn refused(name: &str, text: &str) -> Refusal {
    let at = below(&[Value::from("query")], name);
    Refusal::flaw(Flaw::value(&at, "not understood", &json!(text)))
}

/// The jobs that a query asks for, the newest first unless it says otherwise.
pub(crate) async fn list(
    State(world): State<Arc<World>>,
    Query(query): Query<Pairs>,
) -> Result<Json<Value>, Refusal> {
    let first = |name: &str| {
        query
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, text)| text.as_str())
    };
    let number = |name: &str, default: usize| match first(name) {
        None => Ok(default),
        Some(text) => text.parse::<usize>().map_err(|_| refused(name, text)),
    };
    let (page, size) = (number("page", 0)?, number("page_size", 100)?);
    let after = match first("created_after") {
        None => i64::MIN,
        Some(text) => OffsetDateTime::parse(text, &Rfc3339)
            .map_err(|_| refused("created_after", text))?
            .unix_timestamp(),
    };
    let oldest_first = match first("order_by") {
        None | Some("-created") => false,
        Some("created") => true,
        Some(text) => return Err(refused("order_by", text)),
    };
    let statuses: Vec<&str> = query
        .iter()
        .filter(|(name, _)| name == "status")
        .map(|(_, status)| status.as_str())
        .collect();
    let state = world.state();
    let mut jobs: Vec<&Job> = state
        .jobs
        .iter()
        .filter(|job| i64::try_from(job.created_at).is_ok_and(|created| created > after))
        .filter(|job| statuses.is_empty() || statuses.contains(&job.status))
        .filter(|job| first("model").is_none_or(|name| job.model.is_some_and(|model| model.name == name)))
        .filter(|job| has_metadata(job, &query))
        .collect();
    if !oldest_first {
        jobs.reverse();
    }
    let total = jobs.len();
    let skipped = page.saturating_mul(size);
    let data: Vec<Value> = jobs
        .iter()
        .skip(skipped)
        .take(size)
        .map(|job| job.json(false))
        .collect();
    Ok(Json(json!({"data": data, "object": "list", "total": total})))
}

fn has_metadata(job: &Job, query: &[(String, String)]) -> bool {
    query
        .iter()
        .filter(|(name, _)| !NAMES.contains(&name.as_str()))
        .all(|(name, value)| job.metadata.get(name).and_then(Value::as_str) == Some(value.as_str()))
}
