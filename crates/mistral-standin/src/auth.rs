//! The key of a request.

use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::KEY;
use crate::refusal::Refusal;

/// Lets in who has the key.
pub(crate) async fn authorised(request: Request, next: Next) -> Response {
    let sent = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    if sent.and_then(|value| value.strip_prefix("Bearer ")) == Some(KEY) {
        return next.run(request).await;
    }
    Refusal::Detail {
        status: 401,
        detail: "Unauthorized",
    }
    .into_response()
}
