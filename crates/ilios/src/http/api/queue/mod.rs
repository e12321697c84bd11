//! The queue by engine: that of a key, and for administrators that of all tenants and its workers.

mod all;
mod answer;
mod own;
mod workers;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::HttpState;

/// The operations on the queue.
pub(in crate::http) fn operations() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(own::queue))
        .routes(routes!(all::queue_of_all))
        .routes(routes!(workers::workers))
}
