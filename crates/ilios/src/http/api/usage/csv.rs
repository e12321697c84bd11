use std::io;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream::{self, Stream};

use crate::http::HttpState;
use crate::model::{Tenant, UsageRecord};
use crate::store::{Cursor, UsageFilter};

/// Records that are read at once.
const RECORDS_PER_READ: u32 = 1_000;

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

/// All records of the filter as CSV, read page by page as they are sent.
pub(super) fn answer(state: HttpState, tenant: Tenant, filter: UsageFilter) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"usage-records.csv\"",
        ),
    ];
    (headers, Body::from_stream(pages(state, tenant, filter))).into_response()
}

/// Next part of the file.
enum Next {
    Head,
    Page(Option<Cursor>),
    End,
}

fn pages(state: HttpState, tenant: Tenant, filter: UsageFilter) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold(Next::Head, move |next| {
        let (app, tenant) = (state.app.clone(), tenant.clone());
        async move {
            let after = match next {
                Next::Head => {
                    let head = COLUMNS.map(str::to_owned);
                    return Ok(Some((text([head])?, Next::Page(None))));
                }
                Next::Page(after) => after,
                Next::End => return Ok(None),
            };
            let page = app.usage_records(&tenant, filter, after, RECORDS_PER_READ).await;
            // The answer has begun, so that it can only be broken off.
            let page = page.map_err(|error| {
                tracing::error!(%error, "a list of usage records broke off");
                io::Error::other("the records cannot be read")
            })?;
            let next = page.next.map_or(Next::End, |cursor| Next::Page(Some(cursor)));
            Ok(Some((text(page.rows.iter().map(row))?, next)))
        }
    })
}

fn text(rows: impl IntoIterator<Item = [String; COLUMNS.len()]>) -> io::Result<Bytes> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    let text = writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))?;
    Ok(text.into())
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

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
