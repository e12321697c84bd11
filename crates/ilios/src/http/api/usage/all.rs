use std::str::FromStr;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Filters, Sums};
use crate::http::HttpState;
use crate::http::extract::query::{self, RangeQuery};
use crate::http::respond::problem::Problem;
use crate::store::UsageKey;

/// Groups of an answer, at most.
const MAX_GROUPS: u32 = 1_000;

/// Parameters of the query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct GroupQuery {
    /// Property by which the records are summed up: `tenant` (by default), `day` (in UTC), `engine`, `model` or
    /// `operation`.
    by: Option<String>,
}

/// Usage of all tenants.
#[derive(Serialize, ToSchema)]
pub(super) struct UsageOfAllAnswer {
    /// The groups, the most pages first; at most 1,000.
    groups: Vec<GroupSums>,
    /// Set if there are more groups.
    truncated: bool,
    filters: Filters,
}

/// The sums of a group.
#[derive(Serialize, ToSchema)]
pub(super) struct GroupSums {
    /// The tenant by its name, or the first 8 digits of its id; the day, engine, model or operation.
    name: String,
    /// Records.
    count: u64,
    #[serde(flatten)]
    sums: Sums,
}

impl FromStr for UsageKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "tenant" => Self::Tenant,
            "day" => Self::Day,
            "engine" => Self::Engine,
            "model" => Self::Model,
            "operation" => Self::Operation,
            _ => return Err(()),
        })
    }
}

/// Sum up the usage of all tenants
///
/// Keys of the same tenant are summed up together.
#[utoipa::path(
    get,
    path = "/api/admin/usage",
    operation_id = "usage_of_all_tenants",
    tag = "admin",
    params(GroupQuery, RangeQuery),
    responses((status = 200, description = "The sums of all tenants", body = UsageOfAllAnswer)),
)]
pub(super) async fn usage_of_all(
    State(state): State<HttpState>,
    Query(group): Query<GroupQuery>,
    Query(range): Query<RangeQuery>,
) -> Result<Response, Problem> {
    let takes = "takes tenant, day, engine, model or operation";
    let key = query::choice("by", group.by.as_ref(), takes)?.unwrap_or(UsageKey::Tenant);
    let mut found = state
        .app
        .usage_of_all(key, range.range()?, MAX_GROUPS + 1)
        .await?;
    let truncated = found.len() > MAX_GROUPS as usize;
    found.truncate(MAX_GROUPS as usize);
    let groups = found.into_iter().map(|(name, totals)| GroupSums {
        name,
        count: totals.count,
        sums: Sums::from(&totals),
    });
    let answer = UsageOfAllAnswer {
        groups: groups.collect(),
        truncated,
        filters: Filters::from(&range),
    };
    Ok(Json(answer).into_response())
}
