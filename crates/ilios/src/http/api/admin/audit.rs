use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::HttpState;
use crate::http::extract::query::{self, PaginationQuery, RangeQuery};
use crate::http::respond::csv::{CsvExport, csv_export, harmless};
use crate::http::respond::problem::Problem;
use crate::model::{Action, AuditEntry, Caller, Timestamp};
use crate::store::TimeRange;

/// Parameters of the query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// `json` (default), or `csv`: all entries at once, without `limit` and `cursor`.
    format: Option<String>,
}

/// A part of the audit log, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditAnswer {
    entries: Vec<AuditFields>,
    /// Cursor of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Entry of the audit log.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditFields {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// `key:ID`, `tenant:` and the beginning of a fingerprint, `admin-key`, `command-line` or `server`.
    actor: String,
    /// Such as `key.create`, `key.revoke`, `document.delete`, `export`, `server.start`.
    action: String,
    /// Id of what it was done to.
    subject: String,
    /// Further facts.
    details: String,
}

impl From<AuditEntry> for AuditFields {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            created_at: entry.created_at,
            actor: entry.actor,
            action: entry.action,
            subject: entry.subject,
            details: entry.details,
        }
    }
}

/// Read the audit log
///
/// Changes of keys and tenants, deletions by clients, exports, and the starts of servers with their settings.
/// Entries are only ever added.
#[utoipa::path(
    get,
    path = "/api/admin/audit",
    operation_id = "audit",
    tag = "admin",
    params(RangeQuery, AuditQuery, PaginationQuery),
    responses(
        (status = 200, description = "Entries", content(
            (AuditAnswer = "application/json"),
            (String = "text/csv"),
        )),
    ),
)]
pub(super) async fn audit(
    State(state): State<HttpState>,
    caller: Caller,
    Query(range): Query<RangeQuery>,
    Query(query): Query<AuditQuery>,
    Query(pagination): Query<PaginationQuery>,
) -> Result<Response, Problem> {
    let range = range.range()?;
    if query::is_csv(query.format.as_ref())? {
        return export(state, caller, range).await;
    }
    let (after, limit) = pagination.cursor_and_limit()?;
    let page = state.app.audit_log(range, after, limit).await?;
    let answer = AuditAnswer {
        next_cursor: page.next.as_ref().map(query::cursor_text),
        entries: page.rows.into_iter().map(AuditFields::from).collect(),
    };
    Ok(Json(answer).into_response())
}

async fn export(state: HttpState, caller: Caller, range: TimeRange) -> Result<Response, Problem> {
    let details = "audit log as CSV".to_owned();
    state.app.audit(caller.actor, Action::Export, details).await?;
    let app = state.app;
    Ok(csv_export(CsvExport {
        file_name: "audit-log.csv",
        columns: ["id", "createdAt", "actor", "action", "subject", "details"],
        read: move |after, limit| {
            let app = app.clone();
            async move { app.audit_log(range, after, limit).await }
        },
        row,
    }))
}

fn row(entry: &AuditEntry) -> [String; 6] {
    [
        entry.id.to_string(),
        entry.created_at.to_string(),
        harmless(&entry.actor),
        harmless(&entry.action),
        harmless(&entry.subject),
        harmless(&entry.details),
    ]
}
