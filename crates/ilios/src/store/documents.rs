use super::db::{DbError, Row, Tx};
use super::document_models::find_model;
use super::{Store, StoreError};
use crate::model::{
    Document, DocumentContent, DocumentModel, Failure, FileName, Id, Reconversion, RetentionDays, Tenant,
    Timestamp,
};

/// A query for what [`document`] reads, of the table `documents` under the name `d`.
macro_rules! select_documents {
    ($($rest:literal),+) => {
        concat!(
            "SELECT d.id, d.tenant, d.file_name, d.file_size, d.mime_type, d.sha256, d.status, d.created_at, \
             d.processed_at, d.retention_days, d.metadata, d.batch_id, d.options, d.object_key, d.error_code, \
             d.error, d.reconversion, d.reconversion_error_code, d.reconversion_error",
            $($rest),+
        )
    };
}
pub(super) use select_documents;

/// The document ?1 of the tenant ?2.
pub(super) const DOCUMENT: &str = select_documents!(" FROM documents d WHERE d.id = ?1 AND d.tenant = ?2");

/// The same with its content.
const DOCUMENT_WITH_CONTENT: &str = select_documents!(
    ", c.markdown, c.pages
     FROM documents d LEFT JOIN document_contents c ON c.document_id = d.id
     WHERE d.id = ?1 AND d.tenant = ?2"
);

/// Number of the columns.
const DOCUMENT_COLUMNS: usize = 19;

/// A document with its content, where it has one.
#[derive(Debug, Clone)]
pub struct StoredDocument {
    /// The document.
    pub document: Document,
    /// Its content, once it is completed.
    pub content: Option<DocumentContent>,
}

impl Store {
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
        Ok(self
            .db
            .one(DOCUMENT_WITH_CONTENT, values, stored_document)
            .await?)
    }

    /// The document `id` of `tenant` with its content and its model, all of the same conversion.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn document_with_model(
        &self,
        tenant: &Tenant,
        id: &Id,
    ) -> Result<Option<(StoredDocument, Option<DocumentModel>)>, StoreError> {
        let (tenant, id) = (tenant.clone(), id.clone());
        let read = self.db.read(move |tx| {
            Box::pin(async move {
                let values = vec![id.as_str().into(), tenant.as_str().into()];
                match tx.one(DOCUMENT_WITH_CONTENT, values, stored_document).await? {
                    Some(stored) => Ok(Some((stored, find_model(tx, &id).await?))),
                    None => Ok(None),
                }
            })
        });
        Ok(read.await?)
    }
}

fn stored_document(mut row: Row) -> Result<StoredDocument, DbError> {
    let content = content(&mut row)?;
    Ok(StoredDocument {
        document: document(row)?,
        content,
    })
}

/// Reads the columns of `select_documents!`.
pub(super) fn document(mut row: Row) -> Result<Document, DbError> {
    let metadata: Option<String> = row.take(10)?;
    let batch: Option<String> = row.take(11)?;
    let failure = failure(&mut row, 14)?;
    let reconversion = match row.take::<Option<String>>(16)? {
        Some(options) => Some(Reconversion {
            options: from_json(&options)?,
            failure: self::failure(&mut row, 17)?,
        }),
        None => None,
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
        reconversion,
    })
}

/// Reads a code and its message, in the columns from `first` on.
fn failure(row: &mut Row, first: usize) -> Result<Option<Failure>, DbError> {
    let (code, message): (Option<String>, Option<String>) = (row.take(first)?, row.take(first + 1)?);
    Ok(code.map(|code| Failure {
        code,
        message: message.unwrap_or_default(),
    }))
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

/// The document `id` of `tenant` inside a transaction.
pub(super) async fn find(tx: &mut Tx, tenant: &Tenant, id: &Id) -> Result<Option<Document>, DbError> {
    let values = vec![id.as_str().into(), tenant.as_str().into()];
    tx.one(DOCUMENT, values, document).await
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
