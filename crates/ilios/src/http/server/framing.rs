//! Follows the framing of requests on a connection of HTTP/1, to find their heads.

/// The beginning of HTTP/2, which has frames instead of heads.
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0";
const CONTENT_LENGTH: &[u8] = b"content-length:";
const TRANSFER_ENCODING: &[u8] = b"transfer-encoding:";

/// Follows the bytes of a connection, in whatever pieces they come, from request to request: bodies are skipped by
/// their length or by their chunks, so that nothing in them counts as a head.
///
/// It knows of a message only what parts it from the next (RFC 9112, sections 2, 6 and 7). It does not look for what
/// the server refuses anyway: no request follows that on the same connection.
#[derive(Debug, Default)]
pub(super) struct Framing {
    at: At,
    line: Line,
    length: Option<Number>,
    encoded: bool,
    heads: u64,
    http2: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum At {
    #[default]
    RequestLine,
    Fields,
    Body(u64),
    ChunkSize,
    /// Bytes of a chunk, with the line end after it.
    Chunk(u64),
    Trailers,
    /// Nothing more is looked at.
    Elsewhere,
}

/// State of the line that is read.
#[derive(Debug, Default)]
struct Line {
    /// Its first bytes.
    start: [u8; TRANSFER_ENCODING.len()],
    /// Number of its bytes so far, a carriage return at the end among them.
    known: usize,
    last: u8,
    number: Option<Number>,
}

/// A number as it is read.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Number {
    #[default]
    Before,
    Digits(u64),
    After(u64),
    /// None, or too large a one.
    Broken,
}

impl Framing {
    /// Reads on. Tells the number, from 1, of a request whose head has both a `Content-Length` and a
    /// `Transfer-Encoding`: where it ends is open to question, so that nothing after it is looked at.
    pub(super) fn read(&mut self, mut bytes: &[u8]) -> Option<u64> {
        while !bytes.is_empty() {
            let taken = match &mut self.at {
                At::Elsewhere => return None,
                At::Body(left) | At::Chunk(left) => {
                    let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    *left -= taken as u64;
                    taken
                }
                At::RequestLine | At::Fields | At::ChunkSize | At::Trailers => self.line(bytes),
            };
            bytes = &bytes[taken..];
            match self.at {
                At::Body(0) => self.next_request(),
                At::Chunk(0) => self.at = At::ChunkSize,
                At::Elsewhere if self.encoded && self.length.is_some() => return Some(self.heads),
                _ => {}
            }
        }
        None
    }

    /// Returns true if the end of the last request has not been read, or is not known. HTTP/2 has frames of its own:
    /// then it is false.
    pub(super) fn within_request(&self) -> bool {
        match self.at {
            At::RequestLine => self.line.known > 0,
            At::Elsewhere => !self.http2,
            _ => true,
        }
    }

    /// Bytes that the body, or the chunk of it, still has.
    pub(super) fn body_left(&self) -> u64 {
        match self.at {
            At::Body(left) | At::Chunk(left) => left,
            _ => 0,
        }
    }

    /// Reads a line, or the part of it that is there, and says how many bytes that were.
    fn line(&mut self, bytes: &[u8]) -> usize {
        let end = bytes.iter().position(|&byte| byte == b'\n');
        let part = &bytes[..end.unwrap_or(bytes.len())];
        self.line.read(part, self.at);
        if end.is_none() {
            return part.len();
        }
        if self.at == At::Trailers && self.line.last != b'\r' {
            // Here, a line feed alone ends no line.
            self.line.read(b"\n", self.at);
        } else {
            let line = std::mem::take(&mut self.line);
            self.at = self.after(&line);
        }
        part.len() + 1
    }

    /// State after a line.
    fn after(&mut self, line: &Line) -> At {
        match self.at {
            At::RequestLine if line.is_empty() => At::RequestLine,
            At::RequestLine if line.starts_with(HTTP2_PREFACE) => {
                self.http2 = true;
                At::Elsewhere
            }
            At::RequestLine => {
                self.heads += 1;
                At::Fields
            }
            At::Fields if line.is_empty() => self.after_head(),
            At::Fields => {
                self.encoded |= line.starts_with(TRANSFER_ENCODING);
                self.length = match (self.length, line.number) {
                    (Some(first), Some(second)) if first.value() != second.value() => Some(Number::Broken),
                    (first, second) => first.or(second),
                };
                At::Fields
            }
            At::ChunkSize => match line.number.and_then(Number::value) {
                Some(0) => At::Trailers,
                Some(size) => size.checked_add(2).map_or(At::Elsewhere, At::Chunk),
                None => At::Elsewhere,
            },
            At::Trailers if line.is_empty() => {
                self.next_request();
                At::RequestLine
            }
            other => other,
        }
    }

    fn after_head(&self) -> At {
        match (self.encoded, self.length.map(Number::value)) {
            (true, None) => At::ChunkSize,
            (false, None) => At::Body(0),
            (false, Some(Some(length))) => At::Body(length),
            _ => At::Elsewhere,
        }
    }

    fn next_request(&mut self) {
        self.length = None;
        self.encoded = false;
        self.at = At::RequestLine;
    }
}

