//! Reads the values of form fields, query parameters and JSON fields, all by the same rules.

use std::fmt::Display;
use std::str::FromStr;

use crate::http::respond::problem::Problem;
use crate::model::parse_flag;

/// The value without the spaces around it; `None` when it was not sent or is blank, which is the same.
pub(in crate::http) fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// A value that its type reads.
pub(in crate::http) fn value<T: FromStr>(name: &'static str, text: Option<&str>) -> Result<Option<T>, Problem>
where
    T::Err: Display,
{
    let read = given(text).map(str::parse).transpose();
    read.map_err(|takes: T::Err| Problem::invalid(name, takes))
}

/// Yes or no.
pub(in crate::http) fn flag(name: &'static str, text: Option<&str>) -> Result<Option<bool>, Problem> {
    let read = given(text).map(|text| {
        parse_flag(text)
            .ok_or_else(|| Problem::invalid(name, "takes true or false (also 1 or 0, on or off, yes or no)"))
    });
    read.transpose()
}
