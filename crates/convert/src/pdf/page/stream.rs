use hayro::hayro_syntax::object::{Array, Object, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::xref::XRef;

use crate::pdf::decode::{DecodeError, decoded};
use crate::pdf::objects::resolve;

/// Bytes of the content of a page or form, at most.
const MAX_CONTENT_BYTES: usize = 128 << 20;

/// Content of a page: its streams joined.
#[derive(Default)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    /// Set if a stream was damaged: the bytes before the damage are here.
    pub(super) damaged: bool,
    /// Set if the content is longer than is read.
    pub(super) cut_off: bool,
}

impl Content {
    /// Reads the content of a page. Not by the page itself, which would keep it for as long as the document is open.
    pub(super) fn of_page(page: &Page<'_>) -> Self {
        let mut content = Self::default();
        match page.raw().get::<Object<'_>>("Contents") {
            Some(Object::Stream(stream)) => content.add(&stream),
            Some(Object::Array(streams)) => content.add_all(&streams, page.xref()),
            _ => {}
        }
        content
    }

    fn add_all<'a>(&mut self, streams: &Array<'a>, xref: &'a XRef) {
        for stream in streams.raw_iter() {
            match resolve(xref, stream) {
                Some(Object::Stream(stream)) => self.add(&stream),
                // One that is missing ends nothing.
                _ => self.damaged = true,
            }
            // Streams are separated by white space at least.
            self.bytes.push(b'\n');
        }
    }

    /// Adds a stream.
    pub(super) fn add(&mut self, stream: &Stream<'_>) {
        let room = MAX_CONTENT_BYTES.saturating_sub(self.bytes.len());
        match decoded(stream, room) {
            Ok(data) => {
                self.damaged |= data.is_damaged;
                if self.bytes.is_empty() {
                    self.bytes = data.bytes.into_owned();
                } else {
                    self.bytes.extend_from_slice(&data.bytes);
                }
            }
            Err(DecodeError::TooLarge) => self.cut_off = true,
            Err(_) => self.damaged = true,
        }
    }
}

/// Bytes of the content of a page in the file, at most, for it to be short.
const SHORT_BYTES: usize = 64 << 10;

/// Returns true if the content of the page is short enough to be read for its sizes alone.
pub(super) fn is_short(page: &Page<'_>) -> bool {
    let length = |stream: &Stream<'_>| stream.dict().get::<usize>("Length").unwrap_or(usize::MAX);
    match page.raw().get::<Object<'_>>("Contents") {
        Some(Object::Stream(stream)) => length(&stream) <= SHORT_BYTES,
        Some(Object::Array(streams)) => {
            let lengths = streams.iter::<Object<'_>>().filter_map(|entry| match entry {
                Object::Stream(stream) => Some(length(&stream)),
                _ => None,
            });
            lengths.fold(0, usize::saturating_add) <= SHORT_BYTES
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::is_short;
    use crate::pdf::test_documents::open;
    use crate::pdf::test_documents::pdf_objects::stream;

    #[test]
    fn pages_are_short_by_the_length_of_all_their_streams() {
        let long = stream("", &" ".repeat(40 << 10));
        for (contents, expected) in [
            ("", true),
            ("/Contents 4 0 R", true),
            ("/Contents[4 0 R]", true),
            ("/Contents[4 0 R 4 0 R]", false),
            ("/Contents[99 0 R 5 0 R]", true),
            ("/Contents 6 0 R", false),
        ] {
            let pdf = open(&[
                "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
                "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 9 9]>>".to_owned(),
                format!("<</Type/Page/Parent 2 0 R{contents}>>"),
                long.clone(),
                stream("", ""),
                // A stream that says no length may have any.
                "<<>>\nstream\nendstream".to_owned(),
            ]);
            assert_eq!(is_short(&pdf.pages()[0]), expected, "{contents}");
        }
    }
}
