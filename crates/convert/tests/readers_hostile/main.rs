//! Hostile files end in a typed error, quickly, within their budgets.
#![expect(
    clippy::unwrap_used,
    reason = "the makers of documents fail as their tests do"
)]

#[path = "../documents/mod.rs"]
mod documents;

mod any_format;
mod markup;
mod packages;
