use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::HttpState;
use crate::http::extract::query::{self, PaginationQuery, RangeQuery};
use crate::http::respond::csv::{CsvExport, csv_export, harmless};
use crate::http::respond::problem::Problem;
use crate::model::{Action, Caller, Timestamp, UsageRecord};
use crate::store::TimeRange;

/// Parameters of the query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RecordsQuery {
    /// `json` (default), or `csv`: all records at once, without `limit` and `cursor`.
    format: Option<String>,
}

/// A part of the records, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecordsAnswer {
    records: Vec<Record>,
    /// Cursor of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Cost of one conversion. Money is in millionths of a US cent, exact.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    id: String,
    document_id: String,
    /// `convert-immediate`, or `convert` for the queue; records of version 2.1 keep what that called it.
    operation: String,
    /// `local`, `mistral`, `mixed`, or `imported` for records of version 2.1.
    engine: String,
    model: String,
    pages: u32,
    /// An estimate for old clients (four bytes a token); not billed.
    input_tokens: u64,
    /// As `inputTokens`.
    output_tokens: u64,
    /// Of one page, before the margin.
    unit_price_micro_cents: i64,
    /// In hundredths of a per cent: 3000 is 30 %.
    margin_basis_points: u32,
    /// Pages times unit price.
    base_micro_cents: i64,
    /// With the margin.
    total_micro_cents: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<UsageRecord> for Record {
    fn from(record: UsageRecord) -> Self {
        Self {
            id: record.id.to_string(),
            document_id: record.document_id.to_string(),
            operation: record.operation.as_str().to_owned(),
            engine: record.engine,
            model: record.model,
            pages: record.pages,
            input_tokens: record.input_tokens,
            output_tokens: record.output_tokens,
            unit_price_micro_cents: record.unit_price.get(),
            margin_basis_points: record.margin_basis_points,
            base_micro_cents: record.base.get(),
            total_micro_cents: record.total.get(),
            created_at: record.created_at,
        }
    }
}

/// List usage records
///
/// One record a converted document, newest first, with the price of the day.
#[utoipa::path(
    get,
    path = "/api/usage/records",
    operation_id = "usage_records",
    tag = "usage",
    params(RangeQuery, RecordsQuery, PaginationQuery),
    responses(
        (status = 200, description = "Records of this key", content(
            (RecordsAnswer = "application/json"),
            (String = "text/csv"),
        )),
    ),
)]
pub(super) async fn records(
    State(state): State<HttpState>,
    caller: Caller,
    Query(range): Query<RangeQuery>,
    Query(query): Query<RecordsQuery>,
    Query(pagination): Query<PaginationQuery>,
) -> Result<Response, Problem> {
    let range = range.range()?;
    if query::is_csv(query.format.as_ref())? {
        return export(state, caller, range).await;
    }
    let (after, limit) = pagination.cursor_and_limit()?;
    let page = state
        .app
        .usage_records(&caller.tenant, range, after, limit)
        .await?;
    let answer = RecordsAnswer {
        next_cursor: page.next.as_ref().map(query::cursor_text),
        records: page.rows.into_iter().map(Record::from).collect(),
    };
    Ok(Json(answer).into_response())
}

const COLUMNS: [&str; 13] = [
    "id",
    "documentId",
    "operation",
    "engine",
    "model",
    "pages",
    "inputTokens",
    "outputTokens",
    "unitPriceMicroCents",
    "marginBasisPoints",
    "baseMicroCents",
    "totalMicroCents",
    "createdAt",
];

async fn export(state: HttpState, caller: Caller, filter: TimeRange) -> Result<Response, Problem> {
    let details = "usage records as CSV".to_owned();
    state.app.audit(caller.actor, Action::Export, details).await?;
    let (app, tenant) = (state.app, caller.tenant);
    Ok(csv_export(CsvExport {
        file_name: "usage-records.csv",
        columns: COLUMNS,
        read: move |after, limit| {
            let (app, tenant) = (app.clone(), tenant.clone());
            async move { app.usage_records(&tenant, filter, after, limit).await }
        },
        row,
    }))
}

fn row(record: &UsageRecord) -> [String; COLUMNS.len()] {
    [
        record.id.to_string(),
        record.document_id.to_string(),
        harmless(record.operation.as_str()),
        harmless(&record.engine),
        harmless(&record.model),
        record.pages.to_string(),
        record.input_tokens.to_string(),
        record.output_tokens.to_string(),
        record.unit_price.get().to_string(),
        record.margin_basis_points.to_string(),
        record.base.get().to_string(),
        record.total.get().to_string(),
        record.created_at.to_string(),
    ]
}
