//! Pictures of pages.

use std::io::Cursor;

use ilios_convert::{ConvertError, Input, Limits, PagePicture, page_picture};
use image::{ImageFormat, Rgb, RgbImage};

use crate::pdf_objects::{pdf, stream};

fn drawn(bytes: &[u8], page: u32, dpi: u32, bbox: Option<[f32; 4]>) -> Result<RgbImage, ConvertError> {
    let input = Input { bytes, name: "" };
    let png = page_picture(input, &PagePicture { page, dpi, bbox }, &Limits::default())?;
    Ok(image::load_from_memory(&png).unwrap().into_rgb8())
}

/// A page of 200 x 100 points, its left half red.
fn half_red() -> Vec<u8> {
    pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".into(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R>>".into(),
        stream("", "1 0 0 rg 0 0 100 100 re f"),
    ])
}

#[test]
fn a_page_of_a_pdf_is_drawn_in_colour_at_the_resolution() {
    let image = drawn(&half_red(), 1, 72, None).unwrap();
    assert_eq!(image.dimensions(), (200, 100));
    assert_eq!(image.get_pixel(50, 50), &Rgb([255, 0, 0]));
    assert_eq!(image.get_pixel(150, 50), &Rgb([255, 255, 255]));
    assert_eq!(drawn(&half_red(), 1, 144, None).unwrap().dimensions(), (400, 200));
}

#[test]
fn a_box_is_cut_out_with_a_margin() {
    let image = drawn(&half_red(), 1, 72, Some([20.0, 20.0, 60.0, 40.0])).unwrap();
    assert_eq!(image.dimensions(), (48, 28));
    let beside = drawn(&half_red(), 1, 72, Some([400.0, 20.0, 460.0, 40.0]));
    assert!(matches!(beside, Err(ConvertError::InvalidDocument { .. })));
}

#[test]
fn an_image_is_its_own_page_and_is_not_enlarged() {
    let image = RgbImage::from_pixel(2_000, 1_000, Rgb([1, 2, 3]));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    assert_eq!(drawn(&bytes, 1, 100, None).unwrap().dimensions(), (1_100, 550));
    assert_eq!(drawn(&bytes, 1, 200, None).unwrap().dimensions(), (2_000, 1_000));
    let part = drawn(&bytes, 1, 200, Some([100.0, 100.0, 300.0, 200.0])).unwrap();
    assert_eq!(part.dimensions(), (208, 108));
    assert!(drawn(&bytes, 2, 100, None).is_err());
}

#[test]
fn a_page_that_is_not_there_and_a_format_without_pages_are_refused() {
    let missing = drawn(&half_red(), 2, 72, None);
    assert!(matches!(missing, Err(ConvertError::InvalidDocument { .. })));
    let page = drawn(b"<p>text</p>", 1, 72, None);
    assert!(
        matches!(page, Err(ConvertError::PagesNotSupported { .. })),
        "{page:?}"
    );
}
