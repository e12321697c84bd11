use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::format::utf16;

/// Decodes text: by byte order mark, as UTF-8 or UTF-16 if it is valid, as `declared`, or else by the most likely
/// encoding. Line ends become `\n`; NUL characters are dropped.
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
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

fn normalized(text: String) -> String {
    if memchr::memchr2(b'\r', b'\0', text.as_bytes()).is_none() {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}
