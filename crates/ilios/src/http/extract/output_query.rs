use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use ilios_convert::WriteOptions;

use super::param_values;
use crate::app::OutputRequest;
use crate::http::HttpState;
use crate::http::respond::problem::Problem;

/// Output that the query of a request asks for: `format`, and the options of the outputs.
pub(in crate::http) struct OutputQuery(pub(in crate::http) OutputRequest);

impl FromRequestParts<HttpState> for OutputQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let mut wanted = OutputRequest::default();
        for (name, text) in query.map(|query| query.0).unwrap_or_default() {
            if name == "format" {
                wanted.format = param_values::value("format", Some(&text))?.unwrap_or_default();
            } else if let Some((name, value)) = option(&name, &text)? {
                wanted.changes.push((name, value));
            }
        }
        check(state, &wanted.changes)?;
        Ok(Self(wanted))
    }
}

/// Refuses what no output can be written with here.
fn check(state: &HttpState, changes: &[(&'static str, String)]) -> Result<(), Problem> {
    let mut options = WriteOptions::default();
    for (name, value) in changes {
        options
            .set(name, value)
            .map_err(|takes| Problem::invalid(name, takes))?;
    }
    Ok(state.app.check_output(&options)?)
}

/// An option of the outputs with its value, if `name` is one and has a value.
fn option(name: &str, text: &str) -> Result<Option<(&'static str, String)>, Problem> {
    let Some(option) = WriteOptions::TABLE.iter().find(|option| option.name == name) else {
        return Ok(None);
    };
    let Some(value) = param_values::given(Some(text)) else {
        return Ok(None);
    };
    match WriteOptions::default().set(option.name, value) {
        Ok(_) => Ok(Some((option.name, value.to_owned()))),
        Err(takes) => Err(Problem::invalid(option.name, takes)),
    }
}

/// Options of the outputs that the query of a request names, whatever its `format` is.
pub(in crate::http) struct OutputChanges(pub(in crate::http) Vec<(&'static str, String)>);

impl FromRequestParts<HttpState> for OutputChanges {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Problem> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let query = query.map(|query| query.0).unwrap_or_default();
        let options = query.iter().map(|(name, text)| option(name, text));
        let options = options.filter_map(Result::transpose);
        let changes = options.collect::<Result<Vec<_>, _>>()?;
        check(state, &changes)?;
        Ok(Self(changes))
    }
}
