//! Our Markdown as other things: sanitized HTML, plain text.

mod html;
mod text;

use pulldown_cmark::{Event, Options, Parser};

pub use html::to_html;
pub use text::to_text;

/// Levels of quotes and lists that are rendered; what is deeper stands on the last one.
const DEPTH: usize = 64;

/// CommonMark with GFM's tables, strikethrough and task lists, and footnotes: what the readers write.
fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let mut depth = 0_usize;
    Parser::new_ext(markdown, extensions).filter(move |event| match event {
        Event::Start(_) => {
            depth += 1;
            depth <= DEPTH
        }
        Event::End(_) => {
            depth = depth.saturating_sub(1);
            depth < DEPTH
        }
        _ => true,
    })
}
