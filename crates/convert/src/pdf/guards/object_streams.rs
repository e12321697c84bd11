use memchr::memmem;

use crate::ConvertError;
use crate::pdf::decode::inflated_size_within;

/// Decoded size in bytes of all streams of objects and cross-references, at most.
const MAX_BYTES: usize = 512 << 20;
/// Bytes that one byte of Flate yields, at most.
const MOST_PER_BYTE: usize = 1_032;
/// Bytes between the type of a stream and its data, at most.
const DICTIONARY_BYTES: usize = 4 * 1024;

/// Checks the streams that the library decodes on its own and keeps: those that hold objects and cross-references. Works
/// on the bytes of the file, since the library offers no look before it decodes. Encrypted streams pass.
///
/// # Errors
/// `LimitExceeded` if they decode to more than [`MAX_BYTES`] together.
pub(in crate::pdf) fn check_object_streams(file: &[u8]) -> Result<(), ConvertError> {
    let streams = object_streams(file);
    let encoded = streams
        .iter()
        .fold(0_usize, |sum, data| sum.saturating_add(data.len()));
    if encoded.saturating_mul(MOST_PER_BYTE) <= MAX_BYTES {
        return Ok(());
    }
    let mut left = MAX_BYTES;
    for data in streams {
        let Some(size) = inflated_size_within(data, left) else {
            let what = format!("streams of objects with more than {MAX_BYTES} bytes");
            return Err(ConvertError::LimitExceeded { what });
        };
        left -= size;
    }
    Ok(())
}

/// Data of all streams that look as if they held objects or cross-references.
fn object_streams(file: &[u8]) -> Vec<&[u8]> {
    let mut streams = Vec::new();
    for kind in [b"/ObjStm".as_slice(), b"/XRef"] {
        let (mut last, mut end) = (0, 0);
        for at in memmem::find_iter(file, kind) {
            let after = file.get(at..).unwrap_or_default();
            let head = after.get(..DICTIONARY_BYTES.min(after.len())).unwrap_or_default();
            let Some(start) = memmem::find(head, b"stream") else {
                continue;
            };
            let start = at + start + b"stream".len();
            if start == last {
                continue;
            }
            last = start;
            // The end is searched for once, even if it is far behind many beginnings.
            if end < start {
                let rest = file.get(start..).unwrap_or_default();
                end = memmem::find(rest, b"endstream").map_or(file.len(), |length| start + length);
            }
            streams.push(file.get(start..end).unwrap_or_default());
        }
    }
    streams
}
