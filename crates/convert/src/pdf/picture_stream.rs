//! Heads of embedded pictures: their own size, which may be another one than the document says.

use hayro::hayro_syntax::Filter;
use hayro::hayro_syntax::object::{Array, Name, Stream};

use crate::pictures::is_whole_jpeg;

/// Head of an embedded picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PictureStream {
    /// Width and height in pixels, if it says them itself.
    size: Option<(u32, u32)>,
    /// Channels of a JPEG.
    channels: Option<u8>,
}

impl PictureStream {
    /// Reads the head of a stream of these bytes.
    pub(super) fn of(stream: &Stream<'_>, raw: &[u8]) -> Self {
        match stream.filters().as_slice() {
            [Filter::DctDecode] => jpeg(raw).unwrap_or_default(),
            [Filter::JpxDecode] => Self {
                size: jpeg_2000_size(raw),
                channels: None,
            },
            _ => Self::default(),
        }
    }

    /// The size that decoding has to reckon with, where the document says this one.
    pub(super) fn size_with(&self, width: u32, height: u32) -> (u32, u32) {
        let (own_width, own_height) = self.size.unwrap_or_default();
        (width.max(own_width), height.max(own_height))
    }
}

/// Returns true for a JPEG that other programs show as the page does: of one or three channels, in the colours that
/// these mean, without a mask. Of four channels, they show the wrong colours.
pub(super) fn is_taken_as_it_is(stream: &Stream<'_>, head: &PictureStream, raw: &[u8]) -> bool {
    let dict = stream.dict();
    let masked = ["SMask", "Mask", "Decode", "SMaskInData"]
        .iter()
        .any(|key| dict.contains_key(key.as_bytes()));
    let spaces: &[&[u8]] = match head.channels {
        Some(1) => &[b"DeviceGray", b"G", b"CalGray", b"ICCBased"],
        Some(3) => &[b"DeviceRGB", b"RGB", b"CalRGB", b"ICCBased"],
        _ => return false,
    };
    let space = dict.get::<Name<'_>>(b"ColorSpace").or_else(|| {
        let space = dict.get::<Array<'_>>(b"ColorSpace")?;
        space.iter::<Name<'_>>().next()
    });
    !masked && space.is_some_and(|space| spaces.contains(&space.as_ref())) && is_whole_jpeg(raw)
}

/// Head of a JPEG (ITU-T T.81, annex B): its first frame header.
fn jpeg(bytes: &[u8]) -> Option<PictureStream> {
    let mut at = 2;
    while let Some([0xff, marker, high, low]) = bytes.get(at..at + 4) {
        if matches!(marker, 0xc0..=0xc2) {
            let fields = bytes.get(at + 5..at + 10)?;
            let number = |at: usize| {
                let pair = fields.get(at..at + 2)?;
                Some(u32::from(pair[0]) << 8 | u32::from(pair[1]))
            };
            return Some(PictureStream {
                size: Some((number(2)?, number(0)?)),
                channels: fields.last().copied(),
            });
        }
        at += 2 + usize::from(u16::from_be_bytes([*high, *low])).max(2);
    }
    None
}

/// Size of a JPEG 2000 (ITU-T T.800, annex A.5.1): that of the first codestream.
fn jpeg_2000_size(bytes: &[u8]) -> Option<(u32, u32)> {
    const START_AND_SIZE: &[u8] = b"\xff\x4f\xff\x51";
    let start = memchr::memmem::find(bytes, START_AND_SIZE)? + START_AND_SIZE.len();
    let number = |at: usize| {
        let bytes = bytes.get(start + at..start + at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    Some((number(4)?, number(8)?))
}

#[cfg(test)]
mod tests {
    use super::{PictureStream, jpeg, jpeg_2000_size};

    #[test]
    fn the_first_frame_says_size_and_channels() {
        let head = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x0b\x08\x00\x10\x01\x02\x03\x00\x00";
        let found = PictureStream {
            size: Some((0x102, 0x10)),
            channels: Some(3),
        };
        assert_eq!(jpeg(head), Some(found));
        assert_eq!(found.size_with(300, 2), (300, 0x10));
        assert_eq!(jpeg(&head[..14]), None);
        assert_eq!(jpeg(b"\xff\xd8"), None);
    }

    #[test]
    fn the_codestream_of_jpeg_2000_says_its_size() {
        let head = b"jP  \xff\x4f\xff\x51\x00\x2f\x00\x00\x00\x01\x86\xa0\x00\x00\x00\x07";
        assert_eq!(jpeg_2000_size(head), Some((100_000, 7)));
        assert_eq!(jpeg_2000_size(&head[..18]), None);
    }
}
