use encoding_rs::Encoding;

use crate::charset;
use crate::format::utf16;

/// Decodes text: by byte order mark, as UTF-8 or UTF-16 if it is valid, by the escape sequences of ISO-2022, as
/// `declared`, as UTF-8 if few bytes of it are damaged, or else by the most likely encoding. Line ends become `\n`; NUL
/// characters are dropped.
pub(super) fn decode(bytes: &[u8], declared: Option<&'static Encoding>) -> String {
    let text = match Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| utf16(bytes))
    {
        Some(encoding) => encoding.decode_with_bom_removal(bytes).0.into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => charset::iso_2022(bytes).unwrap_or_else(|| text.to_owned()),
            Err(_) => declared
                .unwrap_or_else(|| charset::guess(bytes))
                .decode_without_bom_handling(bytes)
                .0
                .into_owned(),
        },
    };
    normalized(text)
}

fn normalized(text: String) -> String {
    if memchr::memchr2(b'\r', b'\0', text.as_bytes()).is_none() {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}
