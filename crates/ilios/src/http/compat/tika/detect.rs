use axum::extract::{Request, State};

use super::document::received;
use super::options::file_name;
use crate::http::HttpState;
use crate::http::respond::problem::Problem;

/// The media type of the body.
pub(super) async fn detect(State(state): State<HttpState>, request: Request) -> Result<String, Problem> {
    let (parts, body) = request.into_parts();
    let upload = received(&state, file_name(&parts.headers), &parts.headers, body).await?;
    let (_, format) = state.app.detected_format(upload).await?;
    Ok(format
        .map_or("application/octet-stream", |format| format.mime_type())
        .to_owned())
}
