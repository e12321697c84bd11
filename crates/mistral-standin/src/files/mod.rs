//! `/v1/files`: uploads, their content, and addresses for who has no key.

mod list;
mod signed;
mod upload;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::refusal::Refusal;
use crate::world::{World, sha256};

pub(crate) use list::list;
pub(crate) use signed::{address, behind, signed};
pub(crate) use upload::upload;

/// A file that was uploaded, or that a batch has written.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) purpose: String,
    pub(crate) sample_type: &'static str,
    pub(crate) source: &'static str,
    pub(crate) mime: &'static str,
    pub(crate) visibility: String,
    pub(crate) lines: usize,
    pub(crate) bytes: Bytes,
    pub(crate) created_at: u64,
    pub(crate) expires_at: u64,
    /// How many requests still do not find it.
    pub(crate) unseen: u32,
}

impl StoredFile {
    pub(crate) fn json(&self) -> Value {
        let digest = sha256(&self.bytes);
        json!({
            "id": self.id,
            "object": "file",
            "bytes": self.bytes.len(),
            "created_at": self.created_at,
            "filename": self.name,
            "purpose": self.purpose,
            "sample_type": self.sample_type,
            "source": self.source,
            "num_lines": self.lines,
            "mimetype": self.mime,
            "signature": digest.get(..16),
            "expires_at": self.expires_at,
            "visibility": self.visibility,
        })
    }
}

/// An id of a path. What is no UUID is no file.
pub(crate) fn id(text: &str) -> Result<Uuid, Refusal> {
    Uuid::try_parse(text).map_err(|_| Refusal::no_file())
}

/// A file's description.
pub(crate) async fn show(
    State(world): State<Arc<World>>,
    Path(text): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let id = id(&text)?;
    let state = world.state();
    let mut file = state.file(id).ok_or_else(Refusal::no_file)?.json();
    file["deleted"] = json!(false);
    Ok(Json(file))
}

/// Takes a file away.
pub(crate) async fn delete(
    State(world): State<Arc<World>>,
    Path(text): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let id = id(&text)?;
    let mut state = world.state();
    state.file(id).ok_or_else(Refusal::no_file)?;
    state.files.remove(&id);
    Ok(Json(json!({"id": id, "object": "file", "deleted": true})))
}

/// A file's bytes.
pub(crate) async fn content(
    State(world): State<Arc<World>>,
    Path(text): Path<String>,
) -> Result<Response, Refusal> {
    let id = id(&text)?;
    let bytes = world.state().file(id).ok_or_else(Refusal::no_file)?.bytes.clone();
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}
