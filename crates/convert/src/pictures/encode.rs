use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageFormat, ImageReader};
use memchr::memmem;

use super::{MIN_SIDE_PIXELS, Refused};
use crate::Limits;

/// Picture as a file.
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    pub(super) mime_type: &'static str,
    pub(super) extension: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Pixels of a picture, by rows from the top, without padding.
pub(crate) struct Pixels {
    /// Width in pixels.
    pub(crate) width: u32,
    /// Height in pixels.
    pub(crate) height: u32,
    /// Channels of a pixel, 8 bits each.
    pub(crate) channels: Channels,
    /// The bytes.
    pub(crate) data: Vec<u8>,
}

/// Channels of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channels {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
}

impl Channels {
    fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

impl Pixels {
    pub(super) fn encoded(&self, limits: &Limits) -> Result<Encoded, Refused> {
        check_size(self.width, self.height, limits)?;
        let channels = self.channels.count() as u64;
        if self.data.len() as u64 != u64::from(self.width) * u64::from(self.height) * channels {
            return Err(Refused::Unreadable);
        }
        let color = match self.channels {
            Channels::Gray => ExtendedColorType::L8,
            Channels::GrayAlpha => ExtendedColorType::La8,
            Channels::Rgb => ExtendedColorType::Rgb8,
            Channels::Rgba => ExtendedColorType::Rgba8,
        };
        png(&self.data, self.width, self.height, color)
    }
}

/// The picture of a file: JPEG and PNG as they are, other formats as PNG. Adds the pixels that it decodes to `decoded`.
pub(super) fn encoded_file(bytes: &[u8], limits: &Limits, decoded: &mut u64) -> Result<Encoded, Refused> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| Refused::Unreadable)?;
    let format = reader.format().ok_or(Refused::Unreadable)?;
    let (width, height) = reader_size(bytes, format)?;
    check_size(width, height, limits)?;
    let kept = match format {
        ImageFormat::Jpeg => Some(("image/jpeg", "jpg")),
        ImageFormat::Png => Some(("image/png", "png")),
        _ => None,
    };
    if let Some((mime_type, extension)) = kept {
        if !is_whole(bytes, format) {
            return Err(Refused::Unreadable);
        }
        return Ok(Encoded {
            bytes: bytes.to_vec(),
            mime_type,
            extension,
            width,
            height,
        });
    }
    *decoded = decoded.saturating_add(u64::from(width) * u64::from(height));
    reader.limits(decoder_limits(limits));
    let picture = reader.decode().map_err(|_| Refused::Unreadable)?;
    if picture.color().has_alpha() {
        let pixels = picture.into_rgba8();
        return png(&pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgba8);
    }
    let pixels = picture.into_rgb8();
    png(&pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgb8)
}

/// Returns true unless the end of the picture is missing. Its data is not decoded: whoever shows it does that.
fn is_whole(bytes: &[u8], format: ImageFormat) -> bool {
    let last = |sign: &[u8]| memmem::rfind(bytes, sign);
    match format {
        // A preview in its head may have an end, too, but that is before the data of the picture itself.
        ImageFormat::Jpeg => {
            last(b"\xff\xd9").is_some_and(|end| last(b"\xff\xda").is_some_and(|data| data < end))
        }
        _ => last(b"IEND").is_some(),
    }
}

/// Returns true for a JPEG whose end is there.
pub(crate) fn is_whole_jpeg(bytes: &[u8]) -> bool {
    is_whole(bytes, ImageFormat::Jpeg)
}

/// Width and height of a file in pixels, by its header alone.
fn reader_size(bytes: &[u8], format: ImageFormat) -> Result<(u32, u32), Refused> {
    ImageReader::with_format(Cursor::new(bytes), format)
        .into_dimensions()
        .map_err(|_| Refused::Unreadable)
}

/// Refuses a picture that is too small or has too many pixels.
pub(super) fn check_size(width: u32, height: u32, limits: &Limits) -> Result<(), Refused> {
    if width < MIN_SIDE_PIXELS || height < MIN_SIDE_PIXELS {
        return Err(Refused::Small);
    }
    limits.check_pixels(width, height).map_err(|_| Refused::Large)
}

fn decoder_limits(limits: &Limits) -> image::Limits {
    let mut own = image::Limits::default();
    // Four channels, and as much again while it is decoded.
    own.max_alloc = Some(limits.pixels.saturating_mul(8));
    own
}

fn png(data: &[u8], width: u32, height: u32, color: ExtendedColorType) -> Result<Encoded, Refused> {
    let mut bytes = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
        .write_image(data, width, height, color)
        .map_err(|_| Refused::Unreadable)?;
    Ok(Encoded {
        bytes: bytes.into_inner(),
        mime_type: "image/png",
        extension: "png",
        width,
        height,
    })
}
