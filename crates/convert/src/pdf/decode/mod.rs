//! Decoding of streams within a limit on the decoded size.
//!
//! A megabyte of Flate may hold a gigabyte, and the library that reads the syntax decodes whatever it is given. What is
//! decoded here ends at the limit, and a damaged stream yields all bytes before the damage.
//!
//! ```text
//!   decoded ─► filters      names and parameters of the filters, the most that they can yield
//!               ├─ inflate     Flate
//!               ├─ lzw         LZW
//!               ├─ text_filters  ASCII85, ASCIIHex, run lengths
//!               └─ predictor   PNG and TIFF predictors behind Flate and LZW
//! ```

mod filters;
mod inflate;
mod lzw;
mod predictor;
#[cfg(test)]
mod tests;
mod text_filters;

use std::borrow::Cow;

use hayro::hayro_syntax::object::Stream;

pub(in crate::pdf) use inflate::inflated_size_within;

/// Decoded stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    /// Bytes, borrowed from the file where it has no filter.
    pub(super) bytes: Cow<'a, [u8]>,
    /// Set if the stream broke off: there are more bytes that could not be decoded.
    pub(super) is_damaged: bool,
}

/// Reason why a stream has no decoded bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecodeError {
    /// More bytes than the limit.
    TooLarge,
    /// Encoded as an image (DCT, JPEG 2000, JBIG2, fax).
    Image,
    /// In another file, or with a filter that does not exist.
    Unreadable,
}

/// Bytes behind one filter.
#[derive(Debug, Default, PartialEq, Eq)]
struct Layer {
    bytes: Vec<u8>,
    is_damaged: bool,
}

/// Decodes a stream into at most `limit` bytes, also between its filters.
///
/// # Errors
/// [`DecodeError`].
pub(super) fn decoded<'a>(stream: &Stream<'a>, limit: usize) -> Result<Decoded<'a>, DecodeError> {
    let filters = filters::of(stream.dict())?;
    let mut decoded = Decoded {
        bytes: stream.raw_data(),
        is_damaged: false,
    };
    for filter in &filters {
        let layer = filter.decode(&decoded.bytes, limit)?;
        decoded.is_damaged |= layer.is_damaged;
        decoded.bytes = Cow::Owned(layer.bytes);
    }
    if decoded.bytes.len() > limit {
        return Err(DecodeError::TooLarge);
    }
    Ok(decoded)
}

/// Returns true if a stream decodes to at most `limit` bytes. Decodes it only if it is long enough to hold more. Of an
/// encoded image the bytes before the image's filter are meant.
pub(super) fn fits(stream: &Stream<'_>, limit: usize) -> bool {
    let filters = filters::before_image(stream.dict());
    let raw = stream.raw_data();
    let most = filters.iter().fold(raw.len(), |most, filter| {
        most.saturating_mul(filter.most_per_byte())
    });
    if most <= limit {
        return true;
    }
    let mut bytes = raw;
    for filter in &filters {
        match filter.decode(&bytes, limit) {
            Ok(layer) => bytes = Cow::Owned(layer.bytes),
            Err(error) => return error != DecodeError::TooLarge,
        }
    }
    bytes.len() <= limit
}
