use std::ops::Range;

use axum::http::{HeaderMap, header};

/// Range of a file that a client requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RequestedRange {
    /// All of it.
    All,
    /// These bytes, as far as it has them.
    Range(Range<u64>),
    /// So many from its end.
    Last(u64),
}

/// Reads the header `Range`. All is given, as RFC 9110 allows, where it asks for several ranges or makes no sense, and
/// where `If-Range` names a version: files have none.
pub(super) fn requested_range(request: &HeaderMap) -> RequestedRange {
    if request.contains_key(header::IF_RANGE) {
        return RequestedRange::All;
    }
    let range = request.get(header::RANGE).and_then(|value| value.to_str().ok());
    range.and_then(parsed).unwrap_or(RequestedRange::All)
}

fn parsed(text: &str) -> Option<RequestedRange> {
    let (unit, range) = text.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    match (first, last) {
        ("", last) => number(last).map(RequestedRange::Last),
        (first, "") => Some(RequestedRange::Range(number(first)?..u64::MAX)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then(|| RequestedRange::Range(first..last.saturating_add(1)))
        }
    }
}

/// Digits alone: `parse` would take a sign, too.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}
