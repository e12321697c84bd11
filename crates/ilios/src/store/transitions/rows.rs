use crate::model::{Document, DocumentContent, DocumentModel, Id, Timestamp, UsageRecord};
use crate::store::db::{DbError, Tx};
use crate::store::document_models::pieces;
use crate::store::documents::json;

/// A document to insert, with what it came to where it has ended.
pub(in crate::store) struct NewRow {
    pub(in crate::store) document: Document,
    /// Place in its batch: ids do not tell the order of what is sent within a millisecond.
    pub(in crate::store) position: Option<i64>,
    /// Time at which its direct upload is given up.
    pub(in crate::store) upload_expires_at: Option<Timestamp>,
    pub(in crate::store) content: Option<DocumentContent>,
    pub(in crate::store) model: Option<DocumentModel>,
    pub(in crate::store) usage: Option<UsageRecord>,
}

impl NewRow {
    /// A document without a result.
    pub(in crate::store) fn of(document: Document) -> Self {
        Self {
            document,
            position: None,
            upload_expires_at: None,
            content: None,
            model: None,
            usage: None,
        }
    }
}

pub(in crate::store) async fn insert_row(tx: &mut Tx, row: NewRow) -> Result<(), DbError> {
    let document = row.document;
    let expires_at = document.created_at.plus(document.retention.duration());
    let metadata = document.metadata.map(|metadata| json(&metadata)).transpose()?;
    let (error_code, error) = document
        .failure
        .map(|failure| (failure.code, failure.message))
        .unzip();
    tx.run(
        "INSERT INTO documents (id, tenant, file_name, file_size, mime_type, sha256, status, created_at,
             processed_at, retention_days, expires_at, metadata, batch_id, options, object_key, error_code, error,
             batch_position, upload_expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
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
            row.position.into(),
            row.upload_expires_at.map(Timestamp::as_millis).into(),
        ],
    )
    .await?;
    if let Some(content) = row.content {
        insert_content(tx, document.id.as_str(), content, row.model).await?;
    }
    match row.usage {
        Some(usage) => insert_usage(tx, usage).await,
        None => Ok(()),
    }
}

/// Deletes what a document was converted to before.
pub(super) async fn delete_content(tx: &mut Tx, id: &str) -> Result<(), DbError> {
    for statement in [
        "DELETE FROM document_models WHERE document_id = ?1",
        "DELETE FROM document_contents WHERE document_id = ?1",
    ] {
        tx.run(statement, vec![id.into()]).await?;
    }
    Ok(())
}

/// Inserts what a document was converted to: its content, and its model where the engine has made one.
pub(super) async fn insert_content(
    tx: &mut Tx,
    id: &str,
    content: DocumentContent,
    model: Option<DocumentModel>,
) -> Result<(), DbError> {
    let pages = json(&content.pages)?;
    tx.run(
        "INSERT INTO document_contents (document_id, markdown, pages) VALUES (?1, ?2, ?3)",
        vec![id.into(), content.markdown.into(), pages.into()],
    )
    .await?;
    for piece in model.iter().flat_map(|model| pieces(id, model)) {
        tx.run(
            "INSERT INTO document_models (document_id, piece, version, encoding, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
            piece,
        )
        .await?;
    }
    Ok(())
}

/// Inserts a usage record. A second one for the same conversion of a document is refused by the
/// table.
pub(in crate::store) async fn insert_usage(tx: &mut Tx, usage: UsageRecord) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO usage_records (id, tenant, document_id, operation, engine, model, pages, input_tokens,
             output_tokens, unit_price, margin_basis_points, base, total, created_at, conversion)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
             COALESCE((SELECT d.conversion FROM documents d WHERE d.id = ?3), 1))",
        vec![
            usage.id.as_str().into(),
            usage.tenant.as_str().into(),
            usage.document_id.as_str().into(),
            usage.operation.as_str().into(),
            usage.engine.into(),
            usage.model.into(),
            usage.pages.into(),
            usage.input_tokens.into(),
            usage.output_tokens.into(),
            usage.unit_price.get().into(),
            usage.margin_basis_points.into(),
            usage.base.get().into(),
            usage.total.get().into(),
            usage.created_at.as_millis().into(),
        ],
    )
    .await
}
