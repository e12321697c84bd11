use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Filters, Sums};
use crate::http::HttpState;
use crate::http::extract::query::RangeQuery;
use crate::http::respond::problem::Problem;
use crate::model::Tenant;
use crate::store::UsageGroup;

/// Usage by operation.
#[derive(Serialize, ToSchema)]
pub(super) struct BreakdownAnswer {
    breakdown: Vec<OperationSums>,
    filters: Filters,
}

/// The sums of one operation.
#[derive(Serialize, ToSchema)]
pub(super) struct OperationSums {
    /// `convert-immediate`, or `convert` for the queue.
    operation: String,
    /// Records.
    count: u64,
    #[serde(flatten)]
    sums: Sums,
}

/// Sum up usage by operation
#[utoipa::path(
    get,
    path = "/api/usage/breakdown",
    operation_id = "usage_breakdown",
    tag = "usage",
    params(RangeQuery),
    responses((status = 200, description = "The sums of this key", body = BreakdownAnswer)),
)]
pub(super) async fn breakdown(
    State(state): State<HttpState>,
    tenant: Tenant,
    Query(query): Query<RangeQuery>,
) -> Result<Response, Problem> {
    let groups = state.app.usage_by_operation(&tenant, query.range()?).await?;
    let sums = |group: UsageGroup| OperationSums {
        sums: Sums::from(&group.totals),
        operation: group.operation,
        count: group.totals.count,
    };
    let answer = BreakdownAnswer {
        breakdown: groups.into_iter().map(sums).collect(),
        filters: Filters::from(&query),
    };
    Ok(Json(answer).into_response())
}
