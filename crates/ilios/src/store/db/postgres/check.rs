//! Check that the server takes transactions that write.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::DatabaseFault;
use super::super::transaction_retry::{Failed, run_detached, run_until_settled};
use super::commit::Commit;
use super::transaction::Mode;
use super::{DbError, Postgres};

/// Maximum duration of a check, shorter than the timeout of a readiness check.
const CHECK_TIMEOUT: Duration = Duration::from_millis(1_200);

/// Takes 1 MB of the disk, until it is rolled back.
const TAKE_SPACE: &str = "CREATE TABLE ilios_space_check AS SELECT generate_series(1, 30000) AS number";

impl Postgres {
    /// Checks that it can be written to now: commits a transaction that writes nothing but its number. A full disk is
    /// told by the transactions that need room; from then on each check tries to take some.
    pub(in super::super) async fn check(&self) -> Result<(), DatabaseFault> {
        let postgres = self.clone();
        let checked = run_detached(&self.running, async move {
            let postgres = &postgres;
            run_until_settled(CHECK_TIMEOUT, move || postgres.try_out()).await
        });
        match checked.await {
            Ok(()) => Ok(()),
            Err(DbError::Full(_)) => Err(DatabaseFault::DiskFull),
            Err(_) => Err(DatabaseFault::Unavailable),
        }
    }

    async fn try_out(&self) -> Result<(), Failed> {
        if self.full.load(Ordering::Relaxed) {
            Box::pin(self.take_space()).await?;
            self.full.store(false, Ordering::Relaxed);
        }
        let mut tx = self.begin(Mode::Write).await?;
        tx.writes();
        match tx.commit().await {
            Commit::Done => Ok(()),
            Commit::Refused(error) => Err(error),
            // Nothing hangs on it: it need not be asked about.
            Commit::Unknown(_) => Err(Failed::Retry(DbError::Unavailable(
                "no answer to a commit".into(),
            ))),
        }
    }

    async fn take_space(&self) -> Result<(), Failed> {
        let mut tx = self.begin(Mode::Write).await?;
        match tx.execute(TAKE_SPACE, Vec::new()).await {
            Ok(_) => {
                tx.discard().await;
                Ok(())
            }
            Err(error) => Err(tx.roll_back(error).await),
        }
    }
}
