use std::io::{self, Write};

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::HttpState;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;

/// Answers JSON that is written to where it waits for its client.
pub(super) async fn json_answer<F>(state: &HttpState, size: usize, write: F) -> Result<Response, Problem>
where
    F: FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
{
    let held = state.app.buffer_written(size, write).await?;
    let media_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((media_type, body_of(held, ())).into_response())
}
