use std::fmt::Display;
use std::str::FromStr;

use futures::TryStreamExt;

use super::multipart::Field;
use super::param_values;
use crate::http::respond::problem::Problem;

/// Bytes that a part other than a file may have.
const MAX_VALUE: usize = 16 * 1024;

/// The value of a field; `None` when it is blank.
pub(in crate::http) async fn value<T: FromStr>(
    name: &'static str,
    field: Field<'_>,
) -> Result<Option<T>, Problem>
where
    T::Err: Display,
{
    param_values::value(name, Some(&text(name, field).await?))
}

/// A field that says yes or no; `None` when it is blank.
pub(in crate::http) async fn flag(name: &'static str, field: Field<'_>) -> Result<Option<bool>, Problem> {
    param_values::flag(name, Some(&text(name, field).await?))
}

/// A field's text.
pub(in crate::http) async fn text(name: &'static str, mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.try_next().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_VALUE {
            return Err(Problem::invalid(
                name,
                format_args!("takes at most {MAX_VALUE} bytes"),
            ));
        }
    }
    String::from_utf8(bytes).map_err(|_| Problem::invalid(name, "takes UTF-8 text"))
}
