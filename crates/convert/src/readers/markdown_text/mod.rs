//! Markdown → blocks: CommonMark with the extensions that our own Markdown has, and the HTML that stands in it.

mod comment;
mod html;
mod html_inline;
mod html_table;
mod inlines;
mod pieces;
mod stream;
#[cfg(test)]
mod tests;

use self::stream::Stream;
use super::Reading;
use super::decode::decode;
use crate::ir::Builder;
use crate::{ConvertError, Limits};

/// Reads Markdown as one page of blocks.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ConvertError> {
    let mut builder = Builder::new(limits);
    read_blocks(decode(bytes, None).trim_start_matches('\u{feff}'), &mut builder)?;
    Reading::of_one_page(&mut builder)
}

/// Adds the blocks of `markdown` to the page on which `builder` stands. Footnotes are keyed by their label.
///
/// # Errors
/// `LimitExceeded`.
pub(crate) fn read_blocks(markdown: &str, builder: &mut Builder<'_>) -> Result<(), ConvertError> {
    read_each(markdown, builder, &mut |_| {})
}

/// [`read_blocks`] with a call after each block that is within no other.
///
/// # Errors
/// `LimitExceeded`.
pub(crate) fn read_each<'l>(
    markdown: &str,
    builder: &mut Builder<'l>,
    each: &mut dyn FnMut(&mut Builder<'l>),
) -> Result<(), ConvertError> {
    let depth = builder.depth();
    let mut stream = Stream::new();
    pieces::events(markdown, |event| {
        match event {
            Some(event) => stream.event(event, builder)?,
            None => each(builder),
        }
        Ok(())
    })?;
    stream.finish(builder)?;
    builder.close_to(depth)?;
    each(builder);
    Ok(())
}
