use std::fmt::Write;

use crate::model::{FileName, without_device};

/// `Content-Disposition: inline` with `name` by RFC 6266: an ASCII form for all clients, and the exact name as
/// `filename*` where the two differ.
#[must_use]
pub fn inline_header(name: &FileName) -> String {
    header("inline", name)
}

/// `Content-Disposition: attachment` with `name`, as [`inline_header`] otherwise.
#[must_use]
pub fn attachment_header(name: &FileName) -> String {
    header("attachment", name)
}

fn header(disposition: &str, name: &FileName) -> String {
    // What is no device there, too, is saved under the name that it has here.
    let name = without_device(name.as_str());
    // Programs that know the plain form alone often take it as the name of a file.
    let plain = |c: char| {
        c.is_ascii()
            && !c.is_ascii_control()
            && !matches!(c, '"' | '\\' | '%' | '<' | '>' | ':' | '/' | '|' | '?' | '*')
    };
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let mut header = format!("{disposition}; filename=\"{ascii}\"");
    if ascii != name {
        header.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            // The characters of RFC 5987's attr-char.
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                header.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(header, "%{byte:02X}");
            }
        }
    }
    header
}

/// The file's name in the `Content-Disposition` of a multipart part: `filename*` (RFC 5987, UTF-8) before
/// `filename`, in which browsers write `"` as `%22`. Not cleaned yet.
#[must_use]
pub fn attachment_name(header: &[u8]) -> Option<String> {
    form_data(header).1
}

/// The name of the field, and that of the file, in the `Content-Disposition` of a part.
pub(in crate::http) fn form_data(header: &[u8]) -> (Option<String>, Option<String>) {
    let header = String::from_utf8_lossy(header);
    let parameters = parameters(&header);
    let name = parameters.iter().find(|(name, _)| name == "name");
    (name.map(|(_, value)| value.clone()), file_name(&parameters))
}

fn file_name(parameters: &[(String, String)]) -> Option<String> {
    let mut plain = None;
    for (name, value) in parameters {
        match name.as_str() {
            "filename*" => {
                if let Some(value) = extended(value) {
                    return Some(value);
                }
            }
            "filename" if plain.is_none() => plain = Some(value.replace("%22", "\"")),
            _ => {}
        }
    }
    plain
}

/// The parameters after the first `;`, names in lower case, quoted strings unquoted.
pub(in crate::http) fn parameters(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = header.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once('=') {
        let (value, next) = value(after.trim_start());
        let name = name
            .trim_matches(|c: char| c == ';' || c.is_whitespace())
            .to_ascii_lowercase();
        found.push((name, value));
        rest = next;
    }
    found
}

/// One value and what follows its `;`.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, rest) = text.split_once(';').unwrap_or((text, ""));
        return (value.trim().to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((position, c)) = characters.next() {
        match c {
            '"' => {
                let rest = quoted.get(position + 1..).unwrap_or_default();
                return (value, rest.split_once(';').map_or("", |(_, rest)| rest));
            }
            // Some clients send Windows paths unescaped: only a quote or a backslash is an escape.
            '\\' if quoted[position + 1..].starts_with(['"', '\\']) => {
                value.extend(characters.next().map(|(_, escaped)| escaped));
            }
            _ => value.push(c),
        }
    }
    (value, "")
}

/// `UTF-8''na%C3%AFve.pdf`.
fn extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    percent_decoded(encoded)
}

/// Text whose bytes may be written as `%C3%AF`; `None` when they are not, or no UTF-8.
pub(in crate::http) fn percent_decoded(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, after @ ..] = rest {
        match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                rest = after;
            }
            (b'%', _) => return None,
            (byte, after) => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}
