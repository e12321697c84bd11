//! Version of binary Word documents (MS-DOC, section 2.5.1): those before Word 97 have other structures under the same
//! names, and are refused in place of being read wrongly.

use std::io::{Cursor, Read};

/// Bytes of the stream that say the version.
const HEAD_BYTES: usize = 4;
/// Version of the structures of Word 97.
const WORD_97: u16 = 0xc1;

/// Returns true for a document of Word 6 or Word 95.
pub(super) fn is_before_97(bytes: &[u8]) -> bool {
    let Ok(mut file) = cfb::CompoundFile::open(Cursor::new(bytes)) else {
        return false;
    };
    let mut head = [0; HEAD_BYTES];
    let read = file
        .open_stream("/WordDocument")
        .and_then(|mut stream| stream.read_exact(&mut head));
    read.is_ok() && is_old(head)
}

fn is_old(head: [u8; HEAD_BYTES]) -> bool {
    let [first, second, low, high] = head;
    let is_document = matches!([first, second], [0xdc, 0xa5] | [0xec, 0xa5] | [0xdb, 0xa5]);
    is_document && u16::from_le_bytes([low, high]) < WORD_97
}

#[cfg(test)]
mod tests {
    use super::is_old;

    #[test]
    fn the_version_of_the_structures_tells_word_95_from_word_97() {
        assert!(is_old([0xdc, 0xa5, 0x68, 0]) && is_old([0xdc, 0xa5, 0x65, 0]));
        assert!(!is_old([0xec, 0xa5, 0xc1, 0]) && !is_old([0, 0, 0, 0]));
    }
}
