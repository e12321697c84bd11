use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::format::utf16;

/// Characters of several bytes in UTF-8, for each byte that is none, in a text that is taken for damaged UTF-8.
const VALID_PER_INVALID: usize = 4;

/// Decodes text: by byte order mark, as UTF-8 or UTF-16 if it is valid, as `declared`, as UTF-8 if few bytes of it are
/// damaged, or else by the most likely encoding. Line ends become `\n`; NUL characters are dropped.
pub(super) fn decode(bytes: &[u8], declared: Option<&'static Encoding>) -> String {
    let text = match Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| utf16(bytes))
    {
        Some(encoding) => encoding.decode_with_bom_removal(bytes).0.into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => declared
                .unwrap_or_else(|| detect(bytes))
                .decode_without_bom_handling(bytes)
                .0
                .into_owned(),
        },
    };
    normalized(text)
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    if is_damaged_utf8(bytes) {
        return encoding_rs::UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

/// Returns true if most of what is not ASCII is UTF-8: in a text of another encoding, that is a rare chance.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid >= invalid.saturating_mul(VALID_PER_INVALID)
}

fn normalized(text: String) -> String {
    if memchr::memchr2(b'\r', b'\0', text.as_bytes()).is_none() {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}
