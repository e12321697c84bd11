//! Pictures of pages, for people who look at where something stands.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbImage, imageops};
use serde::{Deserialize, Serialize};

use crate::{ConvertError, Format, Input, Limits, image as images, pdf};

/// Longer side of a picture that is a document itself, in inches: its file does not tell.
const ASSUMED_INCHES: u32 = 11;
/// Points around a box that are shown with it.
const MARGIN: f32 = 4.0;

/// Picture of a page that is wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PagePicture {
    /// 1-based number of the page.
    pub page: u32,
    /// Pixels per inch. A picture that is a document itself is not enlarged.
    pub dpi: u32,
    /// Part of the page, in its unit, from its upper left corner: left, top, right and bottom edge.
    pub bbox: Option<[f32; 4]>,
}

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

/// Cuts the box out of an image whose pixels are `scale` to a unit.
pub(crate) fn cut(image: &RgbImage, bbox: Option<[f32; 4]>, scale: f32) -> Result<RgbImage, ConvertError> {
    let Some([left, top, right, bottom]) = bbox else {
        return Ok(image.clone());
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a side of an image is far below 2^24"
    )]
    let within = |edge: f32, side: u32| (edge * scale).clamp(0.0, side as f32) as u32;
    let (x, y) = (
        within(left - MARGIN, image.width()),
        within(top - MARGIN, image.height()),
    );
    let (width, height) = (
        within(right + MARGIN, image.width()).saturating_sub(x),
        within(bottom + MARGIN, image.height()).saturating_sub(y),
    );
    if width == 0 || height == 0 {
        return Err(ConvertError::InvalidDocument {
            reason: "nothing of the page is in the box".into(),
        });
    }
    Ok(imageops::crop_imm(image, x, y, width, height).to_image())
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
