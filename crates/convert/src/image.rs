//! Pictures: decoded within limits, turned upright, recognized.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, GrayImage, ImageEncoder};

use crate::{Conversion, ConvertError, Format, Host, Limits, Options};

pub(crate) fn convert(
    bytes: &[u8],
    format: Format,
    options: &Options,
    limits: &Limits,
    host: &mut dyn Host,
) -> Result<Conversion, ConvertError> {
    let _ = (bytes, format, options, limits, host);
    Err(ConvertError::UnsupportedType)
}

/// The picture as PNG, quickly rather than small: it lives only until it is recognized.
pub(crate) fn png(picture: &GrayImage) -> Result<Vec<u8>, String> {
    let mut bytes = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Up)
        .write_image(picture, picture.width(), picture.height(), ExtendedColorType::L8)
        .map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}
