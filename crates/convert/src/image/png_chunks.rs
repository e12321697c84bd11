use std::borrow::Cow;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The chunks that a picture is painted from (PNG 1.2, sections 4.1 and 4.2.9), and Exif, which says what is up.
const PAINTED: &[&[u8; 4]] = &[b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"];

/// A PNG without the chunks that say something about the picture: texts and colour profiles may inflate to
/// gigabytes, and a decoder reads them first.
pub(super) fn painted(bytes: &[u8]) -> Cow<'_, [u8]> {
    if spans(bytes).all(|(kind, _)| is_painted(kind)) {
        return Cow::Borrowed(bytes);
    }
    let mut out = SIGNATURE.to_vec();
    for (_, chunk) in spans(bytes).filter(|(kind, _)| is_painted(kind)) {
        out.extend_from_slice(chunk);
    }
    Cow::Owned(out)
}

fn is_painted(kind: &[u8]) -> bool {
    PAINTED.iter().any(|painted| painted.as_slice() == kind)
}

/// The chunks with their kinds. The last one may be cut off; what is wrong with it is the decoder's to say.
fn spans(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
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
