use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Rgba};

use crate::{ConvertError, Limits};

/// Bytes of memory that a decoder may use for each allowed pixel: 16-bit RGBA and as much to work with.
const BYTES_PER_PIXEL: u64 = 16;

/// The first picture of `bytes`, upright, in grey on white.
///
/// # Errors
/// `LimitExceeded` before decoding when it has too many pixels, `InvalidDocument` when it is broken.
pub(super) fn gray(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<GrayImage, ConvertError> {
    let picture = catch_unwind(AssertUnwindSafe(|| upright(bytes, format, limits))).map_err(|_| {
        ConvertError::InvalidDocument {
            reason: "the picture is broken".into(),
        }
    })??;
    Ok(on_white(picture))
}

fn upright(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<DynamicImage, ConvertError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut memory = image::Limits::default();
    memory.max_alloc = Some(limits.pixels.saturating_mul(BYTES_PER_PIXEL));
    reader.limits(memory);
    let mut decoder = reader.into_decoder().map_err(error)?;
    let (width, height) = decoder.dimensions();
    limits.check_pixels(width, height)?;
    let orientation = decoder.orientation().map_err(error)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(error)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Transparent parts show white paper, as a viewer shows them.
fn on_white(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let mut picture = picture.into_rgba8();
    for Rgba([red, green, blue, alpha]) in picture.pixels_mut() {
        for channel in [red, green, blue] {
            let mixed = u32::from(*channel) * u32::from(*alpha) + 255 * (255 - u32::from(*alpha));
            *channel = u8::try_from(mixed / 255).unwrap_or(u8::MAX);
        }
        *alpha = u8::MAX;
    }
    DynamicImage::ImageRgba8(picture).into_luma8()
}

fn error(error: ImageError) -> ConvertError {
    match error {
        ImageError::Limits(limit) => ConvertError::LimitExceeded {
            what: format!("a picture: {limit}"),
        },
        other => ConvertError::InvalidDocument {
            reason: other.to_string(),
        },
    }
}
