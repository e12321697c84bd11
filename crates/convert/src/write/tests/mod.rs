//! Tables of cases for the Markdown writer, and random models for all writers.

mod markdown;
pub(in crate::write) mod models;
mod read_back;
