//! Tables of cases for the Markdown writer.

mod markdown;
mod read_back;
