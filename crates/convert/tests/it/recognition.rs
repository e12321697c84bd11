//! Pictures of text, read by the networks of this crate: pages that are turned, and pictures of nothing.

use std::io::Cursor;
use std::time::Instant;

use ilios_convert::ir::{Block, BlockKind, DoubtCode};
use ilios_convert::{
    Conversion, ConvertError, Input, Limits, NoOcr, OcrEngine, OcrMode, Options, PageKind, convert, has_ocr,
};
use image::{GrayImage, ImageFormat, Luma, imageops};

use crate::fixture::read_fixture;
use crate::rendered::{recall, rendered};

fn with_networks() -> Options {
    assert!(
        has_ocr(),
        "built without networks: run scripts/fetch-ocr-models.sh"
    );
    Options {
        ocr_engine: OcrEngine::Builtin,
        ..Options::default()
    }
}

fn forced() -> Options {
    Options {
        ocr: OcrMode::Force,
        ..with_networks()
    }
}

fn read(bytes: &[u8], name: &str, options: &Options) -> Result<Conversion, ConvertError> {
    convert(Input { bytes, name }, options, &Limits::default(), &mut NoOcr)
}

fn read_named(name: &str, options: &Options) -> Result<Conversion, ConvertError> {
    read_fixture(name, options, &Limits::default(), &mut NoOcr)
}

fn read_picture(picture: &GrayImage) -> Result<Conversion, ConvertError> {
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).unwrap();
    read(png.get_ref(), "picture.png", &with_networks())
}

/// The picture turned clockwise about its centre, on white.
fn turned(picture: &GrayImage, degrees: f32) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (x0, y0) = (picture.width() as f32 / 2.0, picture.height() as f32 / 2.0);
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let (dx, dy) = (x as f32 - x0, y as f32 - y0);
        let (x, y) = (x0 + dx * cos + dy * sin, y0 - dx * sin + dy * cos);
        imageops::interpolate_bilinear(picture, x, y).unwrap_or(Luma([255]))
    })
}

#[test]
fn a_scan_is_read_with_nothing_installed() {
    let conversion = read_named("scan.pdf", &with_networks()).unwrap();
    let page = &conversion.pages[0];
    assert_eq!(conversion.markdown(), "A scanned page\n");
    assert_eq!(
        (page.kind, page.engine.as_deref()),
        (PageKind::Ocr, Some("builtin"))
    );
    let confidence = page.confidence.unwrap();
    assert!(confidence.mean > 0.9 && confidence.min > 0.8, "{confidence:?}");
    assert_eq!(page.doubts, []);
    let block = &page.blocks[0];
    let [left, top, right, bottom] = block.regions[0].bbox;
    assert!(
        (50.0..65.0).contains(&left) && (160.0..185.0).contains(&right),
        "{block:?}"
    );
    assert!(
        (80.0..95.0).contains(&top) && (95.0..110.0).contains(&bottom),
        "{block:?}"
    );
    assert!(
        block.confidence.is_some_and(|confidence| confidence > 0.9),
        "{block:?}"
    );
}

#[test]
fn a_recognized_page_has_the_structure_of_its_text_layer() {
    let conversion = read_named("headings.pdf", &forced()).unwrap();
    let text = read_named("headings.pdf", &Options::default()).unwrap();
    let headings = |blocks: &[Block]| {
        let is_heading = |block: &&Block| matches!(block.kind, BlockKind::Heading { .. });
        blocks.iter().filter(is_heading).count()
    };
    let (read, drawn) = (&conversion.pages[0].blocks, &text.pages[0].blocks);
    assert!(headings(read) * 2 > headings(drawn), "{}", conversion.markdown());
    assert!(recall("headings.pdf", &conversion.markdown()) > 0.97);
}

#[test]
fn columns_are_read_one_after_the_other() {
    let conversion = read_named("columns.pdf", &forced()).unwrap();
    let text = read_named("columns.pdf", &Options::default()).unwrap();
    let start = |conversion: &Conversion| {
        conversion
            .markdown()
            .split_whitespace()
            .take(40)
            .collect::<String>()
    };
    let (read, drawn) = (start(&conversion), start(&text));
    assert_eq!(
        read.chars().take(80).collect::<String>(),
        drawn.chars().take(80).collect::<String>()
    );
}

