//! Decompression of the RTF of a message (MS-OXRTFCP).
//!
//! ```text
//!   size, size of the text, `LZFu` or `MELA`, checksum │ flags of 8 tokens: literal byte, or offset and length in a ring
//! ```

/// Bytes before the content.
const HEAD_BYTES: usize = 16;
/// Size of the ring of the last bytes.
const RING: usize = 4096;
/// Bytes of a text, at most.
const MAX_TEXT_BYTES: usize = 64 << 20;
/// Content of the ring in the beginning (MS-OXRTFCP, section 2.1.3.1.3).
const BEGINNING: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \
    \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \
    \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Decompresses a text; `None` if it is none. A text that is cut off is read as far as it goes.
pub(super) fn decompressed(bytes: &[u8]) -> Option<Vec<u8>> {
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let size = usize::try_from(word(4)?).ok()?.min(MAX_TEXT_BYTES);
    let content = bytes.get(HEAD_BYTES..)?;
    match bytes.get(8..12)? {
        b"LZFu" => Some(tokens(content, size)),
        b"MELA" => Some(content.get(..size).unwrap_or(content).to_vec()),
        _ => None,
    }
}

fn tokens(content: &[u8], size: usize) -> Vec<u8> {
    let mut ring = vec![b' '; RING];
    for (to, from) in ring.iter_mut().zip(BEGINNING) {
        *to = *from;
    }
    let (mut out, mut at) = (Vec::new(), BEGINNING.len());
    let mut bytes = content.iter().copied();
    let mut put = |byte: u8, out: &mut Vec<u8>, ring: &mut Vec<u8>| {
        out.push(byte);
        if let Some(place) = ring.get_mut(at) {
            *place = byte;
        }
        at = (at + 1) % RING;
        at
    };
    let mut end = BEGINNING.len();
    while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { return out };
            if out.len() >= size {
                return out;
            }
            if flags >> bit & 1 == 0 {
                end = put(first, &mut out, &mut ring);
                continue;
            }
            let Some(second) = bytes.next() else { return out };
            let mut from = usize::from(first) << 4 | usize::from(second >> 4);
            // A place that nothing has been written to ends the text.
            if from == end {
                return out;
            }
            for _ in 0..usize::from(second & 0xf) + 2 {
                let byte = ring.get(from).copied().unwrap_or(b' ');
                from = (from + 1) % RING;
                end = put(byte, &mut out, &mut ring);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{BEGINNING, decompressed};

    fn packed(kind: &[u8; 4], size: u32, content: &[u8]) -> Vec<u8> {
        [&[0; 4], &size.to_le_bytes()[..], kind, &[0; 4], content].concat()
    }

    #[test]
    fn tokens_are_bytes_and_parts_of_what_was_written() {
        assert_eq!(BEGINNING.len(), 207);
        // `{\rtf1` from the beginning, `a`, then seven times the byte before, beyond what is written yet.
        let content = [0b0000_1101, 0, 4, b'a', 0x0d, 0x55, 0x0d, 0xd0];
        let text = decompressed(&packed(b"LZFu", 100, &content)).unwrap();
        assert_eq!(text, b"{\\rtf1aaaaaaaa");
        let cut = decompressed(&packed(b"LZFu", 100, &content[..3])).unwrap();
        assert_eq!(cut, b"{\\rtf1");
    }

    #[test]
    fn text_may_be_as_it_is() {
        assert_eq!(decompressed(&packed(b"MELA", 3, b"abcd")).unwrap(), b"abc");
        assert_eq!(decompressed(&packed(b"XXXX", 3, b"abcd")), None);
        assert_eq!(decompressed(b"LZFu"), None);
    }
}
