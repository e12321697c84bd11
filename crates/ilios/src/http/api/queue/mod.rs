//! The queue by engine: that of a key, and that of all tenants for administrators.

mod all;
mod answer;
mod own;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::HttpState;

/// The operations on the queue.
pub(in crate::http) fn operations() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(own::queue))
        .routes(routes!(all::queue_of_all))
}
