//! A form of parts, cut into heads and contents as it comes: in time that grows with its bytes alone, whatever is in
//! them, and in memory for no more than one head.

use bytes::{Buf, Bytes};
use memchr::memmem::{self, Finder};

use super::fault::Fault;
use super::head::Head;
use super::limits::{MAX_EPILOGUE, MAX_HEAD, MAX_PARTS, MAX_PREAMBLE};

/// Spaces that may come after a boundary.
const MAX_PADDING: usize = 128;

/// The end of a line, which a boundary begins with and a head ends with twice.
const LINE_END: &[u8] = b"\r\n";
const HEAD_END: &[u8] = b"\r\n\r\n";

/// Next item of a form, in the order in which it arrives.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A part begins.
    Part(Head),
    /// Bytes of its content.
    Data(Bytes),
    /// It ends.
    PartEnd,
}

#[derive(Debug)]
enum At {
    /// Before the first boundary, after so many bytes.
    Preamble(usize),
    AfterBoundary(Line),
    /// In a head, of which these bytes came in earlier pieces.
    Head(Vec<u8>),
    Data,
    /// After the last boundary and so many bytes.
    Epilogue(usize),
}

/// The line of a boundary, after the boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Start,
    /// `-`, which makes it the last one when another follows.
    Dash,
    /// So many spaces.
    Padding(usize),
    CarriageReturn,
}

/// Outcome of the search for the next boundary.
enum Found {
    Data(Bytes),
    Boundary,
    /// The input is used up.
    Nothing,
}

/// Cuts a form. It is given pieces, and asked for events until it has none.
#[derive(Debug)]
pub(super) struct Scanner {
    /// The boundary with the line end and the dashes before it. A carriage return comes first and nowhere else.
    boundary: Vec<u8>,
    finder: Finder<'static>,
    /// Bytes of the boundary that the last piece ended with.
    matched: usize,
    input: Bytes,
    at: At,
    parts: usize,
}

impl Scanner {
    /// A scanner for the boundary that the media type names: without a line end in it.
    pub(super) fn new(boundary: &str) -> Self {
        let boundary = format!("\r\n--{boundary}").into_bytes();
        Self {
            finder: Finder::new(&boundary).into_owned(),
            boundary,
            // The first boundary may be without the line end: it is as if one had come before.
            matched: LINE_END.len(),
            input: Bytes::new(),
            at: At::Preamble(0),
            parts: 0,
        }
    }

    /// Takes the next piece, once [`Self::next`] has nothing more.
    pub(super) fn feed(&mut self, piece: Bytes) {
        self.input = piece;
    }

    /// Returns the next event in the piece that was fed; `None` when it is used up.
    pub(super) fn next(&mut self) -> Result<Option<Event>, Fault> {
        while !self.input.is_empty() {
            let event = match &mut self.at {
                At::Preamble(_) => self.preamble()?,
                At::AfterBoundary(line) => {
                    let line = *line;
                    self.after_boundary(line)?
                }
                At::Head(_) => self.head()?,
                At::Data => self.data(),
                At::Epilogue(seen) => {
                    *seen += self.input.len();
                    if *seen > MAX_EPILOGUE {
                        return Err(Fault::Epilogue);
                    }
                    self.input.clear();
                    None
                }
            };
            if event.is_some() {
                return Ok(event);
            }
        }
        Ok(None)
    }

    /// Says that no piece follows.
    pub(super) fn end(&self) -> Result<(), Fault> {
        match self.at {
            At::Epilogue(_) => Ok(()),
            _ => Err(Fault::Incomplete),
        }
    }

    fn preamble(&mut self) -> Result<Option<Event>, Fault> {
        match (self.find(), &mut self.at) {
            (Found::Boundary, _) => self.at = At::AfterBoundary(Line::Start),
            (Found::Data(bytes), At::Preamble(seen)) => {
                *seen += bytes.len();
                if *seen > MAX_PREAMBLE {
                    return Err(Fault::Preamble);
                }
            }
            _ => {}
        }
        Ok(None)
    }

