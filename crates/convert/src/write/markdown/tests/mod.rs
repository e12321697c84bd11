//! Tables of cases for the Markdown writer.

mod inlines;
mod read_back;
mod tables;
