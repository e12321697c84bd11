//! Tables of cases for the Markdown writer.

mod inlines;
