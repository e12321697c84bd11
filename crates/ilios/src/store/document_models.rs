//! Models of documents, in pieces: a primary takes rows of 5 MB at most, and what a large document takes is not one value.

use super::db::Value;
use super::{Store, StoreError};
use crate::model::{DocumentModel, Id, Tenant};

/// Bytes of a piece.
const PIECE_BYTES: usize = 1 << 20;

impl Store {
    /// The model of the document `id` of `tenant`, if one is stored.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn document_model(
        &self,
        tenant: &Tenant,
        id: &Id,
    ) -> Result<Option<DocumentModel>, StoreError> {
        let sql = "SELECT m.version, m.encoding, m.bytes
             FROM document_models m JOIN documents d ON d.id = m.document_id
             WHERE m.document_id = ?1 AND d.tenant = ?2 ORDER BY m.piece";
        let values = vec![id.as_str().into(), tenant.as_str().into()];
        let pieces = self
            .db
            .all(sql, values, |mut row| {
                let piece: (String, String, Vec<u8>) = (row.take(0)?, row.take(1)?, row.take(2)?);
                Ok(piece)
            })
            .await?;
        Ok(joined(pieces))
    }
}

fn joined(pieces: Vec<(String, String, Vec<u8>)>) -> Option<DocumentModel> {
    let mut pieces = pieces.into_iter();
    let (version, encoding, mut bytes) = pieces.next()?;
    for (_, _, piece) in pieces {
        bytes.extend(piece);
    }
    Some(DocumentModel {
        version,
        encoding,
        bytes: bytes.into(),
    })
}

/// The rows of a model: the values of its pieces.
pub(super) fn pieces<'a>(
    document: &'a str,
    model: &'a DocumentModel,
) -> impl Iterator<Item = Vec<Value>> + 'a {
    let numbered = (0_i64..).zip(model.bytes.chunks(PIECE_BYTES));
    numbered.map(move |(number, piece)| {
        vec![
            document.into(),
            number.into(),
            model.version.as_str().into(),
            model.encoding.as_str().into(),
            Value::Blob(piece.to_vec()),
        ]
    })
}