    fn after_boundary(&mut self, line: Line) -> Result<Option<Event>, Fault> {
        let next = match (line, self.input.get_u8()) {
            (Line::Start, b'-') => Line::Dash,
            (Line::Dash, b'-') => {
                self.at = At::Epilogue(0);
                return Ok(None);
            }
            (Line::Start, b' ' | b'\t') => Line::Padding(1),
            (Line::Padding(spaces), b' ' | b'\t') if spaces < MAX_PADDING => Line::Padding(spaces + 1),
            (Line::Start | Line::Padding(_), b'\r') => Line::CarriageReturn,
            (Line::CarriageReturn, b'\n') => {
                self.parts += 1;
                if self.parts > MAX_PARTS {
                    return Err(Fault::Parts);
                }
                self.at = At::Head(Vec::new());
                return Ok(None);
            }
            _ => return Err(Fault::Boundary),
        };
        self.at = At::AfterBoundary(next);
        Ok(None)
    }

    fn head(&mut self) -> Result<Option<Event>, Fault> {
        let At::Head(before) = &mut self.at else {
            return Ok(None);
        };
        // Most heads come in one piece, and are read where they are.
        let parsed = if before.is_empty() {
            whole_head(&self.input).map(|(head, length)| Head::parse(head).map(|head| (head, length)))
        } else {
            None
        };
        let parsed = match parsed {
            Some(parsed) => Some(parsed),
            None => {
                let known = before.len();
                let room = (MAX_HEAD + HEAD_END.len()).saturating_sub(known);
                before.extend_from_slice(&self.input[..self.input.len().min(room)]);
                let head = whole_head_from(before, known.saturating_sub(HEAD_END.len() - 1));
                head.map(|(head, length)| Head::parse(head).map(|head| (head, length - known)))
            }
        };
        match parsed {
            Some(parsed) => {
                let (head, length) = parsed?;
                self.input.advance(length);
                self.at = At::Data;
                Ok(Some(Event::Part(head)))
            }
            None if before.len() >= MAX_HEAD + HEAD_END.len() => Err(Fault::Head),
            None => {
                self.input.clear();
                Ok(None)
            }
        }
    }

    fn data(&mut self) -> Option<Event> {
        match self.find() {
            Found::Data(bytes) => Some(Event::Data(bytes)),
            Found::Boundary => {
                self.at = At::AfterBoundary(Line::Start);
                Some(Event::PartEnd)
            }
            Found::Nothing => None,
        }
    }

    /// Goes on to the next boundary. As a carriage return is only the first of its bytes, what has begun as one and is
    /// none holds no beginning of another.
    fn find(&mut self) -> Found {
        if self.matched > 0 {
            return self.go_on_matching();
        }
        match self.finder.find(&self.input) {
            Some(0) => {
                self.input.advance(self.boundary.len());
                return Found::Boundary;
            }
            Some(place) => return Found::Data(self.input.split_to(place)),
            None => {}
        }
        let tail = self.input.len().saturating_sub(self.boundary.len() - 1);
        let begun = memchr::memrchr(b'\r', &self.input[tail..]).map(|place| tail + place);
        let begun = begun.filter(|place| self.boundary.starts_with(&self.input[*place..]));
        let bytes = self.input.split_to(begun.unwrap_or(self.input.len()));
        self.matched = self.input.len();
        self.input.clear();
        if bytes.is_empty() {
            Found::Nothing
        } else {
            Found::Data(bytes)
        }
    }

    fn go_on_matching(&mut self) -> Found {
        let wanted = &self.boundary[self.matched..];
        let length = wanted.len().min(self.input.len());
        if wanted[..length] != self.input[..length] {
            let bytes = Bytes::copy_from_slice(&self.boundary[..self.matched]);
            self.matched = 0;
            return Found::Data(bytes);
        }
        self.input.advance(length);
        self.matched += length;
        if self.matched < self.boundary.len() {
            return Found::Nothing;
        }
        self.matched = 0;
        Found::Boundary
    }
}

/// The head that these bytes begin with, and how many bytes it takes with its end; `None` when its end is not there.
fn whole_head(bytes: &[u8]) -> Option<(&[u8], usize)> {
    whole_head_from(&bytes[..bytes.len().min(MAX_HEAD + HEAD_END.len())], 0)
}

/// As [`whole_head`], when its end is known not to be before `from`.
fn whole_head_from(bytes: &[u8], from: usize) -> Option<(&[u8], usize)> {
    if bytes.starts_with(LINE_END) {
        return Some((&[], LINE_END.len()));
    }
    let place = from + memmem::find(&bytes[from..], HEAD_END)?;
    Some((&bytes[..place], place + HEAD_END.len()))
}
