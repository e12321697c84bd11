use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use utoipa::IntoParams;

use super::param_values;
use crate::http::respond::problem::Problem;
use crate::model::Timestamp;
use crate::store::{Cursor, TimeRange};

/// Rows of a list where the client does not say how many.
pub(in crate::http) const DEFAULT_LIMIT: u32 = 50;
/// The most rows of a list.
pub(in crate::http) const MAX_LIMIT: u32 = 200;
/// The most seconds that a client may wait for something to end.
pub(in crate::http) const MAX_WAIT: u64 = 60;
/// A day less a millisecond.
const DAY_MINUS_MILLI: Duration = Duration::from_millis(24 * 60 * 60 * 1_000 - 1);

/// Pagination parameters of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct PaginationQuery {
    /// At most so many, 1 to 200; 50 by default.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// Position to continue from: the `nextCursor` of the previous answer.
    cursor: Option<String>,
}

impl PaginationQuery {
    /// Returns the row to continue after, and the most rows to return.
    pub(in crate::http) fn cursor_and_limit(&self) -> Result<(Option<Cursor>, u32), Problem> {
        Ok((cursor(self.cursor.as_ref())?, limit(self.limit.as_ref())?))
    }
}

/// Range of the rows that count or are listed, by their creation time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct RangeQuery {
    /// Those of this moment (RFC 3339) or day (`2026-01-31`, UTC) or later.
    pub(in crate::http) start_date: Option<String>,
    /// Those of this moment (RFC 3339) or day (`2026-01-31`, UTC, to its end) or earlier.
    pub(in crate::http) end_date: Option<String>,
}

impl RangeQuery {
    /// Returns the range; without parameters that of all rows.
    pub(in crate::http) fn range(&self) -> Result<TimeRange, Problem> {
        Ok(TimeRange {
            from: first_moment("startDate", self.start_date.as_ref())?,
            to: last_moment("endDate", self.end_date.as_ref())?,
        })
    }
}

/// `format` of a list: returns true for CSV, false for JSON.
pub(in crate::http) fn is_csv(format: Option<&String>) -> Result<bool, Problem> {
    match given(format) {
        None | Some("json") => Ok(false),
        Some("csv") => Ok(true),
        Some(_) => Err(Problem::invalid("format", "takes json or csv")),
    }
}

/// A parameter that was sent with a value.
pub(in crate::http) fn given(text: Option<&String>) -> Option<&str> {
    param_values::given(text.map(String::as_str))
}

/// `limit`: rows of a list.
pub(in crate::http) fn limit(text: Option<&String>) -> Result<u32, Problem> {
    match given(text).map(u32::from_str) {
        None => Ok(DEFAULT_LIMIT),
        Some(Ok(limit @ 1..=MAX_LIMIT)) => Ok(limit),
        Some(_) => Err(Problem::invalid(
            "limit",
            format_args!("takes a whole number from 1 to {MAX_LIMIT}"),
        )),
    }
}

/// `wait`: how long to wait for something to end.
pub(in crate::http) fn wait(text: Option<&String>) -> Result<Duration, Problem> {
    match given(text).map(u64::from_str) {
        None => Ok(Duration::ZERO),
        Some(Ok(seconds @ 0..=MAX_WAIT)) => Ok(Duration::from_secs(seconds)),
        Some(_) => Err(Problem::invalid(
            "wait",
            format_args!("takes a whole number of seconds from 0 to {MAX_WAIT}"),
        )),
    }
}

/// Yes or no; no by default.
pub(in crate::http) fn flag(name: &'static str, text: Option<&String>) -> Result<bool, Problem> {
    Ok(param_values::flag(name, text.map(String::as_str))?.unwrap_or_default())
}

/// One of `known`, by its name; `None` by default.
pub(in crate::http) fn choice<T: FromStr>(
    name: &'static str,
    text: Option<&String>,
    takes: &str,
) -> Result<Option<T>, Problem> {
    given(text)
        .map(|text| text.parse().map_err(|_| Problem::invalid(name, takes)))
        .transpose()
}

/// `cursor`: where a list goes on.
pub(in crate::http) fn cursor(text: Option<&String>) -> Result<Option<Cursor>, Problem> {
    let Some(text) = given(text) else {
        return Ok(None);
    };
    let parts = text
        .split_once('-')
        .and_then(|(moment, id)| Some((moment.parse().ok()?, id.parse().ok()?)));
    let (moment, id) =
        parts.ok_or_else(|| Problem::invalid("cursor", "takes a nextCursor as it was given"))?;
    Ok(Some(Cursor {
        created_at: Timestamp::from_millis(moment),
        id,
    }))
}

/// A cursor as clients see it.
pub(in crate::http) fn cursor_text(cursor: &Cursor) -> String {
    format!("{}-{}", cursor.created_at.as_millis(), cursor.id)
}

/// The first moment that `name` includes: a moment, or the beginning of a day.
fn first_moment(name: &'static str, text: Option<&String>) -> Result<Option<Timestamp>, Problem> {
    Ok(moment(name, text)?.map(|(moment, _)| moment))
}

/// The last moment that `name` includes: a moment, or the end of a day.
fn last_moment(name: &'static str, text: Option<&String>) -> Result<Option<Timestamp>, Problem> {
    Ok(moment(name, text)?.map(|(moment, day)| if day { moment.plus(DAY_MINUS_MILLI) } else { moment }))
}

/// A moment, and whether it stands for a whole day.
fn moment(name: &'static str, text: Option<&String>) -> Result<Option<(Timestamp, bool)>, Problem> {
    let Some(text) = given(text) else {
        return Ok(None);
    };
    let day = text.len() == "2026-01-31".len();
    let moment = if day {
        format!("{text}T00:00:00Z")
    } else {
        // The + of an offset arrives as a space when it was not encoded.
        text.replace(' ', "+")
    };
    match moment.parse() {
        Ok(moment) => Ok(Some((moment, day))),
        Err(_) => Err(Problem::invalid(
            name,
            "takes RFC 3339 such as 2026-01-31T12:00:00Z, or a day such as 2026-01-31",
        )),
    }
}
