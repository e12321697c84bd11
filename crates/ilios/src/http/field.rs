use std::str::FromStr;

use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;

use super::codes::Code;
use super::problem::Problem;

/// Bytes that a part other than a file may have.
const MAX_VALUE: usize = 16 * 1024;

/// The value of a field.
pub(super) async fn value<T: FromStr>(name: &'static str, field: Field<'_>) -> Result<T, Problem>
where
    T::Err: std::fmt::Display,
{
    parsed(name, &text(name, field).await?)
}

/// A field that is `true` or `false`.
pub(super) async fn flag(name: &'static str, field: Field<'_>) -> Result<bool, Problem> {
    match text(name, field).await?.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Problem::invalid(name, "takes true or false")),
    }
}

/// A field's text, without the spaces around it.
pub(super) async fn text(name: &'static str, mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_VALUE {
            return Err(Problem::invalid(
                name,
                format_args!("takes at most {MAX_VALUE} bytes"),
            ));
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| Problem::invalid(name, "takes UTF-8 text"))?;
    Ok(text.trim().to_owned())
}

/// What a field's `text` says.
pub(super) fn parsed<T: FromStr>(name: &'static str, text: &str) -> Result<T, Problem>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|takes| Problem::invalid(name, takes))
}

/// A form, or its connection, that ended or went wrong.
pub(super) fn broken(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(Code::TOO_LARGE, "the request is larger than the server takes");
    }
    Problem::new(
        Code::INVALID_MULTIPART,
        format!("the form cannot be read: {}", error.body_text()),
    )
}
