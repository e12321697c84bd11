use axum::http::Method;

use crate::model::Scope;

/// Every operation that needs an API key: method, path, and the scope that the key must have.
pub const PROTECTED_PATHS: &[(&str, &str, Scope)] = &[
    ("POST", "/v1/convert", Scope::Convert),
    ("POST", "/v1/estimate", Scope::Convert),
    ("GET", "/api/documents", Scope::Read),
    ("GET", "/api/documents/summary", Scope::Read),
    ("GET", "/api/queue", Scope::Read),
    ("POST", "/api/documents/submit", Scope::Convert),
    ("POST", "/api/documents/upload-url", Scope::Convert),
    ("POST", "/api/documents/upload-complete/{id}", Scope::Convert),
    ("GET", "/api/documents/status/{id}", Scope::Read),
    ("GET", "/api/documents/{id}", Scope::Read),
    ("DELETE", "/api/documents/{id}", Scope::Convert),
    ("GET", "/api/documents/{id}/original", Scope::Read),
    ("GET", "/api/documents/{id}/images/{name}", Scope::Read),
    ("GET", "/api/documents/{id}/places", Scope::Read),
    ("GET", "/api/documents/{id}/locate", Scope::Read),
    ("GET", "/api/documents/{id}/pages/{picture}", Scope::Read),
    ("GET", "/api/documents/{id}/blocks/{picture}", Scope::Read),
    ("POST", "/api/documents/{id}/cancel", Scope::Convert),
    ("POST", "/api/documents/{id}/retry", Scope::Convert),
    ("POST", "/api/documents/{id}/reconvert", Scope::Convert),
    ("GET", "/v1/batch", Scope::Read),
    ("POST", "/v1/batch/submit", Scope::Convert),
    ("GET", "/v1/batch/status/{batchId}", Scope::Read),
    ("GET", "/v1/batch/download/{batchId}", Scope::Read),
    ("POST", "/v1/batch/{batchId}/cancel", Scope::Convert),
    ("GET", "/api/usage/summary", Scope::Usage),
    ("GET", "/api/usage/breakdown", Scope::Usage),
    ("GET", "/api/usage/records", Scope::Usage),
    ("GET", "/metrics", Scope::Metrics),
    ("POST", "/api/admin/keys", Scope::Admin),
    ("GET", "/api/admin/keys", Scope::Admin),
    ("POST", "/api/admin/keys/adopt", Scope::Admin),
    ("POST", "/api/admin/keys/{id}/revoke", Scope::Admin),
    ("POST", "/api/admin/keys/{id}/rotate", Scope::Admin),
    ("GET", "/api/admin/tenants", Scope::Admin),
    ("POST", "/api/admin/tenants/{id}/rename", Scope::Admin),
    ("GET", "/api/admin/queue", Scope::Admin),
    ("GET", "/api/admin/workers", Scope::Admin),
    ("GET", "/api/admin/usage", Scope::Admin),
    ("GET", "/api/admin/audit", Scope::Admin),
];

