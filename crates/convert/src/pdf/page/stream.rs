use hayro::hayro_syntax::object::{Array, Object, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::xref::XRef;

use crate::pdf::decode::decoded;
use crate::pdf::objects::resolve;

/// Bytes of the content of a page, at most. Longer content is cut off.
const MAX_CONTENT_BYTES: usize = 256 << 20;

/// Content of a page: its streams joined.
#[derive(Default)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    /// Set if a stream was damaged.
    pub(super) damaged: bool,
}

impl Content {
    /// Reads the content of a page. Not by the page itself, which would keep it for as long as the document is open.
    pub(super) fn of_page(page: &Page<'_>) -> Self {
        let mut content = Self::default();
        let entry = page.raw().get::<Object<'_>>(b"Contents");
        match entry {
            Some(Object::Stream(stream)) => content.add(&stream),
            Some(Object::Array(streams)) => content.add_all(&streams, page.xref()),
            _ => {}
        }
        content
    }

    fn add_all(&mut self, streams: &Array<'_>, xref: &XRef) {
        for stream in streams.raw_iter() {
            if let Some(Object::Stream(stream)) = resolve(xref, stream) {
                self.add(&stream);
                // Streams are separated by white space at least.
                self.bytes.push(b'\n');
            }
        }
    }

    /// Adds a stream.
    pub(super) fn add(&mut self, stream: &Stream<'_>) {
        match decoded(stream, MAX_CONTENT_BYTES.saturating_sub(self.bytes.len())) {
            Ok(data) => {
                self.bytes.extend_from_slice(&data.bytes);
                self.damaged |= data.is_damaged;
            }
            Err(_) => self.damaged = true,
        }
    }
}
