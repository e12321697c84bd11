use std::fs::File;
use std::sync::Arc;

use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ilios_convert::Format;

use super::answer::ToolFault;
use crate::http::respond::problem::Problem;
use crate::model::FileName;

/// Opens the file that a `file:` address names, where that is allowed. Blocks.
pub type OpenFile = Arc<dyn Fn(&str) -> Result<(FileName, File), ToolFault> + Send + Sync>;

/// Padding may be absent.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Media types beside those of our own table.
const OTHER_MEDIA_TYPES: [(&str, Format); 7] = [
    ("application/xhtml+xml", Format::Html),
    ("application/x-rtf", Format::Rtf),
    ("text/rtf", Format::Rtf),
    ("text/xml", Format::Xml),
    ("text/x-markdown", Format::Markdown),
    ("image/jpg", Format::Jpeg),
    ("image/svg+xml", Format::Xml),
];

/// Address of a document to convert.
pub(super) enum Source {
    /// The document is in the address itself.
    Data { name: FileName, bytes: Vec<u8> },
    /// `http:` or `https:`.
    Address(String),
    /// `file:`.
    File(String),
}

impl Source {
    /// Reads the argument `uri`.
    pub(super) fn parse(uri: &str) -> Result<Self, Problem> {
        let uri = uri.trim();
        let (scheme, rest) = uri.split_once(':').unwrap_or_default();
        match scheme.to_ascii_lowercase().as_str() {
            "data" => data(rest),
            "http" | "https" => Ok(Self::Address(uri.to_owned())),
            "file" => Ok(Self::File(uri.to_owned())),
            _ => Err(Problem::invalid(
                "uri",
                "takes an address that begins with http:, https:, file: or data:",
            )),
        }
    }
}

/// The document of `text/html;charset=utf-8;base64,PGgxPg==`.
fn data(text: &str) -> Result<Source, Problem> {
    let wrong = |takes: &str| Problem::invalid("uri", takes);
    let (head, body) = text
        .split_once(',')
        .ok_or_else(|| wrong("takes, behind data:, a media type, a comma and the document"))?;
    let mut fields = head.split(';').map(str::trim);
    let media_type = fields.next().unwrap_or_default().to_ascii_lowercase();
    let (mut is_base64, mut name) = (false, None);
    for field in fields {
        match field.split_once('=') {
            None if field.eq_ignore_ascii_case("base64") => is_base64 = true,
            Some(("name" | "filename", value)) => name = Some(unescaped(value)),
            _ => {}
        }
    }
    let bytes = unescaped(body);
    let bytes = if is_base64 {
        decoded(bytes).ok_or_else(|| wrong("has, behind base64, what is no base64"))?
    } else {
        bytes
    };
    let name = match name {
        Some(name) => FileName::clean(&String::from_utf8_lossy(&name)),
        None => FileName::clean(&format!("document.{}", extension(&media_type))),
    };
    Ok(Source::Data { name, bytes })
}

/// The extension of a media type; that of plain text where none is named.
fn extension(media_type: &str) -> &'static str {
    let other = OTHER_MEDIA_TYPES.iter().find(|(known, _)| *known == media_type);
    let format = Format::all()
        .find(|format| format.mime_type() == media_type)
        .or(other.map(|(_, format)| *format));
    match format {
        Some(format) => format.extension(),
        None if media_type.is_empty() => Format::Text.extension(),
        None => "bin",
    }
}

fn decoded(mut text: Vec<u8>) -> Option<Vec<u8>> {
    text.retain(|byte| !byte.is_ascii_whitespace());
    for byte in &mut text {
        // The alphabet of addresses.
        match *byte {
            b'-' => *byte = b'+',
            b'_' => *byte = b'/',
            _ => {}
        }
    }
    BASE64.decode(text).ok()
}

/// Bytes of an address; a per cent sign without two digits stands for itself.
fn unescaped(text: &str) -> Vec<u8> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let code = match after {
            [high, low, ..] if *byte == b'%' => digit(*high).zip(digit(*low)),
            _ => None,
        };
        match code {
            Some((high, low)) => {
                out.push(high << 4 | low);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Source;

    fn read(uri: &str) -> Option<(String, Vec<u8>)> {
        match Source::parse(uri) {
            Ok(Source::Data { name, bytes }) => Some((name.to_string(), bytes)),
            _ => None,
        }
    }

    #[test]
    fn documents_are_read_out_of_their_addresses() {
        for (uri, name, bytes) in [
            (
                "data:text/html;base64,PGgxPkhpPC9oMT4=",
                "document.html",
                &b"<h1>Hi</h1>"[..],
            ),
            (
                "DATA:text/html;charset=utf-8;BASE64,PGgxPkhpPC9oMT4",
                "document.html",
                b"<h1>Hi</h1>",
            ),
            ("data:text/html,<h1>Hi</h1>", "document.html", b"<h1>Hi</h1>"),
            ("data:text/csv,a%2Cb%0A1,2", "document.csv", b"a,b\n1,2"),
            ("data:,100%25 %zz %", "document.txt", b"100% %zz %"),
            (
                "data:application/pdf;name=a%20b.pdf;base64,JVBE",
                "a b.pdf",
                b"%PD",
            ),
            ("data:text/plain;name=..%2F..%2Fetc%2Fpasswd,x", "passwd", b"x"),
            (
                "data:image/x-unknown;base64,_-_-",
                "document.bin",
                b"\xff\xef\xfe",
            ),
            ("data:text/xml;base64,P\n G E%2B", "document.xml", b"<a>"),
        ] {
            assert_eq!(read(uri), Some((name.to_owned(), bytes.to_vec())), "{uri}");
        }
        for uri in [
            "data:",
            "data:text/html",
            "data:text/html;base64,!!",
            "ftp://a",
            "a.pdf",
            "",
            "/etc/passwd",
        ] {
            assert!(Source::parse(uri).is_err(), "{uri}");
        }
    }
}
