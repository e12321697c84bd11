//! `GET /v1/files`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Value, json};

use super::StoredFile;
use crate::refusal::Refusal;
use crate::schema::{Flaw, below};
use crate::world::World;

/// Names and values of a query, in their order: some names are repeated.
type Pairs = Vec<(String, String)>;

/// A number of a query.
fn number(query: &[(String, String)], name: &str, default: usize) -> Result<usize, Refusal> {
    let Some((_, text)) = query.iter().find(|(given, _)| given == name) else {
        return Ok(default);
    };
    text.parse().map_err(|_| {
        let at = below(&[Value::from("query")], name);
        Refusal::flaw(Flaw::new(
            "int_parsing",
            &at,
            "Input should be a valid integer",
            &json!(text),
        ))
    })
}

/// Whether a value is among those that a query names, or the query names none.
fn among(query: &[(String, String)], name: &str, value: &str) -> bool {
    let mut given = query
        .iter()
        .filter(|(given, _)| given == name)
        .map(|(_, text)| text)
        .peekable();
    given.peek().is_none() || given.any(|text| text == value)
}

fn fits(file: &StoredFile, query: &[(String, String)]) -> bool {
    let search = query.iter().find(|(name, _)| name == "search");
    among(query, "sample_type", file.sample_type)
        && among(query, "source", file.source)
        && among(query, "purpose", &file.purpose)
        && among(query, "mimetypes", file.mime)
        && search.is_none_or(|(_, text)| file.name.contains(text))
}

/// The files, the newest first.
pub(crate) async fn list(
    State(world): State<Arc<World>>,
    Query(query): Query<Pairs>,
) -> Result<Json<Value>, Refusal> {
    let page = number(&query, "page", 0)?;
    let size = number(&query, "page_size", 100)?;
    let with_total = among(&query, "include_total", "true");
    let state = world.state();
    let now = state.now();
    let mut files: Vec<&StoredFile> = state
        .files
        .values()
        .filter(|file| file.expires_at > now && fits(file, &query))
        .collect();
    files.sort_by_key(|file| std::cmp::Reverse((file.created_at, file.id)));
    let total = files.len();
    let first = page.saturating_mul(size);
    let data: Vec<Value> = files
        .iter()
        .skip(first)
        .take(size)
        .map(|file| file.json())
        .collect();
    Ok(Json(
        json!({"data": data, "object": "list", "total": with_total.then_some(total)}),
    ))
}
