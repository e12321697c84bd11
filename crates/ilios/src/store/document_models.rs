//! Models of documents, in pieces: a primary takes rows of 5 MB at most, and what a large document takes is not one value.

use super::db::{DbError, Tx, Value};
use crate::model::{DocumentModel, Id};

/// Bytes of a piece.
const PIECE_BYTES: usize = 1 << 20;

/// The model of the document, if one is stored.
pub(super) async fn find_model(tx: &mut Tx, document: &Id) -> Result<Option<DocumentModel>, DbError> {
    let sql = "SELECT version, encoding, bytes FROM document_models WHERE document_id = ?1 ORDER BY piece";
    let pieces = tx.all(sql, vec![document.as_str().into()], |mut row| {
        let piece: (String, String, Vec<u8>) = (row.take(0)?, row.take(1)?, row.take(2)?);
        Ok(piece)
    });
    Ok(joined(pieces.await?))
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
