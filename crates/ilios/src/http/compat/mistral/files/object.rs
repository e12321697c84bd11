use serde_json::{Value, json};

use crate::model::TenantFile;

/// Purpose of a document.
pub(super) const OCR: &str = "ocr";
/// Purpose of requests of a job.
pub(in crate::http::compat::mistral) const BATCH: &str = "batch";

/// A file as it is given out.
pub(super) fn object(file: &TenantFile) -> Value {
    json!({
        "id": file.id,
        "object": "file",
        "bytes": file.size,
        "created_at": file.created_at.as_millis().div_euclid(1_000),
        "expires_at": file.expires_at.as_millis().div_euclid(1_000),
        "filename": file.file_name.as_str(),
        "purpose": file.purpose,
        "sample_type": sample_type(file),
        "source": "upload",
        "num_lines": null,
        "mimetype": file.mime_type,
        "signature": file.sha256.get(..16),
        "visibility": "workspace",
    })
}

pub(super) fn sample_type(file: &TenantFile) -> &'static str {
    if file.purpose == BATCH {
        "batch_request"
    } else {
        "ocr_input"
    }
}
