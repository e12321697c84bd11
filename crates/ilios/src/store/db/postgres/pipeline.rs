use std::future::poll_fn;
use std::task::Poll;

use futures::future::{BoxFuture, try_join_all};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Row, Statement};

use super::super::Value;

/// Statements that are on their way at once.
const MAX_IN_FLIGHT: usize = 50;

/// A prepared statement with its parameters.
pub(super) type Prepared = (Statement, Vec<Value>);

/// Runs statements and then `last` without waiting in between: the server takes them in the order in which they are
/// sent. After a statement that fails it refuses the others, so the first error is the one that counts.
pub(super) async fn in_order<T>(
    client: &Client,
    queued: &[Prepared],
    last: impl Future<Output = Result<T, Error>> + Send,
) -> Result<T, Error> {
    let mut chunks: Vec<&[Prepared]> = queued.chunks(MAX_IN_FLIGHT).collect();
    let ending = chunks.pop().unwrap_or_default();
    for chunk in chunks {
        all(client, chunk, std::future::ready(Ok(()))).await?;
    }
    all(client, ending, last).await
}

async fn all<T>(
    client: &Client,
    chunk: &[Prepared],
    last: impl Future<Output = Result<T, Error>> + Send,
) -> Result<T, Error> {
    let mut sent: Vec<BoxFuture<'_, Result<u64, Error>>> = Vec::with_capacity(chunk.len());
    for (statement, values) in chunk {
        sent.push(Box::pin(async move {
            client.execute(statement, &parameters(values)).await
        }));
    }
    let mut earlier: Vec<Option<Result<u64, Error>>> = sent.iter().map(|_| None).collect();
    let mut last = Box::pin(last);
    let mut ended: Option<Result<T, Error>> = None;
    // A statement is sent when it is polled first, so this order is that of the statements.
    poll_fn(move |context| {
        for (statement, outcome) in sent.iter_mut().zip(&mut earlier) {
            if outcome.is_none()
                && let Poll::Ready(found) = statement.as_mut().poll(context)
            {
                *outcome = Some(found);
            }
        }
        if ended.is_none()
            && let Poll::Ready(found) = last.as_mut().poll(context)
        {
            ended = Some(found);
        }
        if earlier.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        let Some(outcome) = ended.take() else {
            return Poll::Pending;
        };
        let first_error = earlier.iter_mut().find_map(|outcome| outcome.take()?.err());
        Poll::Ready(first_error.map_or(outcome, Err))
    })
    .await
}

/// The rows of a statement for each of the values, asked for without waiting in between.
pub(super) async fn each(
    client: &Client,
    statement: &Statement,
    values: &[Vec<Value>],
) -> Result<Vec<Vec<Row>>, Error> {
    let mut found = Vec::with_capacity(values.len());
    for chunk in values.chunks(MAX_IN_FLIGHT) {
        let sent = chunk
            .iter()
            .map(|values| async move { client.query(statement, &parameters(values)).await });
        // After a failure all others fail too, so one error tells as much as another.
        found.extend(try_join_all(sent).await?);
    }
    Ok(found)
}

/// Values as the driver takes them.
pub(super) fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}
