//! Texts and header fields of a message in encodings that the mail parser does not know, or that nothing names.
//!
//! ```text
//!  message ─► [`prepared`]: UTF-16 → UTF-8; `=?cp949?b?…?=` → `=?utf-8?b?…?=`; header fields of eight bits → UTF-8
//!          ─► the mail parser ─► [`text`] of a part: as the parser decoded it if it knows the encoding, else from its bytes
//! ```

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders, PartType};

use crate::charset;
use crate::format::utf16;
use crate::readers::decode::decode;
use crate::readers::html::declared_encoding;

/// Bytes of an encoded word, at most; RFC 2047 allows 75.
const MAX_WORD_BYTES: usize = 4 << 10;
/// Bytes of a header block, at most, in which fields of eight bits are decoded.
const MAX_HEADER_BYTES: usize = 1 << 20;

/// Makes the header fields of a message such that the mail parser can read them.
pub(super) fn prepared(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut message = match utf16(bytes) {
        Some(encoding) => Cow::Owned(
            encoding
                .decode_with_bom_removal(bytes)
                .0
                .into_owned()
                .into_bytes(),
        ),
        None => Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    };
    if let Some(words) = with_known_words(&message) {
        message = Cow::Owned(words);
    }
    if let Some(fields) = with_decoded_fields(&message) {
        message = Cow::Owned(fields);
    }
    message
}

/// Decodes the header block as the text that it most likely is, if it is neither ASCII nor UTF-8.
fn with_decoded_fields(message: &[u8]) -> Option<Vec<u8>> {
    let end = [&b"\n\r\n"[..], b"\n\n"]
        .iter()
        .filter_map(|blank| memchr::memmem::find(message, blank))
        .min()?;
    let (head, body) = message.split_at_checked(end)?;
    if head.len() > MAX_HEADER_BYTES {
        return None;
    }
    let text = match std::str::from_utf8(head) {
        Ok(_) => charset::iso_2022(head)?,
        Err(_) => declared(head)
            .and_then(|label| charset::decode(&label, head))
            .filter(|text| !text.contains(char::REPLACEMENT_CHARACTER))
            .unwrap_or_else(|| {
                charset::guess(head)
                    .decode_without_bom_handling(head)
                    .0
                    .into_owned()
            }),
    };
    let mut out = text.into_bytes();
    out.extend_from_slice(body);
    Some(out)
}

/// Encoding that a header block names for the body.
fn declared(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, value) = head.split_once("charset=")?;
    let value = value.trim_start_matches(['"', '\'']);
    let label: String = value
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_.:".contains(*c))
        .collect();
    Some(label).filter(|label| !label.is_empty() && !is_ascii(label))
}

/// Writes encoded words (RFC 2047) of encodings that the parser does not know as UTF-8; `None` if there are none.
fn with_known_words(message: &[u8]) -> Option<Vec<u8>> {
    let mut out: Option<Vec<u8>> = None;
    let mut copied = 0;
    for start in memchr::memmem::find_iter(message, b"=?") {
        if start < copied {
            continue;
        }
        let Some((length, text)) = message.get(start..).and_then(word) else {
            continue;
        };
        let out = out.get_or_insert_default();
        out.extend_from_slice(message.get(copied..start).unwrap_or_default());
        out.extend_from_slice(b"=?utf-8?q?");
        for byte in text.bytes() {
            out.extend_from_slice(format!("={byte:02X}").as_bytes());
        }
        out.extend_from_slice(b"?=");
        copied = start + length;
    }
    let mut out = out?;
    out.extend_from_slice(message.get(copied..).unwrap_or_default());
    Some(out)
}

/// Length and text of the encoded word at the beginning of `bytes`, if the parser does not know its encoding.
fn word(bytes: &[u8]) -> Option<(usize, String)> {
    let window = bytes.get(..MAX_WORD_BYTES).unwrap_or(bytes).get(2..)?;
    let label_end = memchr::memchr(b'?', window)?;
    let label = std::str::from_utf8(window.get(..label_end)?).ok()?;
    let label = label.split('*').next()?;
    if label.len() < 2 || is_known(label) {
        return None;
    }
    let method = *window.get(label_end + 1)?;
    let data = window.get(label_end + 2..)?.strip_prefix(b"?")?;
    let data_end = memchr::memmem::find(data, b"?=")?;
    let data_bytes = data.get(..data_end)?;
    let decoded = match method {
        b'b' | b'B' => base64_decode(data_bytes)?,
        b'q' | b'Q' => {
            let spaced: Vec<u8> = data_bytes
                .iter()
                .map(|byte| if *byte == b'_' { b' ' } else { *byte })
                .collect();
            quoted_printable_decode(&spaced)?
        }
        _ => return None,
    };
    let text = charset::decode(label, &decoded)?;
    Some((2 + label_end + 3 + data_end + 2, text))
}

/// Text of a part, which is empty for a part that is none.
pub(super) fn text<'p>(message: &Message<'_>, part: &'p MessagePart<'_>) -> Cow<'p, str> {
    let (parsed, is_html) = match &part.body {
        PartType::Html(text) => (text, true),
        PartType::Text(text) => (text, false),
        _ => return Cow::Borrowed(""),
    };
    let label = part.content_type().and_then(|kind| kind.attribute("charset"));
    // A message in UTF-16 is in UTF-8 when it comes here.
    let is_plain = matches!(part.encoding, Encoding::None);
    let label = label.filter(|label| !(is_ascii(label) || is_plain && is_utf16(label)));
    if label.is_some_and(|label| is_known(label) && !is_utf8(label)) {
        return Cow::Borrowed(parsed);
    }
    let Some(bytes) = content(message, part) else {
        return Cow::Borrowed(parsed);
    };
    let decoded = match label {
        Some(label) if is_utf8(label) => {
            return match std::str::from_utf8(&bytes) {
                Ok(_) => Cow::Borrowed(parsed),
                Err(_) => Cow::Owned(decode(&bytes, None)),
            };
        }
        Some(label) => charset::decode(label, &bytes),
        None => None,
    };
    let guessed = || decode(&bytes, declared_encoding(&bytes).filter(|_| is_html));
    Cow::Owned(decoded.unwrap_or_else(guessed))
}

/// Bytes of a part without its transfer encoding; `None` if they cannot be read.
fn content<'m>(message: &'m Message<'_>, part: &MessagePart<'_>) -> Option<Cow<'m, [u8]>> {
    let range = part.offset_body as usize..part.offset_end as usize;
    let raw = message.raw_message.get(range)?;
    match part.encoding {
        Encoding::None => Some(Cow::Borrowed(raw)),
        Encoding::Base64 => base64_decode(raw).map(Cow::Owned),
        Encoding::QuotedPrintable => quoted_printable_decode(raw).map(Cow::Owned),
    }
}

/// Returns true for a name that the mail parser knows, and takes for what it is.
fn is_known(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    let is_replaced = ["iso-2022", "iso_2022", "iso2022", "hz", "johab"]
        .iter()
        .any(|name| lower.starts_with(name));
    !is_replaced && (is_utf8(label) || charset_decoder(label.as_bytes()).is_some())
}

fn is_utf8(label: &str) -> bool {
    matches!(label.to_ascii_lowercase().as_str(), "utf-8" | "utf8")
}

fn is_utf16(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    label.starts_with("utf-16") || label.starts_with("utf16")
}

/// Returns true for the name of ASCII, which messages with other text bear as well.
fn is_ascii(label: &str) -> bool {
    matches!(
        label.to_ascii_lowercase().as_str(),
        "us-ascii" | "ascii" | "ansi_x3.4-1968"
    )
}
