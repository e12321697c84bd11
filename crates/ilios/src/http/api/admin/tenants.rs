use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::fields::TenantFields;
use crate::http::HttpState;
use crate::http::extract::json_body::JsonBody;
use crate::http::extract::query::{given, limit};
use crate::http::respond::problem::Problem;
use crate::model::Caller;

/// Parameters of the query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TenantsQuery {
    /// Name behind which the list goes on: the last one of the page before.
    after: Option<String>,
    /// At most so many, 1 to 200; 50 by default.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
}

/// A part of the tenants, by name.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TenantsAnswer {
    tenants: Vec<TenantFields>,
}

/// New name of a tenant.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RenameTenantRequest {
    /// Name for people, up to 100 characters.
    name: String,
}

/// List tenants
///
/// Those that have a name, by it. A key of `API_KEY` that was not adopted is a tenant too, without one.
#[utoipa::path(
    get,
    path = "/api/admin/tenants",
    operation_id = "list_tenants",
    tag = "admin",
    params(TenantsQuery),
    responses((status = 200, description = "The tenants", body = TenantsAnswer)),
)]
pub(super) async fn list_tenants(
    State(state): State<HttpState>,
    caller: Caller,
    Query(query): Query<TenantsQuery>,
) -> Result<Response, Problem> {
    let limit = limit(query.limit.as_ref())?;
    let after = given(query.after.as_ref()).unwrap_or_default();
    let tenants = state.app.key_admin(caller.actor).tenants(after, limit).await?;
    let answer = TenantsAnswer {
        tenants: tenants.into_iter().map(TenantFields::from).collect(),
    };
    Ok(Json(answer).into_response())
}

/// Rename a tenant
#[utoipa::path(
    post,
    path = "/api/admin/tenants/{id}/rename",
    operation_id = "rename_tenant",
    tag = "admin",
    params(("id" = String, Path, description = "Id or name of the tenant")),
    request_body = RenameTenantRequest,
    responses(
        (status = 200, description = "The tenant as it is now", body = TenantFields),
        (status = 404, description = "No such tenant"),
        (status = 409, description = "Another tenant has this name"),
    ),
)]
pub(super) async fn rename_tenant(
    State(state): State<HttpState>,
    caller: Caller,
    Path(tenant): Path<String>,
    JsonBody(request): JsonBody<RenameTenantRequest>,
) -> Result<Response, Problem> {
    let admin = state.app.key_admin(caller.actor);
    let tenant = admin.rename(&tenant, &request.name).await?;
    Ok(Json(TenantFields::from(tenant)).into_response())
}
