//! Our Markdown as other things: sanitized HTML, plain text.

mod html;
mod text;

use pulldown_cmark::{Options, Parser};

pub use html::to_html;
pub use text::to_text;

/// CommonMark with GFM's tables, strikethrough and task lists, and footnotes: what the readers write.
fn parser(markdown: &str) -> Parser<'_> {
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    Parser::new_ext(markdown, extensions)
}
