//! Pictures of pages, for people who look at where something stands.

use std::io::Cursor;

use crate::page_cut::{PagePicture, cut};
use crate::{ConvertError, Format, Input, Limits, image as images, pdf};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbImage, imageops};

/// Longer side of a picture that is a document itself, in inches: its file does not tell.
const ASSUMED_INCHES: u32 = 11;

/// Draws a page of a PDF or of an image as a PNG.
///
/// # Errors
/// `PagesNotSupported` for another format, `UnsupportedType`; `InvalidDocument` if it is broken or has no such page or
/// nothing in the box; `LimitExceeded`.
pub fn page_picture(
    input: Input<'_>,
    wanted: &PagePicture,
    limits: &Limits,
) -> Result<Vec<u8>, ConvertError> {
    limits.check_input(input.bytes.len())?;
    let format = Format::detect(input.bytes, input.name).ok_or(ConvertError::UnsupportedType)?;
    let drawn = match format {
        Format::Pdf => pdf::page_picture(input.bytes, wanted, limits),
        format if format.is_drawable() => images::in_colour(input.bytes, format, wanted.page, limits)
            .and_then(|image| shrunk(&image, wanted)),
        format => Err(ConvertError::PagesNotSupported { format }),
    };
    png(&drawn.map_err(ConvertError::printable)?)
}

/// Part of an image, made smaller to the resolution that is wanted.
fn shrunk(image: &RgbImage, wanted: &PagePicture) -> Result<RgbImage, ConvertError> {
    let longest = wanted.dpi.saturating_mul(ASSUMED_INCHES);
    let part = cut(image, wanted.bbox, 1.0)?;
    let side = image.width().max(image.height());
    if side <= longest {
        return Ok(part);
    }
    let scaled = |length: u32| {
        let scaled = u64::from(length) * u64::from(longest) / u64::from(side.max(1));
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    };
    Ok(imageops::thumbnail(
        &part,
        scaled(part.width()),
        scaled(part.height()),
    ))
}

fn png(image: &RgbImage) -> Result<Vec<u8>, ConvertError> {
    let mut bytes = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive)
        .write_image(image, image.width(), image.height(), ExtendedColorType::Rgb8)
        .map_err(|error| ConvertError::InvalidDocument {
            reason: error.to_string(),
        })?;
    Ok(bytes.into_inner())
}
