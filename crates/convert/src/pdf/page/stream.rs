use hayro::hayro_syntax::object::{Array, Object, Stream};
use hayro::hayro_syntax::page::Page;

use crate::pdf::decode::{DecodeError, decoded};

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
