use super::{FileName, Id, Tenant, Timestamp};

/// A file that a tenant keeps here to name it in requests. It is no document: nothing has been converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantFile {
    /// Its id.
    pub id: Id,
    /// Owner.
    pub tenant: Tenant,
    /// Its name.
    pub file_name: FileName,
    /// Bytes.
    pub size: u64,
    /// Media type by content.
    pub mime_type: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Use that its owner has named.
    pub purpose: String,
    /// Key of its bytes in the object store.
    pub object_key: String,
    /// Time at which it was stored.
    pub created_at: Timestamp,
    /// Time from which it is deleted.
    pub expires_at: Timestamp,
}
