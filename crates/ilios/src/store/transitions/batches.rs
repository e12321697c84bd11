use crate::model::{Batch, Id, Timestamp};
use crate::store::db::{DbError, Tx};

/// Inserts a batch. One of which every file was refused has ended before it began.
pub(in crate::store) async fn insert_batch(tx: &mut Tx, batch: &Batch) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO batches (id, tenant, priority, status, created_at, completed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        vec![
            batch.id.as_str().into(),
            batch.tenant.as_str().into(),
            batch.priority.get().into(),
            batch.status.as_str().into(),
            batch.created_at.as_millis().into(),
            batch.completed_at.map(Timestamp::as_millis).into(),
        ],
    )
    .await
}

/// Ends those of the batches whose last document has ended; does nothing before, and nothing a second time. The last step
/// of a transaction, so that others wait for the commit alone; all transactions come in the order of the ids.
pub(in crate::store) async fn end_batches(
    tx: &mut Tx,
    batches: impl IntoIterator<Item = Id>,
) -> Result<(), DbError> {
    for batch in batches {
        lock_batch(tx, &batch).await?;
        let now = tx.now().as_millis();
        tx.run(
            // Not before its last document, whose transaction may have begun after this one.
            "UPDATE batches SET completed_at =
                 (SELECT CASE WHEN MAX(d.processed_at) > ?2 THEN MAX(d.processed_at) ELSE ?2 END
                  FROM documents d WHERE d.batch_id = ?1), status = CASE WHEN EXISTS
                 (SELECT 1 FROM documents d WHERE d.batch_id = ?1 AND d.error_code IS NULL)
                 THEN 'completed' ELSE 'failed' END
             WHERE id = ?1 AND completed_at IS NULL AND NOT EXISTS
                 (SELECT 1 FROM documents d WHERE d.batch_id = ?1 AND d.status IN ('pending', 'processing'))",
            vec![batch.as_str().into(), now.into()],
        )
        .await?;
    }
    Ok(())
}

/// Makes all transactions that end a batch wait for each other, also where transactions run beside each other: only what
/// is read after the lock is still true, so exactly one finds the batch ended.
pub(in crate::store) async fn lock_batch(tx: &mut Tx, batch: &Id) -> Result<(), DbError> {
    tx.run(
        "UPDATE batches SET status = status WHERE id = ?1",
        vec![batch.as_str().into()],
    )
    .await
}
