//! Our Markdown as other things: HTML that runs and fetches nothing, plain text. Both are written event by event, in
//! time and memory that grow with the length of the Markdown.

mod allowed;
mod escape;
mod html;
mod open;
mod page;
mod raw;
mod text;
mod writer;

use pulldown_cmark::{Event, Parser};

pub use html::to_html;
pub use text::to_text;

use crate::write::markdown;

/// Levels of quotes and lists that are rendered; what is deeper stands on the last one.
const DEPTH: usize = 64;

/// CommonMark with GFM's tables, strikethrough and task lists, and footnotes: what the readers write.
fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut depth = 0_usize;
    Parser::new_ext(markdown, markdown::EXTENSIONS).filter(move |event| match event {
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
