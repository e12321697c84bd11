use std::borrow::Borrow;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{GrayImage, RgbImage};

use super::source::catch_panics;
use crate::Limits;
use crate::ocr::Picture;

/// Resolution that OCR works best with, in pixels per inch.
const OCR_DPI: f32 = 200.0;
/// Resolution below which print of ordinary size cannot be recognized.
const MIN_DPI: f32 = 50.0;
/// Width and height of an image in pixels, at most: the renderer's coordinates have 16 bits.
const MAX_SIDE_PIXELS: f32 = 16_000.0;
/// Points per inch.
const POINTS_PER_INCH: f32 = 72.0;

/// Rendered page.
pub(super) struct PageImage {
    pub(super) gray: GrayImage,
    pub(super) dpi: u32,
    /// Points of a pixel.
    pub(super) unit: f32,
}

impl Borrow<GrayImage> for PageImage {
    fn borrow(&self) -> &GrayImage {
        &self.gray
    }
}

impl PageImage {
    pub(super) fn picture(&self) -> Picture<'_> {
        Picture {
            image: &self.gray,
            dpi: self.dpi,
        }
    }
}

/// Renders the 1-based page `number` for OCR.
///
/// # Errors
/// Reason, in words that continue "page 7 cannot be rendered: ".
pub(super) fn render_page(pdf: &Pdf, number: u32, limits: &Limits) -> Result<PageImage, String> {
    let (pixels, dpi) = pixels(pdf, number, OCR_DPI, limits)?;
    let (width, height) = (u32::from(pixels.width()), u32::from(pixels.height()));
    let gray = pixels
        .data()
        .iter()
        .map(|pixel| luma(pixel.r, pixel.g, pixel.b))
        .collect();
    let gray = GrayImage::from_raw(width, height, gray).ok_or("it has no size")?;
    // Four times as large as the grey image that replaces it.
    drop(pixels);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred"
    )]
    let whole_dpi = dpi.round() as u32;
    Ok(PageImage {
        gray,
        dpi: whole_dpi,
        unit: POINTS_PER_INCH / dpi,
    })
}

/// Renders the 1-based page `number` in colour, for people, and tells the pixels of a point.
///
/// # Errors
/// As [`render_page`].
pub(super) fn render_in_colour(
    pdf: &Pdf,
    number: u32,
    dpi: f32,
    limits: &Limits,
) -> Result<(RgbImage, f32), String> {
    let (pixels, dpi) = pixels(pdf, number, dpi, limits)?;
    let (width, height) = (u32::from(pixels.width()), u32::from(pixels.height()));
    let colours = pixels.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]);
    let image = RgbImage::from_raw(width, height, colours.collect()).ok_or("it has no size")?;
    Ok((image, dpi / POINTS_PER_INCH))
}

/// Pixels of a page, at a resolution within the budget.
fn pixels(pdf: &Pdf, number: u32, dpi: f32, limits: &Limits) -> Result<(Pixmap, f32), String> {
    let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    let page = pdf.pages().get(index).ok_or("the page is missing")?;
    let (width, height) = page.render_dimensions();
    let dpi = dpi_within(width, height, dpi, limits)?;
    let scale = dpi / POINTS_PER_INCH;
    let settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    // White paper: most pages paint no background, and transparent pixels would come out black.
    let pixels = catch_panics(|| {
        render(
            page,
            &RenderCache::new(),
            &InterpreterSettings::default(),
            &RenderSettings::default(),
            &settings,
        )
    })
    .ok_or("its content is broken")?;
    Ok((pixels, dpi))
}

/// Resolution that keeps the image within the pixel budget.
fn dpi_within(width: f32, height: f32, wanted: f32, limits: &Limits) -> Result<f32, String> {
    if !(width >= 1.0 && height >= 1.0 && width.is_finite() && height.is_finite()) {
        return Err("it has no size".into());
    }
    #[expect(clippy::cast_precision_loss, reason = "a budget need not be exact")]
    let by_area = POINTS_PER_INCH * (limits.pixels as f32 / (width * height)).sqrt();
    let by_side = POINTS_PER_INCH * MAX_SIDE_PIXELS / width.max(height);
    let dpi = wanted.min(by_area).min(by_side);
    if dpi < MIN_DPI.min(wanted) {
        return Err(format!(
            "it is {width:.0} x {height:.0} points, too large for {} pixels",
            limits.pixels
        ));
    }
    Ok(dpi)
}

/// Luma by ITU-R BT.601, in integers.
fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    u8::try_from(sum / 1000).unwrap_or(u8::MAX)
}
