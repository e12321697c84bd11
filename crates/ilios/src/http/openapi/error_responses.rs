use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response};

use super::operations;

/// Error responses that operations share: the part of the request that calls for it, status, description. A part is the
/// API key, the query, a form, or the path parameter or header of this name. What an operation says itself of a status
/// goes before these, and of several the first counts.
#[rustfmt::skip]
const SHARED: &[(&str, &str, &str)] = &[
    ("key", "401", "The API key is missing or wrong"),
    ("form", "403", "The `url`, or the web page that asks, is not allowed, or the API key lacks the scope"),
    ("key", "403", "The API key lacks the scope"),
    ("id", "400", "The id is malformed"),
    ("id", "404", "No such document of this key"),
    ("batchId", "400", "The id is malformed"),
    ("batchId", "404", "No such batch of this key"),
    ("query", "400", "A parameter has a wrong value"),
    ("form", "400", "The form is broken or a field has a wrong value"),
    ("form", "408", "The body makes no progress"),
    ("form", "413", "The file is too large"),
    ("Idempotency-Key", "409", "The Idempotency-Key belongs to another request"),
];

/// Adds the error responses that operations share, and to all error responses that have no body the problem body.
pub(super) fn add_error_responses(openapi: &mut OpenApi) {
    for operation in operations(openapi) {
        let parts = parts(operation);
        let shared: Vec<_> = SHARED.iter().filter(|(part, ..)| parts.contains(part)).collect();
        let responses = &mut operation.responses.responses;
        for (_, status, description) in shared {
            let response = responses.entry((*status).to_owned());
            response.or_insert_with(|| RefOr::T(Response::new(*description)));
        }
        for (status, response) in responses {
            if let RefOr::T(response) = response
                && status.as_str() >= "400"
                && response.content.is_empty()
            {
                let body = Content::new(Some(Ref::from_schema_name("ProblemBody")));
                response
                    .content
                    .insert("application/json".to_owned(), RefOr::T(body));
            }
        }
    }
}

/// Parts of an operation's request, as [`SHARED`] names them. None of an operation without API key, which describes all
/// of its responses itself.
fn parts(operation: &Operation) -> Vec<&str> {
    if operation.security.is_some() {
        return Vec::new();
    }
    let mut parts = vec!["key"];
    if let Some(RefOr::T(body)) = &operation.request_body
        && body.content.contains_key("multipart/form-data")
    {
        parts.push("form");
    }
    for parameter in operation.parameters.iter().flatten() {
        match parameter {
            RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => parts.push("query"),
            RefOr::T(parameter) => parts.push(&parameter.name),
            RefOr::Ref(_) => {}
        }
    }
    parts
}
