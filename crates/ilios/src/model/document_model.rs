use bytes::Bytes;

/// Model of a document as it is stored: bytes that only a child process reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentModel {
    /// Version of the model.
    pub version: String,
    /// Encoding of the bytes.
    pub encoding: String,
    /// The model.
    pub bytes: Bytes,
}
