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
use crate::store::{UsageGroup, UsageTotals};

/// Total usage.
#[derive(Serialize, ToSchema)]
pub(super) struct SummaryAnswer {
    summary: Summary,
    filters: Filters,
}

/// Sums over all records.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    total_documents: u64,
    total_operations: u64,
    #[serde(flatten)]
    sums: Sums,
}

/// Sum up all usage
#[utoipa::path(
    get,
    path = "/api/usage/summary",
    operation_id = "usage_summary",
    tag = "usage",
    params(RangeQuery),
    responses((status = 200, description = "The sums of this key", body = SummaryAnswer)),
)]
pub(super) async fn summary(
    State(state): State<HttpState>,
    tenant: Tenant,
    Query(query): Query<RangeQuery>,
) -> Result<Response, Problem> {
    let groups = state.app.usage_by_operation(&tenant, query.range()?).await?;
    let totals = total(&groups);
    let answer = SummaryAnswer {
        summary: Summary {
            total_documents: totals.count,
            total_operations: totals.count,
            sums: Sums::from(&totals),
        },
        filters: Filters::from(&query),
    };
    Ok(Json(answer).into_response())
}

fn total(groups: &[UsageGroup]) -> UsageTotals {
    let add = |sum: UsageTotals, group: &UsageGroup| UsageTotals {
        count: sum.count + group.totals.count,
        pages: sum.pages + group.totals.pages,
        input_tokens: sum.input_tokens + group.totals.input_tokens,
        output_tokens: sum.output_tokens + group.totals.output_tokens,
        base: sum.base + group.totals.base,
        total: sum.total + group.totals.total,
    };
    groups.iter().fold(UsageTotals::default(), add)
}
