use super::cancel::cancel_all;
use super::db::{DbError, Row, Tx};
use super::documents::parsed;
use super::{Store, StoreError};
use crate::model::{Batch, Id, OcrJob, StopReason, Tenant, Timestamp};

/// Record of a batch that was asked for as a list of requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOcrJob {
    /// Facts about the request.
    pub details: String,
    /// Its lines.
    pub lines: String,
    /// Time from which it is stopped.
    pub overdue_at: Timestamp,
}

impl Store {
    /// The job `id` of `tenant`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ocr_job(&self, tenant: &Tenant, id: &Id) -> Result<Option<OcrJob>, StoreError> {
        let sql =
            "SELECT id, tenant, details, created_at, stopped FROM ocr_jobs WHERE id = ?1 AND tenant = ?2";
        let values = vec![id.as_str().into(), tenant.as_str().into()];
        Ok(self.db.latest().await?.one(sql, values, job).await?)
    }

    /// The lines of the job `id` of `tenant`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ocr_job_lines(&self, tenant: &Tenant, id: &Id) -> Result<Option<String>, StoreError> {
        let sql = "SELECT lines FROM ocr_jobs WHERE id = ?1 AND tenant = ?2";
        let values = vec![id.as_str().into(), tenant.as_str().into()];
        let latest = self.db.latest().await?;
        Ok(latest.one(sql, values, |mut row| row.take(0)).await?)
    }

    /// The jobs of `tenant`, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ocr_jobs(&self, tenant: &Tenant, limit: u32) -> Result<Vec<OcrJob>, StoreError> {
        let sql = "SELECT id, tenant, details, created_at, stopped FROM ocr_jobs WHERE tenant = ?1
             ORDER BY created_at DESC, id DESC LIMIT ?2";
        let values = vec![tenant.as_str().into(), limit.into()];
        Ok(self.db.latest().await?.all(sql, values, job).await?)
    }

    /// Stops the job `id` of `tenant`, unless it has ended or was stopped before: its documents that have not ended are
    /// cancelled. Answers which ones; `None`: the tenant has no such job.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn stop_ocr_job(
        &self,
        tenant: &Tenant,
        id: &Id,
        reason: StopReason,
    ) -> Result<Option<Vec<Id>>, StoreError> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.write(move |tx| Box::pin(async move { stop(tx, &tenant, &id, reason).await }))
            .await
    }

    /// Deletes the job `id` of `tenant`; its batch and documents stay. Answers whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn delete_ocr_job(&self, tenant: &Tenant, id: &Id) -> Result<bool, StoreError> {
        let (tenant, id) = (tenant.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let values = vec![id.as_str().into(), tenant.as_str().into()];
                let sql = "DELETE FROM ocr_jobs WHERE id = ?1 AND tenant = ?2";
                Ok(tx.execute(sql, values).await? > 0)
            })
        })
        .await
    }

    /// Jobs that have not ended and have taken longer than they may, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn overdue_ocr_jobs(&self, limit: u32) -> Result<Vec<(Tenant, Id)>, StoreError> {
        let sql = "SELECT j.tenant, j.id FROM ocr_jobs j JOIN batches b ON b.id = j.id
             WHERE j.overdue_at <= ?1 AND j.stopped IS NULL AND b.completed_at IS NULL LIMIT ?2";
        let overdue = |mut row: Row| {
            let tenant = Tenant::stored(row.take(0)?);
            Ok((tenant, parsed(&row.take::<String>(1)?)?))
        };
        let found = self.db.latest().await?.read(move |tx| {
            Box::pin(async move {
                let now = tx.now().as_millis();
                tx.all(sql, vec![now.into(), limit.into()], overdue).await
            })
        });
        Ok(found.await?)
    }
}

async fn stop(tx: &mut Tx, tenant: &Tenant, id: &Id, reason: StopReason) -> Result<Option<Vec<Id>>, DbError> {
    let own = "SELECT 1 FROM ocr_jobs WHERE id = ?1 AND tenant = ?2";
    if !tx
        .exists(own, vec![id.as_str().into(), tenant.as_str().into()])
        .await?
    {
        return Ok(None);
    }
    let stopped = tx
        .execute(
            "UPDATE ocr_jobs SET stopped = ?2 WHERE id = ?1 AND stopped IS NULL AND EXISTS
                 (SELECT 1 FROM batches b WHERE b.id = ?1 AND b.completed_at IS NULL)",
            vec![id.as_str().into(), reason.as_str().into()],
        )
        .await?;
    if stopped == 0 {
        return Ok(Some(Vec::new()));
    }
    cancel_all(tx, tenant, id).await
}

pub(super) async fn insert_ocr_job(
    tx: &mut Tx,
    batch: &Batch,
    new: Option<NewOcrJob>,
) -> Result<(), DbError> {
    let Some(new) = new else {
        return Ok(());
    };
    tx.run(
        "INSERT INTO ocr_jobs (id, tenant, details, lines, created_at, overdue_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        vec![
            batch.id.as_str().into(),
            batch.tenant.as_str().into(),
            new.details.into(),
            new.lines.into(),
            batch.created_at.as_millis().into(),
            new.overdue_at.as_millis().into(),
        ],
    )
    .await
}

fn job(mut row: Row) -> Result<OcrJob, DbError> {
    Ok(OcrJob {
        id: parsed(&row.take::<String>(0)?)?,
        tenant: Tenant::stored(row.take(1)?),
        details: row.take(2)?,
        created_at: Timestamp::from_millis(row.take(3)?),
        stopped: row
            .take::<Option<String>>(4)?
            .and_then(|reason| StopReason::named(&reason)),
    })
}
