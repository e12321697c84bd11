use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use super::HttpState;
use super::auth::require_key;
use super::form::body_limit;
use super::openapi::Description;
use super::problem::{Code, Problem};
use super::requests::identify;
use super::{convert, document, health, landing, status};

/// Every path that needs an API key, with a method that it takes.
pub const PROTECTED_PATHS: &[(&str, &str)] = &[
    ("POST", "/v1/convert"),
    ("GET", "/api/documents/{id}"),
    ("GET", "/api/documents/status/{id}"),
];

fn protected() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(convert::convert))
        .routes(routes!(document::document))
        .routes(routes!(status::status))
}

fn public() -> OpenApiRouter<HttpState> {
    OpenApiRouter::with_openapi(Description::openapi()).routes(routes!(health::health))
}

/// All described operations, for the API description alone.
pub(super) fn operations() -> OpenApiRouter<HttpState> {
    public().merge(protected())
}

/// The server's routes.
pub fn router(state: HttpState) -> Router {
    let body_limit = body_limit(state.app.spool.max_bytes());
    let protected = protected().route_layer(from_fn_with_state(state.clone(), require_key));
    let (router, description) = public().merge(protected).split_for_parts();
    router
        .route("/", get(landing::landing))
        .merge(SwaggerUi::new("/docs").url("/openapi.json", description))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(
            usize::try_from(body_limit).unwrap_or(usize::MAX),
        ))
        .layer(CatchPanicLayer::custom(|_| {
            Problem::internal("a handler panicked").into_response()
        }))
        .layer(from_fn_with_state(state.clone(), identify))
        .with_state(state)
}

async fn unknown_path() -> Problem {
    Problem::new(Code::NOT_FOUND, "there is no such path")
}

async fn wrong_method() -> Problem {
    Problem::new(Code::METHOD_NOT_ALLOWED, "this path does not take this method")
}
