use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, GrayImage, ImageEncoder};

/// Encodes the image as PNG, fast rather than small, since it lives only until it is recognized.
pub(in crate::ocr) fn png(image: &GrayImage) -> Result<Vec<u8>, String> {
    let mut bytes = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Up)
        .write_image(image, image.width(), image.height(), ExtendedColorType::L8)
        .map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}
