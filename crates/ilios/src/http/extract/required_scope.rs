use axum::http::Method;

use crate::model::Scope;

/// Every operation that needs an API key: method, path, and the scope that the key must have.
pub const PROTECTED_PATHS: &[(&str, &str, Scope)] = &[
    ("POST", "/v1/convert", Scope::Convert),
    ("POST", "/v1/estimate", Scope::Convert),
    ("GET", "/api/documents", Scope::Read),
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
    ("GET", "/api/admin/audit", Scope::Admin),
];

/// The scope that an operation needs; `None` for what is no protected operation.
pub(in crate::http) fn required_scope(method: &Method, path: &str) -> Option<Scope> {
    let method = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let mut protected = PROTECTED_PATHS.iter();
    let found = protected.find(|(of, at, _)| *at == path && method.as_str() == *of);
    found.map(|(_, _, scope)| *scope)
}
