use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::document::{BodyDocument, Document, FormDocument};
use super::metadata::{Names, csv, metadata};
use super::text::preferred;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;

pub(super) async fn of_body(State(_): State<HttpState>, BodyDocument(document): BodyDocument) -> Response {
    table(&document, &metadata(&document, Names::Three))
}

pub(super) async fn of_form(State(_): State<HttpState>, FormDocument(document): FormDocument) -> Response {
    table(&document, &metadata(&document, Names::Three))
}

/// One field; its value alone, if the client asks for plain text.
pub(super) async fn field(
    State(_): State<HttpState>,
    Path(name): Path<String>,
    BodyDocument(document): BodyDocument,
) -> Result<Response, Problem> {
    let mut fields = metadata(&document, Names::Three);
    let value = fields
        .remove(&name)
        .ok_or_else(|| Problem::new(Code::NOT_FOUND, "the document has no such field"))?;
    if preferred(&document.headers) == Some("text/plain") {
        let first = value
            .as_array()
            .and_then(|values| values.first())
            .unwrap_or(&value);
        return Ok(first.as_str().unwrap_or_default().to_owned().into_response());
    }
    let field: Map<String, Value> = [(name, value)].into_iter().collect();
    Ok(table(&document, &field))
}

/// The fields as JSON, if the client asks for it, or as CSV.
fn table(document: &Document, fields: &Map<String, Value>) -> Response {
    if preferred(&document.headers) == Some("application/json") {
        return Json(fields).into_response();
    }
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], csv(fields)).into_response()
}
