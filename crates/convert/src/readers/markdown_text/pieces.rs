use memchr::memmem;
use pulldown_cmark::{Event, Parser};

use crate::ConvertError;
use crate::write::markdown::EXTENSIONS;

/// Bytes that are parsed at once. The parser's memory is a multiple of it.
const PIECE: usize = 256 << 10;

/// Gives the events of `markdown` to `event`, and says after each block that holds no others outside of it, by `None`.
///
/// The text is parsed in pieces, so that memory does not grow with its length. A piece ends anywhere; its last block,
/// which may go on, is left for the next piece, and all before are whole: CommonMark reads line by line, and where a block
/// begins that is within no other, nothing of those before is open. Definitions of links and footnotes alone work from
/// afar; a text that may have some is one piece.
pub(super) fn events<'m>(
    markdown: &'m str,
    mut event: impl FnMut(Option<Event<'m>>) -> Result<(), ConvertError>,
) -> Result<(), ConvertError> {
    let defines = memmem::find(markdown.as_bytes(), b"]:").is_some();
    let mut size = if defines { markdown.len() } else { PIECE };
    let mut rest = markdown;
    while !rest.is_empty() {
        let end = piece_end(rest, size);
        let piece = rest.get(..end).unwrap_or(rest);
        if end == rest.len() {
            return last_piece(piece, &mut event);
        }
        let read = whole_blocks(piece, &mut event)?;
        // A block that is longer than a piece: twice as much, so that all pieces together are linear.
        size = if read == 0 { size.saturating_mul(2) } else { PIECE };
        rest = rest.get(read..).unwrap_or_default();
    }
    Ok(())
}

/// End of the line in which `size` bytes end.
fn piece_end(text: &str, size: usize) -> usize {
    let from = size.min(text.len());
    let after = text.as_bytes().get(from..).unwrap_or_default();
    memchr::memchr(b'\n', after).map_or(text.len(), |at| from + at + 1)
}

fn last_piece<'m>(
    piece: &'m str,
    event: &mut impl FnMut(Option<Event<'m>>) -> Result<(), ConvertError>,
) -> Result<(), ConvertError> {
    let mut depth = 0_usize;
    for found in Parser::new_ext(piece, EXTENSIONS) {
        depth = depth_after(depth, &found);
        event(Some(found))?;
        if depth == 0 {
            event(None)?;
        }
    }
    Ok(())
}

/// Gives the events of all blocks of the piece but the last one, and returns where that begins.
fn whole_blocks<'m>(
    piece: &'m str,
    event: &mut impl FnMut(Option<Event<'m>>) -> Result<(), ConvertError>,
) -> Result<usize, ConvertError> {
    let mut depth = 0_usize;
    let mut start = 0;
    let mut block = Vec::new();
    for (found, range) in Parser::new_ext(piece, EXTENSIONS).into_offset_iter() {
        if depth == 0 {
            if !block.is_empty() {
                for found in block.drain(..) {
                    event(Some(found))?;
                }
                event(None)?;
            }
            // Its indentation belongs to it.
            let before = piece.as_bytes().get(..range.start).unwrap_or_default();
            start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        }
        depth = depth_after(depth, &found);
        block.push(found);
    }
    if block.is_empty() {
        // Nothing but white space.
        return Ok(piece.len());
    }
    Ok(start)
}

fn depth_after(depth: usize, event: &Event<'_>) -> usize {
    match event {
        Event::Start(_) => depth + 1,
        Event::End(_) => depth.saturating_sub(1),
        _ => depth,
    }
}
