use axum::extract::{Path, State};
use axum::response::Response;

use super::answer::{self, Entry};
use super::content::{Form, content};
use super::document::{BodyDocument, Document, FormDocument};
use super::metadata::{Names, embedded, metadata};
use crate::http::HttpState;
use crate::http::respond::problem::Problem;

pub(super) async fn of_body(
    State(state): State<HttpState>,
    BodyDocument(document): BodyDocument,
) -> Result<Response, Problem> {
    list(&state, &document, Form::Xhtml).await
}

pub(super) async fn of_body_in_form(
    State(state): State<HttpState>,
    Path(name): Path<String>,
    BodyDocument(document): BodyDocument,
) -> Result<Response, Problem> {
    list(&state, &document, Form::named(&name)).await
}

pub(super) async fn of_form(
    State(state): State<HttpState>,
    FormDocument(document): FormDocument,
) -> Result<Response, Problem> {
    list(&state, &document, Form::Xhtml).await
}

pub(super) async fn of_form_in_form(
    State(state): State<HttpState>,
    Path(name): Path<String>,
    FormDocument(document): FormDocument,
) -> Result<Response, Problem> {
    list(&state, &document, Form::named(&name)).await
}

/// The document, and behind it the files that it holds.
async fn list(state: &HttpState, document: &Document, form: Form) -> Result<Response, Problem> {
    let mut fields = metadata(document, Names::Three);
    fields.insert("X-TIKA:embedded_depth".into(), "0".into());
    let mut entries = vec![Entry {
        metadata: fields,
        content: content(state, document, form).await?,
        fields: &["X-TIKA:content"],
    }];
    entries.extend(embedded(document).map(|metadata| Entry {
        metadata,
        content: None,
        fields: &[],
    }));
    answer::list(state, entries).await
}
