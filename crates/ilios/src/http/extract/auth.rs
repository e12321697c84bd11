use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::http::server::request_log::LogFields;
use crate::model::Tenant;

/// Lets a request through that comes with an accepted key (or any, on an open server), and tells the
/// handlers whose it is.
pub(in crate::http) async fn require_key(
    State(state): State<HttpState>,
    mut request: Request,
    next: Next,
) -> Response {
    match tenant(&state, &request) {
        Ok(tenant) => {
            if let Some(log_fields) = request.extensions().get::<LogFields>() {
                log_fields.tenant(&tenant);
            }
            request.extensions_mut().insert(tenant);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

fn tenant(state: &HttpState, request: &Request) -> Result<Tenant, Problem> {
    if state.api_keys.is_open() {
        return Ok(Tenant::anonymous());
    }
    let mut values = request.headers().get_all(AUTHORIZATION).iter();
    let (value, more) = (values.next(), values.next());
    if more.is_some() {
        return Err(Problem::invalid("authorization", "must be sent once"));
    }
    let key = value.and_then(|value| value.to_str().ok()).and_then(bearer);
    key.and_then(|key| state.api_keys.tenant_of(key)).ok_or_else(|| {
        Problem::new(
            Code::UNAUTHORIZED,
            "a valid API key is needed: send Authorization: Bearer <key>",
        )
    })
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

impl FromRequestParts<HttpState> for Tenant {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &HttpState) -> Result<Self, Problem> {
        let tenant = parts.extensions.get::<Self>().cloned();
        tenant.ok_or_else(|| Problem::internal("a handler that needs a tenant is on a public path"))
    }
}
