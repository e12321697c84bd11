use image::{RgbImage, imageops};
use serde::{Deserialize, Serialize};

use crate::ConvertError;

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
