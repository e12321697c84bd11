use super::fault::Fault;
use super::limits::{MAX_HEADERS, MAX_NAME};
use crate::http::respond::content_disposition::form_data;

/// Names in the `Content-Disposition` of a part; other headers are checked and ignored.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The name of the field.
    pub(super) name: Option<String>,
    /// The name of the file, not cleaned yet.
    pub(super) file_name: Option<String>,
}

impl Head {
    /// Reads the lines of a head, without the empty one at its end.
    pub(super) fn parse(head: &[u8]) -> Result<Self, Fault> {
        let mut parsed = None;
        let lines = head.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        for (number, line) in lines.enumerate() {
            if number == MAX_HEADERS {
                return Err(Fault::Headers);
            }
            let (name, value) = header(line).ok_or(Fault::Header)?;
            if !name.eq_ignore_ascii_case(b"content-disposition") {
                continue;
            }
            let (name, file_name) = form_data(value);
            if file_name.as_ref().is_some_and(|name| name.len() > MAX_NAME) {
                return Err(Fault::FileName);
            }
            if parsed.replace(Self { name, file_name }).is_some() {
                return Err(Fault::Header);
            }
        }
        Ok(parsed.unwrap_or_default())
    }
}

/// Name and value of a header. A line that goes on with the one before is none.
fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let sound = |byte: &u8| !matches!(byte, 0 | b'\r');
    (!name.is_empty() && name.iter().all(token) && value.iter().all(sound)).then_some((name, value))
}
