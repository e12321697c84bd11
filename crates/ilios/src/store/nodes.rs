use std::time::Duration;

use super::db::{DbError, Row, Tx};
use super::{Store, StoreError};
use crate::model::Timestamp;

/// Time after which a node that has not been heard of is forgotten: it was killed.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A server, as it tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Name under which it takes jobs.
    pub id: String,
    /// Name of its machine or container.
    pub host: String,
    /// `all`, `api` or `worker`.
    pub role: String,
    /// Workers of the queue.
    pub workers: u64,
    /// Version of the program.
    pub version: String,
}

/// A server that was heard of, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenNode {
    /// The server.
    pub node: Node,
    /// Moment of its first heartbeat.
    pub started_at: Timestamp,
    /// Moment of its latest heartbeat.
    pub seen_at: Timestamp,
    /// Jobs that it has.
    pub processing: u64,
    /// Moment at which the first of them was due.
    pub oldest_due: Option<Timestamp>,
}

impl Store {
    /// Notes that a node is there.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn note_node(&self, node: Node) -> Result<(), StoreError> {
        self.write(move |tx| Box::pin(note(tx, node))).await
    }

    /// Forgets a node that ends.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forget_node(&self, id: &str) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(move |tx| {
            Box::pin(async move { tx.run("DELETE FROM nodes WHERE id = ?1", vec![id.into()]).await })
        })
        .await
    }

    /// The nodes that were heard of within `age`, by their machines.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn nodes(&self, age: Duration) -> Result<Vec<SeenNode>, StoreError> {
        let sql = "SELECT n.id, n.host, n.role, n.workers, n.version, n.started_at, n.seen_at, COUNT(j.id), MIN(j.scheduled_at)
             FROM nodes n LEFT JOIN jobs j ON j.owner = n.id AND j.status = 'processing'
             WHERE n.seen_at > ?1
             GROUP BY n.id, n.host, n.role, n.workers, n.version, n.started_at, n.seen_at
             ORDER BY n.host, n.started_at, n.id";
        let found = self.db.latest().await?.read(move |tx| {
            Box::pin(async move {
                let since = tx.now().before(age);
                tx.all(sql, vec![since.as_millis().into()], seen).await
            })
        });
        Ok(found.await?)
    }
}

async fn note(tx: &mut Tx, node: Node) -> Result<(), DbError> {
    let now = tx.now();
    let values = vec![
        node.id.into(),
        node.host.into(),
        node.role.into(),
        node.workers.into(),
        node.version.into(),
        now.as_millis().into(),
    ];
    let sql = "INSERT INTO nodes (id, host, role, workers, version, started_at, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
         ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at";
    tx.run(sql, values).await?;
    let forgotten = now.before(FORGOTTEN_AFTER).as_millis();
    tx.run("DELETE FROM nodes WHERE seen_at < ?1", vec![forgotten.into()])
        .await
}

fn seen(mut row: Row) -> Result<SeenNode, DbError> {
    Ok(SeenNode {
        node: Node {
            id: row.take(0)?,
            host: row.take(1)?,
            role: row.take(2)?,
            workers: row.take(3)?,
            version: row.take(4)?,
        },
        started_at: Timestamp::from_millis(row.take(5)?),
        seen_at: Timestamp::from_millis(row.take(6)?),
        processing: row.take(7)?,
        oldest_due: row.take::<Option<i64>>(8)?.map(Timestamp::from_millis),
    })
}
