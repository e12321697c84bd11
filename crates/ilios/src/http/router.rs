use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::IntoResponse;
use axum::routing::get;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::HttpState;
use super::api::{admin, batches, convert, documents, estimate, objects, queue, usage};
use super::compat;
use super::extract::auth::require_key;
use super::openapi::{self, Description};
use super::ops::{console, docs, health, metrics, probes};
use super::respond::codes::Code;
use super::respond::paced::in_pieces;
use super::respond::problem::Problem;
use super::server::origins::{check_origin, expose_headers};
use super::server::request_id::{assign_request_id, require_host};
use super::server::security_headers::{limit_headers, set_security_headers};
use super::server::stalled_body::limit_stalled_bodies;
use super::surfaces::Surfaces;

fn protected() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(convert::convert))
        .routes(routes!(estimate::estimate))
        .merge(documents::operations())
        .merge(batches::operations())
        .merge(queue::operations())
        .merge(usage::operations())
        .merge(admin::operations())
        .routes(routes!(metrics::metrics))
}

fn public() -> OpenApiRouter<HttpState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health::health))
        .routes(routes!(probes::livez))
        .routes(routes!(probes::readyz))
        .merge(objects::operations())
}

/// The description of all operations, generated from the routes.
#[must_use]
pub fn openapi_document() -> utoipa::openapi::OpenApi {
    openapi::completed(public().merge(protected()).into_openapi(), Surfaces::ALL)
}

/// The server's routes.
pub fn router(state: HttpState) -> Router {
    let protected = protected().route_layer(from_fn_with_state(state.clone(), require_key));
    let surfaces = state.edge.surfaces;
    let (router, description) = public().merge(protected).split_for_parts();
    let router = router
        .route("/", get(console::page))
        .route("/console/{name}", get(console::asset))
        .route("/console/{version}/{name}", get(console::asset_of_version))
        .merge(compat::operations(&state))
        .merge(docs::routes(openapi::completed(description, surfaces)));
    finished(router, state)
}

/// The routes of a node that answers no client: whether it is well, and figures.
pub fn worker_router(state: HttpState) -> Router {
    let metrics = get(metrics::metrics).route_layer(from_fn_with_state(state.clone(), require_key));
    let router = Router::new().route("/metrics", metrics);
    let router = router
        .route("/health", get(health::health))
        .route("/livez", get(probes::livez))
        .route("/readyz", get(probes::readyz_of_worker));
    finished(router, state)
}

/// Adds what all routes have in common.
fn finished(router: Router<HttpState>, state: HttpState) -> Router {
    let cors = state.edge.origins.layer().map(|cors| {
        ServiceBuilder::new()
            .layer(map_response(expose_headers))
            .layer(cors)
            .into_inner()
    });
    let routes = router
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .with_state(state.clone());
    // Around the routes as a whole: a layer of the router would be one of every route, each a copy on the heap that
    // every request copies again, with all below it.
    let all = ServiceBuilder::new()
        .layer(from_fn_with_state(state.clone(), in_pieces))
        .layer(from_fn(set_security_headers))
        .layer(from_fn_with_state(state.clone(), require_host))
        .option_layer(cors)
        .layer(from_fn_with_state(state.clone(), assign_request_id))
        .layer(from_fn(limit_headers))
        .layer(from_fn_with_state(state.clone(), check_origin))
        .layer(from_fn_with_state(state, limit_stalled_bodies))
        .layer(CatchPanicLayer::custom(|_| {
            Problem::internal("a handler panicked").into_response()
        }))
        .service(routes);
    Router::new().fallback_service(all)
}

async fn unknown_path() -> Problem {
    Problem::new(Code::NOT_FOUND, "there is no such path")
}

async fn wrong_method() -> Problem {
    Problem::new(Code::METHOD_NOT_ALLOWED, "this path does not take this method")
}
