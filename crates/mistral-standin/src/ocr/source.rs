//! Where the bytes of a document come from.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;
use uuid::Uuid;

use super::content::{Content, known};
use crate::files;
use crate::refusal::Refusal;
use crate::schema::Flaw;
use crate::world::World;

/// The bytes of a document that has been checked, and what they are.
pub(crate) fn fetch(world: &World, document: &Value) -> Result<(Bytes, Content), Refusal> {
    if let Some(id) = document.get("file_id").and_then(Value::as_str) {
        return with_content(uploaded(world, id)?);
    }
    let image = document.get("image_url");
    let address = image
        .and_then(|image| image.get("url"))
        .or(image)
        .or_else(|| document.get("document_url"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    if let Some(data) = address.strip_prefix("data:") {
        return inline(world, data);
    }
    if let Some(rest) = address.strip_prefix(&world.base) {
        let bytes = files::behind(world, rest).ok_or_else(|| unfetched(address))?;
        return with_content(bytes);
    }
    let bytes = world.state().web.get(address).cloned();
    with_content(bytes.ok_or_else(|| unfetched(address))?)
}

fn with_content(bytes: Bytes) -> Result<(Bytes, Content), Refusal> {
    let content = known(&bytes)?;
    Ok((bytes, content))
}

fn unfetched(address: &str) -> Refusal {
    Refusal::unreadable(format!("File could not be fetched from url {address}"))
}

/// A file by its id, which a new one may not have yet.
fn uploaded(world: &World, id: &str) -> Result<Bytes, Refusal> {
    let gone = || Refusal::unreadable(format!("File '{id}' could not be found or may have expired."));
    let parsed = Uuid::try_parse(id).map_err(|_| gone())?;
    let mut state = world.state();
    if let Some(file) = state.files.get_mut(&parsed)
        && file.unseen > 0
    {
        file.unseen -= 1;
        return Err(Refusal::Detail {
            status: 404,
            detail: "File not found",
        });
    }
    let file = state.file(parsed).ok_or_else(gone)?;
    if file.purpose != "ocr" {
        return Err(Refusal::Error {
            status: 422,
            kind: "invalid_file",
            code: Some("1901"),
            message: "Could not get file.".to_owned(),
        });
    }
    Ok(file.bytes.clone())
}

/// The rest of a data URI: a MIME type, perhaps with parameters, and base64.
fn inline(world: &World, data: &str) -> Result<(Bytes, Content), Refusal> {
    let at = [Value::from("body")];
    let flaw = |message: &str| Refusal::flaw(Flaw::value(&at, message, &Value::Null));
    let (head, payload) = data.split_once(',').ok_or_else(|| flaw("not a data URI"))?;
    let head = head
        .strip_suffix(";base64")
        .ok_or_else(|| flaw("a data URI must be base64"))?;
    let mime = head.split(';').next().unwrap_or_default();
    let bytes = STANDARD
        .decode(payload)
        .map_err(|_| flaw("invalid base64 in a data URI"))?;
    let limit = world.state().faults.limits.document_bytes;
    if bytes.len() > limit {
        return Err(Refusal::too_large(limit));
    }
    let content = Content::declared(mime, &bytes)?;
    Ok((bytes.into(), content))
}
