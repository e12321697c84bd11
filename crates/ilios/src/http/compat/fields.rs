use std::str::FromStr;

use crate::http::respond::problem::Problem;

/// A flag, as servers made with pydantic read it.
pub(super) fn flag(name: &'static str, text: &str) -> Result<bool, Problem> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" | "t" | "y" => Ok(true),
        "false" | "0" | "no" | "off" | "f" | "n" => Ok(false),
        _ => Err(Problem::invalid(name, "takes true or false")),
    }
}

/// A whole number that is not negative.
pub(super) fn number<T: FromStr>(name: &'static str, text: &str) -> Result<T, Problem> {
    let number = text.trim().parse();
    number.map_err(|_| Problem::invalid(name, "takes a whole number"))
}
