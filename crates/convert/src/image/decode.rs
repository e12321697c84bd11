use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, RgbImage, Rgba};

use crate::{ConvertError, Limits};

/// Memory in bytes that a decoder may use for each allowed pixel: 16-bit RGBA and as much to work with.
const MAX_BYTES_PER_PIXEL: u64 = 16;

/// Decodes the first image of `bytes`, upright, in grey on white: OCR needs no colour.
///
/// # Errors
/// `LimitExceeded`, before decoding, if it has too many pixels; `InvalidDocument` if it is broken.
pub(super) fn gray(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<GrayImage, ConvertError> {
    Ok(on_white(decoded(bytes, format, limits)?).into_luma8())
}

/// Decodes the first image of `bytes`, upright, in colour on white.
///
/// # Errors
/// As [`gray`].
pub(super) fn colour(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<RgbImage, ConvertError> {
    Ok(on_white(decoded(bytes, format, limits)?).into_rgb8())
}

fn decoded(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<DynamicImage, ConvertError> {
    catch_unwind(AssertUnwindSafe(|| upright(bytes, format, limits))).map_err(|_| {
        ConvertError::InvalidDocument {
            reason: "the image is broken".into(),
        }
    })?
}

fn upright(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<DynamicImage, ConvertError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut memory = image::Limits::default();
    memory.max_alloc = Some(limits.pixels.saturating_mul(MAX_BYTES_PER_PIXEL));
    reader.limits(memory);
    let mut decoder = reader.into_decoder().map_err(error)?;
    let (width, height) = decoder.dimensions();
    limits.check_pixels(width, height)?;
    let orientation = decoder.orientation().map_err(error)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(error)?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// Blends transparent parts with white, as a viewer shows them.
fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image;
    }
    let mut image = image.into_rgba8();
    for Rgba([red, green, blue, alpha]) in image.pixels_mut() {
        for channel in [red, green, blue] {
            let mixed = u32::from(*channel) * u32::from(*alpha) + 255 * (255 - u32::from(*alpha));
            *channel = u8::try_from(mixed / 255).unwrap_or(u8::MAX);
        }
        *alpha = u8::MAX;
    }
    DynamicImage::ImageRgba8(image)
}

fn error(error: ImageError) -> ConvertError {
    match error {
        ImageError::Limits(limit) => ConvertError::LimitExceeded {
            what: format!("an image: {limit}"),
        },
        other => ConvertError::InvalidDocument {
            reason: other.to_string(),
        },
    }
}
