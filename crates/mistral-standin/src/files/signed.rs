//! Addresses that hold their permission in themselves, for a while.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use super::id;
use crate::refusal::Refusal;
use crate::schema::{Flaw, below};
use crate::world::{World, sha256};

const HOURS: std::ops::RangeInclusive<u64> = 1..=168;

type Pairs = Vec<(String, String)>;

fn seal(id: Uuid, until: u64) -> String {
    let digest = sha256(format!("sealed {id} {until}").as_bytes());
    digest.get(..32).unwrap_or_default().to_owned()
}

/// An address under which the file can be had without a key, for 24 hours or as many as `expiry` says.
pub(crate) async fn address(
    State(world): State<Arc<World>>,
    Path(text): Path<String>,
    Query(query): Query<Pairs>,
) -> Result<Json<Value>, Refusal> {
    let hours = match query.iter().find(|(name, _)| name == "expiry") {
        None => 24,
        Some((_, text)) => match text.parse::<u64>() {
            Ok(hours) if HOURS.contains(&hours) => hours,
            _ => {
                let at = below(&[Value::from("query")], "expiry");
                let message = "Input should be an integer from 1 to 168";
                return Err(Refusal::flaw(Flaw::new("int_range", &at, message, &json!(text))));
            }
        },
    };
    let id = id(&text)?;
    let mut state = world.state();
    if let Some(file) = state.files.get_mut(&id)
        && file.unseen > 0
    {
        file.unseen -= 1;
        return Err(Refusal::no_file());
    }
    state.file(id).ok_or_else(Refusal::no_file)?;
    let until = state.in_hours(hours);
    let path = format!("/signed/{id}?until={until}&seal={}", seal(id, until));
    Ok(Json(json!({"url": format!("{}{path}", world.base)})))
}

/// The bytes behind a path that was signed here and has not expired.
pub(crate) fn behind(world: &World, path: &str) -> Option<Bytes> {
    let (id, query) = path.strip_prefix("/signed/")?.split_once("?until=")?;
    let (until, sent) = query.split_once("&seal=")?;
    let (id, until) = (Uuid::try_parse(id).ok()?, until.parse::<u64>().ok()?);
    let state = world.state();
    let valid = sent == seal(id, until) && until > state.now();
    state.file(id).filter(|_| valid).map(|file| file.bytes.clone())
}

/// The bytes, for who has the address. A key has no business here: the real addresses are another company's.
pub(crate) async fn signed(
    State(world): State<Arc<World>>,
    uri: axum::http::Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(Refusal::Message {
            status: 400,
            message: "A signed address takes no Authorization header.".to_owned(),
        });
    }
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    let bytes = behind(&world, path).ok_or_else(|| Refusal::Message {
        status: 403,
        message: "The address is not valid, or not any more.".to_owned(),
    })?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}
