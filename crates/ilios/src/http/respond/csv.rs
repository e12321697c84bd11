use std::io;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream::{self, Stream};

use crate::app::AppError;
use crate::store::{Cursor, ListPage};

/// Rows that are read at once.
const ROWS_PER_READ: u32 = 1_000;

/// List that is answered as a CSV file of `N` columns.
pub(in crate::http) struct CsvExport<Read, Row, const N: usize> {
    /// Name of the file.
    pub(in crate::http) file_name: &'static str,
    /// Heads of the columns.
    pub(in crate::http) columns: [&'static str; N],
    /// Reads the rows behind a cursor, at most so many.
    pub(in crate::http) read: Read,
    /// Writes a row.
    pub(in crate::http) row: Row,
}

/// Answers with all rows of a list, which are read part by part as they are sent.
pub(in crate::http) fn csv_export<T, Read, Reading, Row, const N: usize>(
    export: CsvExport<Read, Row, N>,
) -> Response
where
    Read: Fn(Option<Cursor>, u32) -> Reading + Send + 'static,
    Reading: Future<Output = Result<ListPage<T>, AppError>> + Send + 'static,
    Row: Fn(&T) -> [String; N] + Send + 'static,
    T: Send + 'static,
{
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", export.file_name),
        ),
    ];
    (headers, Body::from_stream(parts(export))).into_response()
}

/// Next part of the file.
enum Next {
    Head,
    Page(Option<Cursor>),
    End,
}

fn parts<T, Read, Reading, Row, const N: usize>(
    export: CsvExport<Read, Row, N>,
) -> impl Stream<Item = io::Result<Bytes>>
where
    Read: Fn(Option<Cursor>, u32) -> Reading + Send + 'static,
    Reading: Future<Output = Result<ListPage<T>, AppError>> + Send + 'static,
    Row: Fn(&T) -> [String; N] + Send + 'static,
    T: Send + 'static,
{
    stream::try_unfold((export, Next::Head), move |(export, next)| async move {
        let after = match next {
            Next::Head => {
                let head = text([export.columns.map(str::to_owned)])?;
                return Ok(Some((head, (export, Next::Page(None)))));
            }
            Next::Page(after) => after,
            Next::End => return Ok(None),
        };
        // The answer has begun, so that it can only be broken off.
        let page = (export.read)(after, ROWS_PER_READ).await.map_err(|error| {
            tracing::error!(%error, file = export.file_name, "a list broke off");
            io::Error::other("the rows cannot be read")
        })?;
        let part = text(page.rows.iter().map(&export.row))?;
        let next = page.next.map_or(Next::End, |cursor| Next::Page(Some(cursor)));
        Ok(Some((part, (export, next))))
    })
}

fn text<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> io::Result<Bytes> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    let text = writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))?;
    Ok(text.into())
}

/// A text that no spreadsheet takes for a formula.
pub(in crate::http) fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