/// Every operation of another product's interface that needs an API key, as [`PROTECTED_PATHS`] has our own.
#[rustfmt::skip]
pub const COMPAT_PATHS: &[(&str, &str, Scope)] = &[
    ("PUT", "/process", Scope::Convert),
    ("POST", "/api/v1/marker", Scope::Convert),
    ("GET", "/tika", Scope::Convert),
    ("PUT", "/tika", Scope::Convert),
    ("PUT", "/tika/{form}", Scope::Convert),
    ("PUT", "/tika/json/{form}", Scope::Convert),
    ("POST", "/tika/form", Scope::Convert),
    ("POST", "/tika/form/{form}", Scope::Convert),
    ("PUT", "/rmeta", Scope::Convert),
    ("PUT", "/rmeta/{form}", Scope::Convert),
    ("POST", "/rmeta/form", Scope::Convert),
    ("POST", "/rmeta/form/{form}", Scope::Convert),
    ("PUT", "/meta", Scope::Convert),
    ("PUT", "/meta/{field}", Scope::Convert),
    ("POST", "/meta/form", Scope::Convert),
    ("PUT", "/detect", Scope::Convert),
    ("PUT", "/detect/stream", Scope::Convert),
    ("PUT", "/language", Scope::Convert),
    ("POST", "/language", Scope::Convert),
    ("PUT", "/language/stream", Scope::Convert),
    ("POST", "/language/stream", Scope::Convert),
    ("PUT", "/language/string", Scope::Convert),
    ("POST", "/language/string", Scope::Convert),
    ("PUT", "/unpack", Scope::Convert),
    ("PUT", "/unpack/all", Scope::Convert),
    ("POST", "/v1/convert/file", Scope::Convert),
    ("POST", "/v1/convert/file/async", Scope::Convert),
    ("POST", "/v1/convert/source", Scope::Convert),
    ("POST", "/v1/convert/source/async", Scope::Convert),
    ("POST", "/v1/chunk/{chunker}/file", Scope::Convert),
    ("POST", "/v1/chunk/{chunker}/file/async", Scope::Convert),
    ("POST", "/v1/chunk/{chunker}/source", Scope::Convert),
    ("POST", "/v1/chunk/{chunker}/source/async", Scope::Convert),
    ("GET", "/v1/status/poll/{task}", Scope::Read),
    ("GET", "/v1/status/ws/{task}", Scope::Read),
    ("GET", "/v1/result/{task}", Scope::Read),
    ("POST", "/v1alpha/convert/file", Scope::Convert),
    ("POST", "/v1alpha/convert/file/async", Scope::Convert),
    ("POST", "/v1alpha/convert/source", Scope::Convert),
    ("POST", "/v1alpha/convert/source/async", Scope::Convert),
    ("GET", "/v1alpha/status/poll/{task}", Scope::Read),
    ("GET", "/v1alpha/status/ws/{task}", Scope::Read),
    ("GET", "/v1alpha/result/{task}", Scope::Read),
    ("POST", "/general/v0/general", Scope::Convert),
    ("POST", "/general/v0/general/general/v0/general", Scope::Convert),
    ("POST", "/mcp", Scope::Read),
    ("POST", "/v1/ocr", Scope::Convert),
    ("POST", "/v1/files", Scope::Convert),
    ("GET", "/v1/files", Scope::Read),
    ("GET", "/v1/files/{file_id}", Scope::Read),
    ("DELETE", "/v1/files/{file_id}", Scope::Convert),
    ("GET", "/v1/files/{file_id}/content", Scope::Read),
    ("GET", "/v1/files/{file_id}/url", Scope::Read),
    ("POST", "/v1/batch/jobs", Scope::Convert),
    ("GET", "/v1/batch/jobs", Scope::Read),
    ("GET", "/v1/batch/jobs/{job_id}", Scope::Read),
    ("POST", "/v1/batch/jobs/{job_id}/cancel", Scope::Convert),
    ("DELETE", "/v1/batch/jobs/{job_id}", Scope::Convert),
];

/// Paths that another scope opens, too: what is done there by it needs it, and checks that itself.
const OPENED_BY: &[(&str, Scope)] = &[("/mcp", Scope::Convert)];

/// Another scope that opens an operation.
pub(in crate::http) fn other_scope(path: &str) -> Option<Scope> {
    let found = OPENED_BY.iter().find(|(at, _)| *at == path);
    found.map(|(_, scope)| *scope)
}

/// The scope that an operation needs; `None` for what is no protected operation.
pub(in crate::http) fn required_scope(method: &Method, path: &str) -> Option<Scope> {
    let method = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let mut protected = PROTECTED_PATHS.iter().chain(COMPAT_PATHS);
    let found = protected.find(|(of, at, _)| *at == path && method.as_str() == *of);
    found.map(|(_, _, scope)| *scope)
}
