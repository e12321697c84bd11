use std::borrow::Cow;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that the pixels come from (PNG 1.2, sections 4.1 and 4.2.9), and Exif, which has the orientation.
const PIXEL_CHUNKS: &[&[u8; 4]] = &[b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"];

/// Removes ancillary chunks from a PNG: texts and colour profiles may inflate to gigabytes, and a decoder reads them
/// before the pixels.
pub(super) fn without_ancillary_chunks(bytes: &[u8]) -> Cow<'_, [u8]> {
    if chunks(bytes).all(|(kind, _)| has_pixels(kind)) {
        return Cow::Borrowed(bytes);
    }
    let mut out = SIGNATURE.to_vec();
    for (_, chunk) in chunks(bytes).filter(|(kind, _)| has_pixels(kind)) {
        out.extend_from_slice(chunk);
    }
    Cow::Owned(out)
}

fn has_pixels(kind: &[u8]) -> bool {
    PIXEL_CHUNKS.iter().any(|chunk| chunk.as_slice() == kind)
}

/// Iterates over the chunks with their kinds. The last one may be truncated, which the decoder reports.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes.strip_prefix(SIGNATURE).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let kind = after.get(..4).unwrap_or(after);
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let end = length.saturating_add(12).min(rest.len());
        let (chunk, next) = rest.split_at(end);
        rest = next;
        Some((kind, chunk))
    })
}
