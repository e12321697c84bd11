//! Administration of tenants and API keys, and the audit log.

mod adopt_key;
mod audit;
mod create_key;
mod fields;
mod list_keys;
mod revoke_key;
mod rotate_key;
mod tenants;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::HttpState;

/// The operations of administrators.
pub(in crate::http) fn operations() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(create_key::create_key, list_keys::list_keys))
        .routes(routes!(adopt_key::adopt_key))
        .routes(routes!(revoke_key::revoke_key))
        .routes(routes!(rotate_key::rotate_key))
        .routes(routes!(tenants::list_tenants))
        .routes(routes!(tenants::rename_tenant))
        .routes(routes!(audit::audit))
}
