use sha2::{Digest, Sha256};

use super::encode::Channels;
use super::{Pictures, Pixels, Taken};
use crate::{Images, Limits};

fn file(width: u32, height: u32, format: image::ImageFormat) -> Vec<u8> {
    let pixels = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x % 256) as u8, (y % 256) as u8, 7])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

#[test]
fn jpeg_and_png_stay_as_they_are_and_others_become_png() {
    let limits = Limits::default();
    let mut pictures = Pictures::new(Images::Extract, &limits);
    let jpeg = file(20, 30, image::ImageFormat::Jpeg);
    let png = file(20, 31, image::ImageFormat::Png);
    let bmp = file(20, 32, image::ImageFormat::Bmp);
    let names: Vec<_> = [&jpeg, &png, &bmp]
        .into_iter()
        .map(|bytes| pictures.add_file(3, bytes).name().expect("a name"))
        .collect();
    assert_eq!(names, ["p3-1.jpg", "p3-2.png", "p3-3.png"]);
    let (images, warnings) = pictures.finish();
    assert!(warnings.is_empty());
    assert_eq!(Sha256::digest(&images[0].bytes), Sha256::digest(&jpeg));
    assert_eq!(Sha256::digest(&images[1].bytes), Sha256::digest(&png));
    assert_eq!(
        (images[2].mime_type.as_str(), images[2].width, images[2].height),
        ("image/png", 20, 32)
    );
    assert_eq!(
        image::load_from_memory(&images[2].bytes)
            .expect("a picture")
            .into_rgb8(),
        image::load_from_memory(&bmp).expect("a picture").into_rgb8()
    );
}

#[test]
fn the_same_picture_is_kept_once_and_decoration_not_at_all() {
    let limits = Limits::default();
    let mut pictures = Pictures::new(Images::Extract, &limits);
    let logo = file(40, 40, image::ImageFormat::Png);
    let first = pictures.add_file(1, &logo);
    assert_eq!(pictures.add_file(2, &logo), first);
    assert_eq!(
        pictures.add_file(1, &file(200, 15, image::ImageFormat::Png)),
        Taken::Decoration
    );
    let (images, warnings) = pictures.finish();
    assert_eq!(images.len(), 1);
    assert_eq!(
        warnings
            .iter()
            .map(|warning| warning.message.as_str())
            .collect::<Vec<_>>(),
        ["pictures left out: 1 (decoration: small, or on most pages)"]
    );
}

#[test]
fn what_is_too_large_too_many_or_unreadable_is_counted() {
    let limits = Limits {
        images: 2,
        pixels: 10_000,
        ..Limits::default()
    };
    let mut pictures = Pictures::new(Images::Extract, &limits);
    assert_eq!(pictures.add_file(1, b"no picture"), Taken::LeftOut);
    assert_eq!(
        pictures.add_file(1, &file(200, 100, image::ImageFormat::Png)),
        Taken::LeftOut
    );
    let cut = file(90, 90, image::ImageFormat::Jpeg);
    assert_eq!(pictures.add_file(1, &cut[..cut.len() - 40]), Taken::LeftOut);
    for side in 20..24 {
        pictures.add_file(1, &file(side, side, image::ImageFormat::Png));
    }
    let (images, warnings) = pictures.finish();
    let messages: Vec<_> = warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(images.len(), 2);
    assert_eq!(
        messages,
        [
            "pictures left out: 2 (more than 2 pictures, or too many on a page)",
            "pictures left out: 1 (too large)",
            "pictures left out: 2 (broken, or of a kind that is not read)"
        ]
    );
}

#[test]
fn pixels_become_png_and_nothing_is_encoded_when_no_picture_is_wanted() {
    let limits = Limits::default();
    let pixels = || Pixels {
        width: 16,
        height: 16,
        channels: Channels::GrayAlpha,
        data: vec![9; 2 * 16 * 16],
    };
    let mut pictures = Pictures::new(Images::Extract, &limits);
    let name = pictures.add_pixels(1, b"key", (16, 16), || Some(pixels()));
    assert_eq!(name, Taken::Kept("p1-1.png".into()));
    let (images, _) = pictures.finish();
    let read = image::load_from_memory(&images[0].bytes).expect("a picture");
    assert_eq!(read.color(), image::ColorType::La8);

    let mut pictures = Pictures::new(Images::Placeholder, &limits);
    assert_eq!(
        pictures.add_pixels(1, b"key", (16, 16), || unreachable!("nobody wants it")),
        Taken::LeftOut
    );
}

#[test]
fn a_picture_of_too_many_pixels_is_refused_before_they_are_made() {
    let limits = Limits::default();
    let mut pictures = Pictures::new(Images::Extract, &limits);
    let taken = pictures.add_pixels(1, b"key", (100_000, 100_000), || {
        unreachable!("ten billion pixels")
    });
    assert_eq!(taken, Taken::LeftOut);
    assert_eq!(pictures.finish().1.len(), 1);
}
