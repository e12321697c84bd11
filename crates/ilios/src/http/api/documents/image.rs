use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::parsed_id;
use crate::http::HttpState;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;

/// Get an image of a document
///
/// The Markdown of a document that was converted with `includeImages` links here.
#[utoipa::path(
    get,
    path = "/api/documents/{id}/images/{name}",
    operation_id = "document_image",
    tag = "documents",
    params(
        ("id" = String, Path, description = "Id of the document"),
        ("name" = String, Path, description = "Name of the picture, as in the Markdown"),
    ),
    responses(
        (status = 200, description = "The picture", content(
            (String = "image/jpeg"),
            (String = "image/png"),
        )),
        (status = 404, description = "No such document of this key, or it has no such picture"),
    ),
)]
pub(super) async fn image(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = parsed_id(&id)?;
    let (image, rendition) = state.app.image(&tenant, &id, &name).await?;
    let mut headers = HeaderMap::new();
    let kind = HeaderValue::try_from(image.mime_type).map_err(Problem::internal)?;
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=3600"),
    );
    Ok((headers, body_of(rendition.made.held.clone(), rendition)).into_response())
}
