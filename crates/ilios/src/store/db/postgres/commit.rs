use deadpool::managed::Pool;

use super::Failed;
use super::connection::{Connections, PgConnection, in_time};
use super::fault::{Fault, text};

/// End of a commit.
pub(super) enum Commit {
    /// It is durable.
    Done,
    /// Nothing was written.
    Refused(Failed),
    /// It was sent and not answered.
    Unknown(CommitMark),
}

/// A commit's own number on its connection, kept in the connection's row of `commit_marks`.
///
/// Ids of transactions do not serve: after a crash of the server they are given out anew.
pub(super) struct CommitMark {
    connection: String,
    number: i64,
}

impl CommitMark {
    /// Of the next commit on `connection`.
    pub(super) fn next(connection: &PgConnection) -> Self {
        Self {
            connection: connection.mark.clone(),
            number: connection.commits + 1,
        }
    }

    /// Notes the number and commits, in one message. On a fenced connection the row's check refuses it, and with
    /// it all of the transaction.
    pub(super) fn commit(&self) -> String {
        format!(
            "UPDATE commit_marks SET number = CASE WHEN fenced THEN -1 ELSE {} END WHERE id = '{}'; COMMIT",
            self.number, self.connection
        )
    }

    /// Asks on another connection whether the commit was done. After the answer it cannot be done any more.
    pub(super) async fn committed(&self, pool: &Pool<Connections>) -> Result<Option<bool>, String> {
        let mut connection = pool.get().await.map_err(|error| error.to_string())?;
        let outcome = in_time(async {
            // Its locks go with it; the row tells the rest even when it cannot be ended.
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
            let session = format!("ilios-{}", self.connection);
            if let Err(error) = connection.client.query(end, &[&session]).await
                && Fault::of(&error) == Fault::Away
            {
                return Err(error);
            }
            // Waits for a commit that is under way, and lets none begin after it.
            let fence = "UPDATE commit_marks SET fenced = TRUE WHERE id = $1 RETURNING number";
            connection.client.query_opt(fence, &[&self.connection]).await
        })
        .await;
        match outcome {
            Some(Ok(row)) => Ok(row.map(|row| row.get::<_, i64>(0) >= self.number)),
            Some(Err(error)) => {
                connection.broken = true;
                Err(text(&error))
            }
            None => {
                connection.broken = true;
                Err("no answer".into())
            }
        }
    }
}
