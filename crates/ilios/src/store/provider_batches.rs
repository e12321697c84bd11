use std::time::Duration;

use super::db::{DbError, Row, Tx};
use super::documents::parsed;
use super::fence::{expired, held, update_held};
use super::{Store, StoreError};
use crate::model::{Id, ProviderBatch, ProviderBatchLease, ProviderProgress, Tenant, Timestamp};

/// The columns that [`provider_batch`] reads.
macro_rules! columns {
    () => {
        "id, batch_id, tenant, created_at, input_file, sent_at, provider_id, status, total_requests, \
         completed_requests, failed_requests, ended_at"
    };
}

/// An update that changes nothing once the lease, parameters ?1 to ?4, is lost.
macro_rules! update {
    ($assignments:literal) => {
        concat!("UPDATE provider_batches SET ", $assignments, " WHERE ", held!())
    };
}

/// Change of a provider batch that is stored.
#[derive(Debug, Clone)]
pub enum ProviderUpdate {
    /// The requests are uploaded under this id.
    Uploaded(String),
    /// The provider is about to be asked to begin.
    Sending,
    /// The provider knows it by this id, since now.
    Sent(String),
    /// The provider is so far with it.
    Progress(ProviderProgress),
    /// The uploaded requests are gone, and nothing was begun with them: they are to be sent anew.
    Lost,
    /// Nothing is left to be done.
    Ended,
}

impl Store {
    /// Takes a provider batch that is due for `owner`, for the time of `lease`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim_provider_batch(
        &self,
        owner: &str,
        lease: Duration,
    ) -> Result<Option<(ProviderBatchLease, ProviderBatch)>, StoreError> {
        let owner = owner.to_owned();
        self.write(move |tx| Box::pin(claim(tx, owner, lease))).await
    }

    /// Prolongs a lease by `time` from now; answers whether it still holds.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn extend_provider_batch(
        &self,
        lease: &ProviderBatchLease,
        time: Duration,
    ) -> Result<bool, StoreError> {
        let lease = lease.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let until = tx.lease_now().plus(time).as_millis();
                update_held(tx, &lease, update!("lease_until = ?5"), vec![until.into()]).await
            })
        })
        .await
    }

    /// Gives a provider batch back, to be looked at again after `pause`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn release_provider_batch(
        &self,
        lease: &ProviderBatchLease,
        pause: Duration,
    ) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let due = tx.lease_now().plus(pause).as_millis();
                let give_back = update!("due_at = ?5, owner = NULL, lease_until = NULL");
                update_held(tx, &lease, give_back, vec![due.into()]).await
            })
        })
        .await
        .map(drop)
    }

    /// Remembers what has become of a provider batch; answers whether the lease still held.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing is remembered, unless the connection was lost in between.
    pub async fn update_provider_batch(
        &self,
        lease: &ProviderBatchLease,
        change: ProviderUpdate,
    ) -> Result<bool, StoreError> {
        let lease = lease.clone();
        self.write(move |tx| Box::pin(async move { note(tx, &lease, change).await }))
            .await
    }

    /// The provider batches of the batch `id` of `tenant`, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn provider_batches(&self, tenant: &Tenant, id: &Id) -> Result<Vec<ProviderBatch>, StoreError> {
        let values = vec![id.as_str().into(), tenant.as_str().into()];
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM provider_batches WHERE batch_id = ?1 AND tenant = ?2 ORDER BY id"
        );
        Ok(self.db.all(sql, values, provider_batch).await?)
    }
}

async fn claim(
    tx: &mut Tx,
    owner: String,
    lease: Duration,
) -> Result<Option<(ProviderBatchLease, ProviderBatch)>, DbError> {
    let now = tx.lease_now();
    let sql = concat!(
        "UPDATE provider_batches SET attempt = attempt + 1, owner = ?2, lease_until = ?3
         WHERE ended_at IS NULL AND (owner IS NULL OR ",
        expired!(),
        ") AND id =
             (SELECT id FROM provider_batches WHERE ended_at IS NULL AND due_at <= ?1 AND (owner IS NULL OR ",
        expired!(),
        ") ORDER BY due_at, id LIMIT 1)
         RETURNING ",
        columns!(),
        ", attempt"
    );
    let values = vec![
        now.as_millis().into(),
        owner.as_str().into(),
        now.plus(lease).as_millis().into(),
    ];
    let claimed = |mut row: Row| {
        let attempt = row.take(12)?;
        let batch = provider_batch(row)?;
        let lease = ProviderBatchLease {
            id: batch.id.clone(),
            attempt,
            owner,
        };
        Ok((lease, batch))
    };
    tx.one(sql, values, claimed).await
}

async fn note(tx: &mut Tx, lease: &ProviderBatchLease, change: ProviderUpdate) -> Result<bool, DbError> {
    let now = tx.now().as_millis();
    let sent = tx.lease_now().as_millis();
    let (statement, values) = match change {
        ProviderUpdate::Uploaded(file) => (update!("input_file = ?5"), vec![file.into()]),
        ProviderUpdate::Sending => (update!("sent_at = ?5"), vec![sent.into()]),
        ProviderUpdate::Sent(id) => (
            update!("provider_id = ?5, sent_at = ?6"),
            vec![id.into(), sent.into()],
        ),
        ProviderUpdate::Lost => (update!("input_file = NULL, sent_at = NULL"), Vec::new()),
        ProviderUpdate::Ended => (
            update!("ended_at = ?5, owner = NULL, lease_until = NULL"),
            vec![now.into()],
        ),
        ProviderUpdate::Progress(progress) => (
            update!("status = ?5, total_requests = ?6, completed_requests = ?7, failed_requests = ?8"),
            vec![
                progress.status.into(),
                progress.total.into(),
                progress.completed.into(),
                progress.failed.into(),
            ],
        ),
    };
    update_held(tx, lease, statement, values).await
}

/// Returns true if the lease holds, inside a transaction.
pub(super) async fn is_held(tx: &mut Tx, lease: &ProviderBatchLease) -> Result<bool, DbError> {
    update_held(tx, lease, update!("owner = owner"), Vec::new()).await
}

fn provider_batch(mut row: Row) -> Result<ProviderBatch, DbError> {
    let moment = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    Ok(ProviderBatch {
        id: parsed(&row.take::<String>(0)?)?,
        batch: parsed(&row.take::<String>(1)?)?,
        tenant: Tenant::stored(row.take(2)?),
        created_at: Timestamp::from_millis(row.take(3)?),
        input_file: row.take(4)?,
        sent_at: moment(row.take(5)?),
        provider_id: row.take(6)?,
        progress: ProviderProgress {
            status: row.take(7)?,
            total: row.take(8)?,
            completed: row.take(9)?,
            failed: row.take(10)?,
        },
        ended_at: moment(row.take(11)?),
    })
}
