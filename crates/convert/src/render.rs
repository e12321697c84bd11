//! Our Markdown as other things: sanitized HTML, plain text.
