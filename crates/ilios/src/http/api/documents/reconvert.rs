use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::parsed_id;
use super::status::{StatusAnswer, status_of};
use crate::http::HttpState;
use crate::http::extract::conversion_params::{ConversionParams, OptionFields};
use crate::http::extract::json_body::JsonBody;
use crate::http::respond::problem::Problem;
use crate::model::{Id, Tenant};

/// Options of the new conversion, for the API description.
#[derive(Serialize, ToSchema)]
pub(super) struct ReconvertRequest {
    #[serde(flatten)]
    options: OptionFields,
}

/// The id in the path, which is looked at before the body is read.
pub(super) struct DocumentId(Id);

impl FromRequestParts<HttpState> for DocumentId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(id) = path.map_err(|_| Problem::not_found())?;
        parsed_id(&id).map(Self)
    }
}

/// Convert a completed document again
///
/// The original that was kept is converted with the options that are sent here, and with the defaults of all others. The
/// result stays until the new one takes its place; `reconversion` of the status says how it stands. It is metered as a
/// conversion of its own. When it fails, the result stays and nothing is charged.
#[utoipa::path(
    post,
    path = "/api/documents/{id}/reconvert",
    operation_id = "reconvert_document",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document")),
    request_body = ReconvertRequest,
    responses(
        (status = 202, description = "It is queued", body = StatusAnswer),
        (status = 400, description = "The id is malformed or a field has a wrong value"),
        (status = 409,
            description = "It is not completed, its original was not kept, or it is being converted again already"),
        (status = 410, description = "Its original is gone"),
        (status = 503, description = "The queue is full"),
    ),
)]
pub(super) async fn reconvert(
    State(state): State<HttpState>,
    tenant: Tenant,
    DocumentId(id): DocumentId,
    address: Uri,
    JsonBody(fields): JsonBody<Map<String, Value>>,
) -> Result<Response, Problem> {
    let mut params = ConversionParams::of(&address);
    for (name, value) in &fields {
        if matches!(name.as_str(), "priority" | "retentionDays") {
            // The document has its own.
            params.options.ignore(name);
        } else {
            params.set_json(name, value)?;
        }
    }
    state.app.check_options(&params.options)?;
    let document = state.app.reconvert_document(&tenant, &id, params.options).await?;
    let status = status_of(&state, &document).await?;
    Ok((StatusCode::ACCEPTED, status).into_response())
}
