//! The addresses of the stand-in.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};

use crate::refusal::Refusal;
use crate::world::World;
use crate::{auth, batch, control, files, ocr, outages};

/// All routes: the service with its faults, its signed addresses, and the control of both.
pub(crate) fn router(world: Arc<World>) -> Router {
    let service = Router::new()
        .route("/v1/ocr", post(ocr::recognise))
        .route("/v1/files", post(files::upload).get(files::list))
        .route("/v1/files/{id}", get(files::show).delete(files::delete))
        .route("/v1/files/{id}/content", get(files::content))
        .route("/v1/files/{id}/url", get(files::address))
        .route("/v1/batch/jobs", post(batch::create).get(batch::list))
        .route("/v1/batch/jobs/{id}", get(batch::show).delete(batch::delete))
        .route("/v1/batch/jobs/{id}/cancel", post(batch::cancel))
        .layer(from_fn_with_state(Arc::clone(&world), outages::fail))
        .layer(from_fn(auth::authorised));
    let signed = Router::new()
        .route("/signed/{id}", get(files::signed))
        .layer(from_fn_with_state(Arc::clone(&world), outages::fail));
    let control = Router::new()
        .route("/control/faults", put(control::set_faults))
        .route("/control/outages", post(control::add_outage))
        .route("/control/counts", get(control::counts).delete(control::forget))
        .route("/control/clock", post(control::advance))
        .route("/control/web", put(control::publish));
    service
        .merge(signed)
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(Arc::clone(&world), outages::count))
        .merge(control)
        // Bodies are bounded where they are read.
        .layer(DefaultBodyLimit::disable())
        .with_state(world)
}

async fn unknown() -> Response {
    Refusal::Detail {
        status: 404,
        detail: "Not Found",
    }
    .into_response()
}

async fn wrong_method() -> Response {
    Refusal::Detail {
        status: 405,
        detail: "Method Not Allowed",
    }
    .into_response()
}
