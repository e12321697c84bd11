//! The one Markdown writer: escapes, headings, tables, code.
