use std::collections::BTreeSet;

use super::batches::end_batches;
use super::rows::{NewRow, delete_content, insert_content, insert_row, insert_usage};
use crate::model::{DocumentContent, DocumentMetadata, DocumentModel, Failure, Id, Lease, UsageRecord};
use crate::store::db::{DbError, Row, Tx, Value};
use crate::store::documents::{json, parsed};
use crate::store::fence::{fence_values, held};
use crate::store::images::{delete_images, replace_images};
use crate::store::objects::plan_deletion;

/// Outcome of the conversion of a document.
#[derive(Debug, Clone)]
pub enum DocumentOutcome {
    /// It was converted.
    Completed(Box<CompletedJob>),
    /// It failed.
    Failed(Failure),
}

/// Result of a converted document.
#[derive(Debug, Clone)]
pub struct CompletedJob {
    /// The content.
    pub content: DocumentContent,
    /// Its model, where the engine has made one.
    pub model: Option<DocumentModel>,
    /// Metadata of the conversion.
    pub metadata: DocumentMetadata,
    /// True if it takes the place of an earlier result.
    pub replaces: bool,
    /// Its cost.
    pub usage: UsageRecord,
    /// SHA-256 of the original.
    pub sha256: String,
    /// Media type by content.
    pub mime_type: String,
    /// Bytes of the original.
    pub file_size: u64,
}

/// A document that ends.
pub(in crate::store) enum Ending {
    /// The document of an attempt, whose lease has to hold.
    Attempt(Lease, DocumentOutcome),
    /// A document that has not ended, whoever works on it.
    Open(Id, DocumentOutcome),
    /// A document that is stored only now.
    New(Box<NewRow>),
    /// An ended document whose original is now under this key, if it is kept.
    Archived(Id, Option<String>),
}

/// Ends a document, and its batch with the last one; answers whether the document could be ended.
pub(in crate::store) async fn end_document(tx: &mut Tx, ending: Ending) -> Result<bool, DbError> {
    let (ended, batches) = end_documents(tx, vec![ending]).await?;
    end_batches(tx, batches).await?;
    Ok(ended == [true])
}

/// Ends documents; answers for each whether it could be ended, and the batches that are to be ended last of all.
pub(in crate::store) async fn end_documents(
    tx: &mut Tx,
    endings: Vec<Ending>,
) -> Result<(Vec<bool>, BTreeSet<Id>), DbError> {
    let mut leased = end_leased_jobs(tx, &endings).await?.into_iter();
    let mut open = lock_open_documents(tx, &endings).await?.into_iter();
    let (mut ended, mut batches) = (Vec::with_capacity(endings.len()), BTreeSet::new());
    for ending in endings {
        ended.push(match ending {
            Ending::Attempt(lease, outcome) => {
                let holds = leased.next() == Some(true);
                if holds {
                    write(tx, &lease.document, outcome).await?;
                    batches.extend(lease.batch);
                }
                holds
            }
            Ending::Open(id, outcome) => match open.next().flatten() {
                Some(document) => {
                    write(tx, &id, outcome).await?;
                    if let Some(key) = document.awaited_upload {
                        plan_deletion(tx, &key).await?;
                    }
                    batches.extend(document.batch);
                    true
                }
                None => end_reconversion(tx, &id, outcome).await?,
            },
            Ending::New(row) => insert_row(tx, *row).await.map(|()| true)?,
            Ending::Archived(id, key) => archive(tx, &id, key).await?,
        });
    }
    Ok((ended, batches))
}

/// Ends the jobs of attempts whose leases hold; answers for each whether it did.
async fn end_leased_jobs(tx: &mut Tx, endings: &[Ending]) -> Result<Vec<bool>, DbError> {
    let mut values = Vec::with_capacity(endings.len());
    for ending in endings {
        if let Ending::Attempt(lease, outcome) = ending {
            let mut of_job = fence_values(tx, lease);
            of_job.extend(job_values(tx, outcome));
            values.push(of_job);
        }
    }
    let sql = concat!(
        "UPDATE jobs SET status = ?5, finished_at = ?6, error = ?7, owner = NULL, lease_until = NULL WHERE ",
        held!(),
        " RETURNING id"
    );
    let ended = tx.query_each(sql, values).await?;
    Ok(ended.iter().map(|rows| !rows.is_empty()).collect())
}

/// A document that had not ended.
struct OpenDocument {
    batch: Option<Id>,
    /// Key of the object of a direct upload that is not complete: nobody knows what the client has put there.
    awaited_upload: Option<String>,
}

