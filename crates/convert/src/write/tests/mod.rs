//! Tables of cases for the Markdown writer.

mod blocks;
mod markdown;
mod read_back;
mod styles;
