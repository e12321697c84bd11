//! Hostile files end in a typed error, quickly, within their budgets.

mod any_format;
mod markup;
mod packages;
