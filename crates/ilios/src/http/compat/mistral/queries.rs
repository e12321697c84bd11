use std::ops::RangeInclusive;

use super::fields::{Faults, Kind};
use super::refusal::Refusal;

/// Parameters of a query.
pub(super) type Pairs = Vec<(String, String)>;

/// Characters that are told of a name.
const MAX_NAME: usize = 64;

/// A whole number within a range.
pub(super) fn number(name: &str, value: &str, range: RangeInclusive<u64>) -> Result<u64, Refusal> {
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        let message = format!(
            "Input should be a whole number from {} to {}",
            range.start(),
            range.end()
        );
        refused(Kind::Value, name, &message)
    })
}

pub(super) fn flag(name: &str, value: &str) -> Result<bool, Refusal> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(refused(Kind::Value, name, "Input should be a valid boolean")),
    }
}

/// Refuses a parameter that is not known.
pub(super) fn unknown(name: &str) -> Refusal {
    refused(Kind::Extra, name, "Extra inputs are not permitted")
}

pub(super) fn refused(kind: Kind, name: &str, message: &str) -> Refusal {
    let mut faults = Faults::default();
    let name: String = name.chars().take(MAX_NAME).collect();
    faults.add(kind, &["query".into(), name.into()], message);
    Refusal::Invalid(faults)
}
