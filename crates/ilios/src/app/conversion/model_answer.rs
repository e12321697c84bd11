use std::io::{self, Write};

use serde::Serialize;

use crate::spool::Spooled;

/// Bytes that are copied at once.
const PIECE: usize = 1 << 20;

/// Writes one JSON object of the fields of `answer`, the whole document as Markdown, and the fields of `model`, an object
/// that a child has written and that is not read here. Blocks.
///
/// # Errors
/// The disk fails, or `writer` does.
pub fn write_model_answer(
    writer: &mut dyn Write,
    answer: &impl Serialize,
    markdown: &str,
    model: &Spooled,
) -> io::Result<()> {
    let fields = serde_json::to_vec(answer)?;
    let open = fields.strip_suffix(b"}").unwrap_or(&fields);
    writer.write_all(open)?;
    writer.write_all(b",\"content\":")?;
    serde_json::to_writer(&mut *writer, markdown)?;
    writer.write_all(b",")?;
    // Behind the brace that opens it.
    let mut at = 1;
    while at < model.size() {
        let piece = model.read_at(at, PIECE)?;
        at += piece.len() as u64;
        writer.write_all(&piece)?;
    }
    Ok(())
}

/// Writes lines of JSON objects that a child has written, with the id of their document as the first field of each. Blocks.
///
/// # Errors
/// The disk fails, or `writer` does.
pub fn write_named_lines(writer: &mut dyn Write, document: &str, lines: &Spooled) -> io::Result<()> {
    let (mut at, mut is_start) = (0, true);
    while at < lines.size() {
        let piece = lines.read_at(at, PIECE)?;
        at += piece.len() as u64;
        // Strings of JSON have no line ends.
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            if is_start {
                write!(writer, "{{\"document\":\"{document}\",")?;
                writer.write_all(part.get(1..).unwrap_or_default())?;
            } else {
                writer.write_all(part)?;
            }
            is_start = part.ends_with(b"\n");
        }
    }
    Ok(())
}
