use hayro::hayro_syntax::object::{Array, Object, Stream};
use hayro::hayro_syntax::page::Page;

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
            Some(Object::Array(streams)) => content.add_all(&streams),
            _ => {}
        }
        content
    }

    fn add_all(&mut self, streams: &Array<'_>) {
        for stream in streams.iter::<Object<'_>>() {
            if let Object::Stream(stream) = stream {
                self.add(&stream);
                // Streams are separated by white space at least.
                self.bytes.push(b'\n');
            }
        }
    }

    /// Adds a stream.
    pub(super) fn add(&mut self, stream: &Stream<'_>) {
        match stream.decoded_data() {
            Ok(data) if self.bytes.len() + data.len() <= MAX_CONTENT_BYTES => {
                self.bytes.extend_from_slice(&data);
            }
            _ => self.damaged = true,
        }
    }
}