impl Line {
    fn read(&mut self, part: &[u8], at: At) {
        self.last = part.last().copied().unwrap_or(self.last);
        if at == At::ChunkSize {
            self.number.get_or_insert_default().read(part, 16);
            return;
        }
        let taken = part.len().min(self.start.len() - self.known);
        self.start[self.known..self.known + taken].copy_from_slice(&part[..taken]);
        let before = self.known;
        self.known += taken;
        if let Some(number) = &mut self.number {
            number.read(part, 10);
        } else if at == At::Fields && before < CONTENT_LENGTH.len() && self.starts_with(CONTENT_LENGTH) {
            let number = self.number.insert(Number::Before);
            number.read(&part[CONTENT_LENGTH.len() - before..], 10);
        }
    }

    /// Returns true if it begins so, in upper or lower case.
    fn starts_with(&self, beginning: &[u8]) -> bool {
        let start = &self.start[..self.known];
        start
            .get(..beginning.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(beginning))
    }

    fn is_empty(&self) -> bool {
        matches!(self.start[..self.known], [] | [b'\r'])
    }
}

impl Number {
    /// Reads on: digits, with white space around them or, of a chunk, with anything after them.
    fn read(&mut self, part: &[u8], radix: u32) {
        for &byte in part {
            let digit = char::from(byte).to_digit(radix).map(u64::from);
            let is_space = matches!(byte, b' ' | b'\t' | b'\r');
            *self = match (*self, digit) {
                (Self::Before, Some(digit)) => Self::Digits(digit),
                (Self::Before, None) if is_space => Self::Before,
                (Self::Digits(number), Some(digit)) => number
                    .checked_mul(radix.into())
                    .and_then(|number| number.checked_add(digit))
                    .map_or(Self::Broken, Self::Digits),
                (Self::Digits(number), None) if is_space || radix == 16 => Self::After(number),
                (Self::After(number), None) if is_space => Self::After(number),
                (Self::After(_), _) if radix == 16 => return,
                _ => return *self = Self::Broken,
            };
        }
    }

    fn value(self) -> Option<u64> {
        match self {
            Self::Digits(number) | Self::After(number) => Some(number),
            Self::Before | Self::Broken => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Framing;

    const BOTH: &str = "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// Result for these bytes, the same in one piece, in any two and byte by byte.
    fn told(bytes: &str) -> Option<u64> {
        let bytes = bytes.as_bytes();
        let whole = Framing::default().read(bytes);
        for at in 0..bytes.len() {
            let mut framing = Framing::default();
            let (first, second) = bytes.split_at(at);
            let told = framing.read(first).or(framing.read(second));
            assert_eq!(told, whole, "in two pieces, at {at}");
        }
        let mut framing = Framing::default();
        let told = bytes.iter().find_map(|byte| framing.read(&[*byte]));
        assert_eq!(told, whole, "in single bytes");
        whole
    }

    #[test]
    fn a_head_with_both_is_told_wherever_it_comes() {
        assert_eq!(told(BOTH), Some(1));
        for first in [
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "\r\n\nGET / HTTP/1.1\nHost: x\n\n",
            "POST / HTTP/1.1\r\nContent-Length: \t0012 \r\n\r\n\r\n\r\nPOST / H",
            "POST / HTTP/1.1\r\ncontent-length:5\r\nContent-Length: 5\r\n\r\nbytes",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;name=\"value\"\r\n\r\n\n\r\n0a \r\n0123456789\r\n\
             0000000000000000000000\r\nX-Sum: 1\nx\n\n\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length-Of-It: 7\r\nX: Content-Length: 7\r\n\r\n",
        ] {
            assert_eq!(told(first), None, "{first}");
            assert_eq!(told(&format!("{first}{BOTH}")), Some(2), "{first}");
        }
    }

    #[test]
    fn letters_order_and_sound_of_the_values_make_no_difference() {
        for fields in [
            "TRANSFER-ENCODING: chunked\r\nCONTENT-LENGTH: 0",
            "Content-Length: x\r\nHost: y\r\ntransfer-encoding:chunked",
            "Content-Length:\r\nContent-Length: 2\nTransfer-Encoding: gzip, chunked",
        ] {
            assert_eq!(
                told(&format!("POST / HTTP/1.1\r\n{fields}\r\n\r\n")),
                Some(1),
                "{fields}"
            );
        }
    }

    #[test]
    fn a_body_may_look_like_a_head() {
        let head = "POST / HTTP/1.1\r\nContent-Length:";
        assert_eq!(told(&format!("{head} {}\r\n\r\n{BOTH}", BOTH.len())), None);
        let chunk = format!("{:x}\r\n{BOTH}\r\n0\r\n\r\n", BOTH.len());
        let chunked = format!("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}");
        assert_eq!(told(&chunked), None);
        assert_eq!(told(&format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{BOTH}")), None);
    }

    #[test]
    fn nothing_is_looked_for_after_what_is_refused() {
        for refused in [
            "Content-Length: 1\r\nContent-Length: 2",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Content-Length: 1 1",
        ] {
            let head = format!("POST / HTTP/1.1\r\n{refused}\r\n\r\n");
            assert_eq!(told(&format!("{head}{BOTH}")), None, "{refused}");
        }
        for size in ["", "g", "fffffffffffffffff", "ffffffffffffffff"] {
            let head = format!("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n");
            assert_eq!(told(&format!("{head}{BOTH}")), None, "{size}");
        }
    }
}
