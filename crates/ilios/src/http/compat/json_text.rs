//! Texts in answers that are written as JSON: from memory, or from the spool, where long ones stay.

use std::io::{self, Write};
use std::sync::Arc;

use crate::app::Spooled;

/// Bytes that are copied at once.
const PIECE: usize = 256 * 1024;

/// Text on its way to a client.
#[derive(Debug, Clone)]
pub(super) enum Text {
    Memory(String),
    Spooled(Arc<Spooled>),
}

impl Text {
    /// Bytes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Memory(text) => text.len(),
            Self::Spooled(file) => usize::try_from(file.size()).unwrap_or(usize::MAX),
        }
    }

    /// Writes it as it is. Blocks.
    pub(super) fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        self.for_each_piece(|piece| writer.write_all(piece))
    }

    /// Writes it as a string of JSON. Blocks.
    pub(super) fn write_string(&self, writer: &mut dyn Write) -> io::Result<()> {
        writer.write_all(b"\"")?;
        self.for_each_piece(|piece| write_escaped(piece, writer))?;
        writer.write_all(b"\"")
    }

    fn for_each_piece(&self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Memory(text) => take(text.as_bytes()),
            Self::Spooled(file) => {
                let mut at = 0;
                while at < file.size() {
                    let piece = file.read_at(at, PIECE)?;
                    at += piece.len() as u64;
                    take(&piece)?;
                }
                Ok(())
            }
        }
    }
}

/// Writes bytes of UTF-8, which may begin and end within a character: none of those that are escaped is longer than one.
fn write_escaped(bytes: &[u8], writer: &mut dyn Write) -> io::Result<()> {
    let mut rest = bytes;
    while let Some(at) = rest
        .iter()
        .position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'))
    {
        let (plain, special) = rest.split_at(at);
        writer.write_all(plain)?;
        let Some((byte, after)) = special.split_first() else {
            break;
        };
        match byte {
            b'"' | b'\\' => writer.write_all(&[b'\\', *byte])?,
            b'\n' => writer.write_all(b"\\n")?,
            b'\t' => writer.write_all(b"\\t")?,
            byte => write!(writer, "\\u{byte:04x}")?,
        }
        rest = after;
    }
    writer.write_all(rest)
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_text_is_the_string_that_it_was() {
        for text in ["", "plain", "\"\\\u{c}\n\t\r\0ä\u{1f600}", "\\\\n"] {
            let mut json = Vec::new();
            Text::Memory(text.to_owned())
                .write_string(&mut json)
                .expect("memory");
            assert_eq!(serde_json::from_slice::<String>(&json).expect("JSON"), text);
        }
    }
}
