use axum::http::StatusCode;
use serde_json::json;

use crate::http::respond::codes::Code;
use crate::http::respond::problem::ErrorForm;

/// Codes of JSON-RPC.
const PARSE_ERROR: i32 = -32_700;
const INVALID_REQUEST: i32 = -32_600;
const INTERNAL_ERROR: i32 = -32_603;

/// Errors of what is no message of the protocol, or must not be answered: those of JSON-RPC, with our own code beside.
pub(in crate::http::compat) const ERRORS: ErrorForm = ErrorForm(|problem| {
    let status = problem.http_status();
    let code = match problem.code() {
        Code::INVALID_BODY => PARSE_ERROR,
        _ if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE => INTERNAL_ERROR,
        _ => INVALID_REQUEST,
    };
    let error = json!({"code": code, "message": problem.error(), "data": {"code": problem.code().name()}});
    (status, json!({"jsonrpc": "2.0", "id": null, "error": error}))
});
