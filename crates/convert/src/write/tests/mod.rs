//! Tables of cases for the Markdown writer.

mod blocks;
mod markdown;