/// Takes documents that have not ended, and their jobs from those who have them.
async fn lock_open_documents(tx: &mut Tx, endings: &[Ending]) -> Result<Vec<Option<OpenDocument>>, DbError> {
    let open = endings.iter().filter_map(|ending| match ending {
        Ending::Open(id, outcome) => Some((id, outcome)),
        _ => None,
    });
    let open: Vec<_> = open.collect();
    end_open_jobs(tx, &open).await?;
    let ids = open.iter().map(|(id, _)| vec![id.as_str().into()]);
    let found = tx
        .query_each(
            "UPDATE documents SET status = status WHERE id = ?1 AND status IN ('pending', 'processing')
             RETURNING batch_id, CASE WHEN upload_expires_at IS NOT NULL THEN object_key END",
            ids.collect(),
        )
        .await?;
    // An upload that was completed at the same moment has made a job.
    end_open_jobs(tx, &open).await?;
    let found = found.into_iter();
    found
        .map(|rows| rows.into_iter().next().map(open_document).transpose())
        .collect()
}

fn open_document(mut row: Row) -> Result<OpenDocument, DbError> {
    let batch: Option<String> = row.take(0)?;
    Ok(OpenDocument {
        batch: batch.map(|id| parsed(&id)).transpose()?,
        awaited_upload: row.take(1)?,
    })
}

async fn end_open_jobs(tx: &mut Tx, open: &[(&Id, &DocumentOutcome)]) -> Result<(), DbError> {
    for (document, outcome) in open {
        let mut values = vec![document.as_str().into()];
        values.extend(job_values(tx, outcome));
        tx.run(
            "UPDATE jobs SET status = ?2, finished_at = ?3, error = ?4, owner = NULL, lease_until = NULL
             WHERE document_id = ?1 AND status IN ('pending', 'processing')",
            values,
        )
        .await?;
    }
    Ok(())
}

/// The status of a job, the time of its end and its error.
fn job_values(tx: &Tx, outcome: &DocumentOutcome) -> [Value; 3] {
    let (status, error) = match outcome {
        DocumentOutcome::Completed(_) => ("completed", None),
        DocumentOutcome::Failed(failure) => ("failed", Some(failure.message.clone())),
    };
    [status.into(), tx.now().as_millis().into(), error.into()]
}

/// Writes what a document came to, with its usage record.
async fn write(tx: &mut Tx, document: &Id, outcome: DocumentOutcome) -> Result<(), DbError> {
    let (id, now) = (document.as_str(), tx.now().as_millis());
    match outcome {
        DocumentOutcome::Completed(completed) => {
            tx.run(
                "UPDATE documents SET status = 'completed', processed_at = ?2, metadata = ?3, sha256 = ?4,
                     mime_type = ?5, file_size = ?6, error_code = NULL, error = NULL,
                     options = COALESCE(reconversion, options), reconversion = NULL
                 WHERE id = ?1",
                vec![
                    id.into(),
                    now.into(),
                    json(&completed.metadata)?.into(),
                    completed.sha256.into(),
                    completed.mime_type.into(),
                    completed.file_size.into(),
                ],
            )
            .await?;
            if completed.replaces {
                delete_content(tx, id).await?;
                replace_images(tx, id).await?;
            }
            insert_content(tx, id, completed.content, completed.model).await?;
            insert_usage(tx, completed.usage).await
        }
        DocumentOutcome::Failed(failure) => {
            if fail_reconversion(tx, document, &failure).await? {
                return Ok(());
            }
            tx.run(
                "UPDATE documents SET status = 'failed', processed_at = ?2, error_code = ?3, error = ?4,
                     object_key = CASE WHEN upload_expires_at IS NULL THEN object_key END, upload_expires_at = NULL
                 WHERE id = ?1",
                vec![id.into(), now.into(), failure.code.into(), failure.message.into()],
            )
            .await
        }
    }
}

/// Ends another conversion of a completed document, whose result stays; answers whether there was one.
async fn end_reconversion(tx: &mut Tx, document: &Id, outcome: DocumentOutcome) -> Result<bool, DbError> {
    match outcome {
        DocumentOutcome::Failed(failure) => fail_reconversion(tx, document, &failure).await,
        // A result comes by a lease.
        DocumentOutcome::Completed(_) => Ok(false),
    }
}

async fn fail_reconversion(tx: &mut Tx, document: &Id, failure: &Failure) -> Result<bool, DbError> {
    let changed = tx
        .execute(
            "UPDATE documents SET reconversion_error_code = ?2, reconversion_error = ?3
             WHERE id = ?1 AND status = 'completed' AND reconversion IS NOT NULL AND reconversion_error_code IS NULL",
            vec![
                document.as_str().into(),
                failure.code.as_str().into(),
                failure.message.as_str().into(),
            ],
        )
        .await?;
    if changed == 1 {
        delete_images(tx, document.as_str(), true).await?;
    }
    Ok(changed == 1)
}

async fn archive(tx: &mut Tx, document: &Id, object_key: Option<String>) -> Result<bool, DbError> {
    let changed = tx
        .execute(
            "UPDATE documents SET status = 'archived', object_key = ?2, reconversion = NULL
             WHERE id = ?1 AND status IN ('completed', 'failed')",
            vec![document.as_str().into(), object_key.into()],
        )
        .await?;
    Ok(changed == 1)
}
