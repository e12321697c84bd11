use super::db::{DbError, Row, Tx};
use super::idempotency::{IdempotencyKey, insert_idempotency_key};
use super::images::insert_image;
use super::usage::insert_usage;
use super::{Store, StoreError};
use crate::model::{
    Document, DocumentContent, DocumentImage, Failure, FileName, Id, RetentionDays, Tenant, Timestamp,
    UsageRecord,
};

/// The columns that [`document`] reads, of the table `documents` under the name `d`.
macro_rules! document_columns {
    () => {
        "d.id, d.tenant, d.file_name, d.file_size, d.mime_type, d.sha256, d.status, d.created_at, \
         d.processed_at, d.retention_days, d.metadata, d.batch_id, d.options, d.object_key, d.error_code, d.error"
    };
}
pub(super) use document_columns;

/// The document ?1 of the tenant ?2.
pub(super) const DOCUMENT: &str = concat!(
    "SELECT ",
    document_columns!(),
    " FROM documents d WHERE d.id = ?1 AND d.tenant = ?2"
);

/// Number of the columns.
const DOCUMENT_COLUMNS: usize = 16;

/// A document that was converted at once, with everything that is kept of it.
#[derive(Debug, Clone)]
pub struct CompletedDocument {
    /// The document, status `completed`.
    pub document: Document,
    /// Its content.
    pub content: DocumentContent,
    /// Its cost.
    pub usage: UsageRecord,
    /// Its pictures.
    pub images: Vec<DocumentImage>,
    /// The request's `Idempotency-Key`, if it has one.
    pub idempotency: Option<IdempotencyKey>,
}

/// A document with its content, where it has one.
#[derive(Debug, Clone)]
pub struct StoredDocument {
    /// The document.
    pub document: Document,
    /// Its content, once it is completed.
    pub content: Option<DocumentContent>,
}

impl Store {
    /// Stores a document together with its content, its usage record and its idempotency key: all or none.
    ///
    /// # Errors
    /// [`StoreError::Database`]; then nothing was stored. [`StoreError::Conflict`] when the idempotency
    /// key is taken.
    pub async fn insert_completed(&self, completed: CompletedDocument) -> Result<(), StoreError> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let id = completed.document.id.to_string();
                    insert_document(tx, completed.document).await?;
                    insert_content(tx, id.clone(), completed.content).await?;
                    for image in completed.images {
                        insert_image(tx, &id, image).await?;
                    }
                    insert_usage(tx, completed.usage).await?;
                    match completed.idempotency {
                        Some(key) => insert_idempotency_key(tx, key).await,
                        None => Ok(()),
                    }
                })
            })
            .await?;
        Ok(())
    }

    /// The document `id` of `tenant`, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn document(&self, tenant: &Tenant, id: &Id) -> Result<Option<Document>, StoreError> {
        let values = vec![id.as_str().into(), tenant.as_str().into()];
        Ok(self.db.one(DOCUMENT, values, document).await?)
    }

    /// The document `id` of `tenant` with its content, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn document_with_content(
        &self,
        tenant: &Tenant,
        id: &Id,
    ) -> Result<Option<StoredDocument>, StoreError> {
        let values = vec![id.as_str().into(), tenant.as_str().into()];
        let sql = concat!(
            "SELECT ",
            document_columns!(),
            ", c.markdown, c.pages
             FROM documents d LEFT JOIN document_contents c ON c.document_id = d.id
             WHERE d.id = ?1 AND d.tenant = ?2"
        );
        let stored = |mut row: Row| {
            let content = content(&mut row)?;
            Ok(StoredDocument {
                document: document(row)?,
                content,
            })
        };
        Ok(self.db.one(sql, values, stored).await?)
    }
}

pub(super) async fn insert_document(tx: &mut Tx, document: Document) -> Result<(), DbError> {
    let expires_at = document.created_at.plus(document.retention.duration());
    let metadata = document.metadata.map(|metadata| json(&metadata)).transpose()?;
    let (error_code, error) = split(document.failure);
    tx.run(
        "INSERT INTO documents (id, tenant, file_name, file_size, mime_type, sha256, status, created_at,
             processed_at, retention_days, expires_at, metadata, batch_id, options, object_key, error_code, error)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        vec![
            document.id.as_str().into(),
            document.tenant.as_str().into(),
            document.file_name.as_str().into(),
            document.file_size.into(),
            document.mime_type.into(),
            document.sha256.into(),
            document.status.as_str().into(),
            document.created_at.as_millis().into(),
            document.processed_at.map(Timestamp::as_millis).into(),
            document.retention.days().into(),
            expires_at.as_millis().into(),
            metadata.into(),
            document.batch.as_ref().map(Id::as_str).into(),
            json(&document.options)?.into(),
            document.object_key.into(),
            error_code.into(),
            error.into(),
        ],
    )
    .await
}

/// The two columns of a failure.
pub(super) fn split(failure: Option<Failure>) -> (Option<String>, Option<String>) {
    failure.map(|failure| (failure.code, failure.message)).unzip()
}

pub(super) async fn insert_content(tx: &mut Tx, id: String, content: DocumentContent) -> Result<(), DbError> {
    let pages = json(&content.pages)?;
    tx.run(
        "INSERT INTO document_contents (document_id, markdown, pages) VALUES (?1, ?2, ?3)",
        vec![id.into(), content.markdown.into(), pages.into()],
    )
    .await
}

/// Reads the columns of `document_columns!`.
pub(super) fn document(mut row: Row) -> Result<Document, DbError> {
    let metadata: Option<String> = row.take(10)?;
    let batch: Option<String> = row.take(11)?;
    let failure = match (row.take(14)?, row.take::<Option<String>>(15)?) {
        (Some(code), message) => Some(Failure {
            code,
            message: message.unwrap_or_default(),
        }),
        (None, _) => None,
    };
    Ok(Document {
        id: parsed(&row.take::<String>(0)?)?,
        tenant: Tenant::stored(row.take(1)?),
        file_name: FileName::clean(&row.take::<String>(2)?),
        file_size: row.take(3)?,
        mime_type: row.take(4)?,
        sha256: row.take(5)?,
        status: parsed(&row.take::<String>(6)?)?,
        created_at: Timestamp::from_millis(row.take(7)?),
        processed_at: row.take::<Option<i64>>(8)?.map(Timestamp::from_millis),
        retention: parsed::<RetentionDays>(&row.take::<i64>(9)?.to_string())?,
        metadata: metadata.map(|text| from_json(&text)).transpose()?,
        batch: batch.map(|text| parsed(&text)).transpose()?,
        options: from_json(&row.take::<String>(12)?)?,
        object_key: row.take(13)?,
        failure,
    })
}

/// Reads the two columns after the document's.
fn content(row: &mut Row) -> Result<Option<DocumentContent>, DbError> {
    let markdown: Option<String> = row.take(DOCUMENT_COLUMNS)?;
    let pages: Option<String> = row.take(DOCUMENT_COLUMNS + 1)?;
    match (markdown, pages) {
        (Some(markdown), Some(pages)) => Ok(Some(DocumentContent {
            markdown,
            pages: from_json(&pages)?,
        })),
        _ => Ok(None),
    }
}

pub(super) fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, DbError>
where
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|error: T::Err| DbError::Schema(error.to_string()))
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|error| DbError::Schema(error.to_string()))
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|error| DbError::Schema(error.to_string()))
}
