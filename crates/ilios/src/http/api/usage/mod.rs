//! Usage and its cost.

mod all;
mod breakdown;
mod records;
mod summary;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::HttpState;
use crate::http::extract::query::{self, RangeQuery};
use crate::store::UsageTotals;

/// The operations on usage records.
pub(in crate::http) fn operations() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new()
        .routes(routes!(summary::summary))
        .routes(routes!(breakdown::breakdown))
        .routes(routes!(records::records))
        .routes(routes!(all::usage_of_all))
}

/// Filters of the counted records, as the client sent them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Filters {
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
}

impl From<&RangeQuery> for Filters {
    fn from(query: &RangeQuery) -> Self {
        let sent = |text: &Option<String>| query::given(text.as_ref()).map(str::to_owned);
        Self {
            start_date: sent(&query.start_date),
            end_date: sent(&query.end_date),
        }
    }
}

/// Sums, as clients see them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Sums {
    total_pages: u64,
    /// An estimate for old clients (four bytes a token); not billed.
    total_input_tokens: u64,
    /// As `totalInputTokens`.
    total_output_tokens: u64,
    /// Exact: millionths of a US cent.
    total_cost_micro_cents: i64,
    /// Rounded.
    total_cost_cents: i64,
    /// Rounded to the cent, such as `0.39`.
    #[serde(rename = "totalCostUSD")]
    total_cost_usd: String,
}

impl From<&UsageTotals> for Sums {
    fn from(totals: &UsageTotals) -> Self {
        Self {
            total_pages: totals.pages,
            total_input_tokens: totals.input_tokens,
            total_output_tokens: totals.output_tokens,
            total_cost_micro_cents: totals.total.get(),
            total_cost_cents: totals.total.rounded_cents(),
            total_cost_usd: totals.total.display_dollars(),
        }
    }
}
