//! Originals on this server, at addresses that are signed instead of needing an API key.

mod get;
mod put;
mod range;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::objects::{Access, ObjectKey, SignatureError, SignedQuery};

/// The operations on originals.
pub(in crate::http) fn operations() -> OpenApiRouter<HttpState> {
    OpenApiRouter::new().routes(routes!(put::put, get::get))
}

type Signed = Result<Query<SignedQuery>, QueryRejection>;

/// The key and the query of an address that this server has made for this access.
fn verified(
    state: &HttpState,
    access: Access,
    (area, id): (String, String),
    query: Signed,
) -> Result<(ObjectKey, SignedQuery), Problem> {
    if state.app.objects().is_remote() {
        return Err(Problem::new(Code::NOT_FOUND, "there is no such path"));
    }
    let Query(query) = query.map_err(|_| Problem::from(SignatureError::Forged))?;
    let (key, now) = (format!("{area}/{id}"), state.app.now());
    let key = state.app.objects().verify(access, &key, &query, now)?;
    Ok((key, query))
}