#[test]
fn a_page_may_lie_on_any_side() {
    let page = rendered("paragraphs.pdf");
    let upright = recall("paragraphs.pdf", &read_picture(&page).unwrap().markdown());
    assert!(upright > 0.97, "{upright}");
    for (degrees, picture) in [
        (90, imageops::rotate90(&page)),
        (180, imageops::rotate180(&page)),
        (270, imageops::rotate270(&page)),
    ] {
        let conversion = read_picture(&picture).unwrap();
        let found = recall("paragraphs.pdf", &conversion.markdown());
        assert!(found >= upright - 0.02, "{degrees}: {found} instead of {upright}");
        let region = conversion.pages[0].blocks[0].regions[0];
        assert_eq!(region.angle, Some(degrees as f32));
        let (width, height) = (picture.width() as f32, picture.height() as f32);
        let [left, top, right, bottom] = region.bbox;
        let across = degrees % 180 == 90;
        assert_eq!(bottom - top > right - left, across, "{degrees}: {region:?}");
        assert!(
            left >= 0.0 && right <= width && top >= 0.0 && bottom <= height,
            "{region:?}"
        );
    }
}

#[test]
fn a_page_may_lie_askew() {
    let page = rendered("paragraphs.pdf");
    let upright = recall("paragraphs.pdf", &read_picture(&page).unwrap().markdown());
    for degrees in [-8.0, 8.0, 3.0] {
        let conversion = read_picture(&turned(&page, degrees)).unwrap();
        let found = recall("paragraphs.pdf", &conversion.markdown());
        assert!(found >= upright - 0.02, "{degrees}: {found} instead of {upright}");
        let angle = conversion.pages[0].blocks[0].regions[0].angle.unwrap();
        let off = (angle - degrees + 180.0).rem_euclid(360.0) - 180.0;
        assert!(off.abs() <= 1.0, "{angle} instead of {degrees}");
    }
}

#[test]
fn languages_in_another_script_are_doubted_without_the_program_for_them() {
    let options = Options {
        ocr_engine: OcrEngine::Auto,
        ocr_languages: "eng+rus".parse().unwrap(),
        ..with_networks()
    };
    let conversion = read_named("scan.pdf", &options).unwrap();
    let codes: Vec<DoubtCode> = conversion.pages[0]
        .doubts
        .iter()
        .map(|doubt| doubt.code)
        .collect();
    assert_eq!(codes, [DoubtCode::ScriptNotSupported]);
    assert_eq!(conversion.markdown(), "A scanned page\n");
}

#[test]
fn pictures_of_nothing_end_soon() {
    // Noise of a generator of its own, as a test must not be different each time.
    let mut state = 1_u32;
    let mut noise = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let pictures = [
        ("one pixel", GrayImage::from_pixel(1, 1, Luma([0]))),
        ("flat", GrayImage::from_pixel(30_000, 10, Luma([255]))),
        ("high", GrayImage::from_pixel(10, 30_000, Luma([90]))),
        ("black", GrayImage::from_pixel(1600, 2300, Luma([0]))),
        ("noise", GrayImage::from_fn(1600, 2300, |_, _| Luma([noise()]))),
        (
            "lines",
            GrayImage::from_fn(1600, 2300, |_, y| Luma([if y % 16 < 8 { 0 } else { 255 }])),
        ),
        (
            "squares",
            GrayImage::from_fn(1600, 2300, |x, y| {
                Luma([if (x / 12 + y / 12) % 2 == 0 { 0 } else { 255 }])
            }),
        ),
    ];
    for (name, picture) in pictures {
        let begin = Instant::now();
        let outcome = read_picture(&picture);
        // The crate is not optimized in tests.
        assert!(begin.elapsed().as_secs() < 40, "{name}: {:?}", begin.elapsed());
        if let Err(error) = outcome {
            assert_eq!(error.code(), "empty_document", "{name}");
        }
    }
}
