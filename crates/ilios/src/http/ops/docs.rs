use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, serve};

use super::console::docs_page;
use super::web_file::{Caching, WebFile};
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;

/// Files of Swagger UI that the page loads.
const FILES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

static SWAGGER: LazyLock<HashMap<&str, WebFile>> = LazyLock::new(|| {
    let config = Arc::new(Config::default());
    let files = FILES.into_iter().filter_map(|name| {
        let file = serve(name, Arc::clone(&config)).ok().flatten()?;
        let bytes = match file.bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        Some((name, WebFile::new(file.content_type, bytes)))
    });
    files.collect()
});

/// The description of the API, for programs and for people.
pub(in crate::http) fn routes(description: OpenApi) -> Router<HttpState> {
    let description = Arc::new(description);
    Router::new()
        .route(
            "/openapi.json",
            get(|| async move { Json(description).into_response() }),
        )
        .route("/docs", get(|| async { Redirect::to("/docs/") }))
        .route(
            "/docs/",
            get(|headers: HeaderMap| async move { docs_page(&headers) }),
        )
        .route("/docs/{file}", get(swagger))
}

async fn swagger(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match SWAGGER.get(name.as_str()) {
        Some(file) => file.answer(&headers, Caching::Revalidated),
        None => Problem::new(Code::NOT_FOUND, "there is no such path").into_response(),
    }
}
