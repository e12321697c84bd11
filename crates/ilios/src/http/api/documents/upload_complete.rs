use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::parsed_id;
use crate::http::HttpState;
use crate::http::respond::problem::Problem;
use crate::model::{Status, Tenant};

/// A document whose direct upload is complete.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UploadCompleteAnswer<'a> {
    id: &'a str,
    /// `pending`; further on when this was said before.
    #[schema(value_type = String)]
    status: Status,
    /// For people.
    message: &'a str,
}

/// Complete a direct upload
///
/// Said after the file was put at its upload address. Saying it again changes nothing.
#[utoipa::path(
    post,
    path = "/api/documents/upload-complete/{id}",
    operation_id = "upload_complete",
    tag = "documents",
    params(("id" = String, Path, description = "Id of the document, of `upload-url`")),
    responses(
        (status = 200, description = "It is queued", body = UploadCompleteAnswer),
        (status = 400, description = "The id is malformed, or the file is not there"),
    ),
)]
pub(super) async fn upload_complete(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let document = state.app.complete_upload(&tenant, &parsed_id(&id)?).await?;
    let answer = UploadCompleteAnswer {
        id: document.id.as_str(),
        status: document.status,
        message: "The upload is complete. Look at the status of the document for the result.",
    };
    Ok(Json(answer).into_response())
}
