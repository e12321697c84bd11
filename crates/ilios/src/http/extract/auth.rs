use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::required_scope::{other_scope, required_scope};
use crate::app::CallerError;
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::http::server::request_log::LogFields;
use crate::model::{Caller, Scope, Tenant};

/// Header of clients that cannot set `Authorization`.
pub(in crate::http) const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets a request through that comes with an accepted key (or any, on an open server) whose scopes allow the operation,
/// and tells the handlers whose it is.
pub(in crate::http) async fn require_key(
    State(state): State<HttpState>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match allowed_caller(&state, &parts).await {
        Ok(caller) => {
            parts.extensions.insert(caller.tenant.clone());
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn allowed_caller(state: &HttpState, request: &Parts) -> Result<Caller, Problem> {
    let key = key(&request.headers)?;
    let caller = state.app.caller(&state.api_keys, key.as_deref()).await;
    let caller = caller.map_err(refused)?;
    if let Some(log_fields) = request.extensions.get::<LogFields>() {
        log_fields.tenant(&caller.tenant);
    }
    let path = request.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    let scope = path.and_then(|path| required_scope(&request.method, path));
    let scope = scope.ok_or_else(|| Problem::internal("an operation has no scope"))?;
    let other = path.and_then(other_scope);
    if caller.may(scope) || other.is_some_and(|other| caller.may(other)) {
        Ok(caller)
    } else {
        Err(missing(scope, &caller))
    }
}

fn refused(error: CallerError) -> Problem {
    match error {
        // Whatever is the matter with the database: nobody is let in, and it may pass.
        CallerError::App(error) => Problem::unavailable(error),
        CallerError::Missing | CallerError::Unknown => Problem::new(
            Code::UNAUTHORIZED,
            "a valid API key is needed: send Authorization: Bearer <key>",
        ),
        CallerError::Ended(_) => Problem::new(Code::UNAUTHORIZED, error.to_string()),
    }
}

fn missing(scope: Scope, caller: &Caller) -> Problem {
    let scope = scope.as_str();
    let error = if caller.tenant == Tenant::anonymous() {
        format!(
            "an open server does not grant the scope `{scope}`: set ADMIN_KEY, or METRICS_KEY, and send it"
        )
    } else {
        format!("this API key lacks the scope `{scope}`")
    };
    Problem::new(Code::MISSING_SCOPE, error)
}

/// The key that a request comes with: as a bearer token, in `X-Api-Key`, or as the password (or the name alone) of the
/// basic scheme. `None` when it has none, or one that cannot be read.
fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let authorization = single(headers, &header::AUTHORIZATION, "authorization")?;
    let api_key = single(headers, &X_API_KEY, "x-api-key")?.map(|key| key.trim().to_owned());
    let authorized = match authorization.and_then(|value| value.split_once(' ')) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Some(token.trim().to_owned()),
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("basic") => {
            refuse_other_pages(headers)?;
            password(token.trim())
        }
        _ => None,
    };
    match (authorized, api_key) {
        (Some(one), Some(other)) if one != other => Err(Problem::invalid(
            "x-api-key",
            "has another key than Authorization: send one of them",
        )),
        (one, other) => Ok(one.or(other)),
    }
}

fn single<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
    field: &'static str,
) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let (value, more) = (values.next(), values.next());
    if more.is_some() {
        return Err(Problem::invalid(field, "must be sent once"));
    }
    // A text that is no ASCII is no key either: it is refused as a wrong one.
    Ok(value.map(|value| value.to_str().unwrap_or_default()))
}

/// A browser sends the password that its user once typed with the requests of any page.
fn refuse_other_pages(headers: &HeaderMap) -> Result<(), Problem> {
    let from = headers.get(SEC_FETCH_SITE).map(|value| value.as_bytes());
    match from {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(Problem::new(
            Code::ORIGIN_NOT_ALLOWED,
            "a web page of another origin cannot use a key that the browser keeps: send Authorization: Bearer <key>",
        )),
    }
}

fn password(token: &str) -> Option<String> {
    let text = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some(if password.is_empty() { name } else { password }.to_owned())
}

impl FromRequestParts<HttpState> for Tenant {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &HttpState) -> Result<Self, Problem> {
        let tenant = parts.extensions.get::<Self>().cloned();
        tenant.ok_or_else(|| Problem::internal("a handler that needs a tenant is on a public path"))
    }
}

impl FromRequestParts<HttpState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &HttpState) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| Problem::internal("a handler that needs a caller is on a public path"))
    }
}
