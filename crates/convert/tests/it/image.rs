//! Pictures, which are nothing but OCR.

use ilios_convert::{
    ConvertError, Host, Input, Limits, NoOcr, OcrEngine, OcrError, OcrMode, OcrRequest, Options, PageKind,
    convert,
};

use crate::fixture::{fixture, read_fixture};

const TSV: &str =
    "5\t1\t1\t1\t1\t1\t100\t100\t60\t30\t96\tA\n5\t1\t1\t1\t1\t2\t170\t100\t90\t30\t95\tpicture\n";

/// Answers every image with the same text and records the sizes of the images.
struct Fake {
    answer: &'static str,
    sizes: Vec<(u32, u32)>,
}

impl Host for Fake {
    fn recognize(&mut self, request: OcrRequest<'_>) -> Result<String, OcrError> {
        let side = |at: usize| u32::from_be_bytes(request.png[at..at + 4].try_into().unwrap());
        self.sizes.push((side(16), side(20)));
        Ok(self.answer.to_owned())
    }
}

fn fake(answer: &'static str) -> Fake {
    Fake {
        answer,
        sizes: Vec::new(),
    }
}

fn tesseract() -> Options {
    Options {
        ocr_engine: OcrEngine::Tesseract,
        ..Options::default()
    }
}

fn error(name: &str, limits: &Limits) -> ConvertError {
    read_fixture(name, &tesseract(), limits, &mut fake(TSV)).unwrap_err()
}

#[test]
fn every_kind_of_image_is_one_recognized_page() {
    for (name, size) in [
        ("picture.png", (420, 594)),
        ("picture.gif", (420, 594)),
        ("picture.bmp", (120, 80)),
        ("picture.webp", (420, 594)),
    ] {
        let mut host = fake(TSV);
        let conversion = read_fixture(name, &tesseract(), &Limits::default(), &mut host).unwrap();
        assert_eq!(conversion.markdown(), "A picture\n", "{name}");
        assert_eq!(host.sizes, [size], "{name}");
        assert_eq!(
            (conversion.pages[0].number, conversion.pages[0].kind),
            (1, PageKind::Ocr),
            "{name}"
        );
    }
}

#[test]
fn an_image_on_its_side_is_turned_upright() {
    let mut host = fake(TSV);
    let conversion = read_fixture("turned.jpg", &tesseract(), &Limits::default(), &mut host).unwrap();
    assert_eq!(host.sizes, [(594, 420)]);
    assert_eq!(
        (conversion.pages[0].width, conversion.pages[0].height),
        (Some(594.0), Some(420.0))
    );
}

#[test]
fn every_page_of_a_tiff_is_recognized() {
    let mut host = fake(TSV);
    let conversion = read_fixture("pages.tiff", &tesseract(), &Limits::default(), &mut host).unwrap();
    assert_eq!(host.sizes, [(420, 594), (300, 200), (200, 300)]);
    assert_eq!(
        conversion
            .pages
            .iter()
            .map(|page| page.number)
            .collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(conversion.metadata.page_count, Some(3));
}

#[test]
fn only_the_chosen_pages_of_a_tiff_are_recognized() {
    let options = |pages: &str| Options {
        pages: Some(pages.parse().unwrap()),
        ..tesseract()
    };
    let mut host = fake(TSV);
    read_fixture("pages.tiff", &options("2"), &Limits::default(), &mut host).unwrap();
    assert_eq!(host.sizes, [(300, 200)]);
    let beyond = read_fixture("pages.tiff", &options("4"), &Limits::default(), &mut host).unwrap_err();
    assert!(
        matches!(&beyond, ConvertError::EmptyDocument { reason } if reason.contains('3')),
        "{beyond}"
    );
}

#[test]
fn a_tiff_of_more_pages_than_allowed_is_refused() {
    let limits = Limits {
        pages: 2,
        ..Limits::default()
    };
    assert_eq!(error("pages.tiff", &limits).code(), "too_many_pages");
}

#[test]
fn a_tiff_whose_pages_go_in_circles_ends() {
    let mut bytes = fixture("pages.tiff");
    let first = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let entries = usize::from(u16::from_le_bytes(bytes[first..first + 2].try_into().unwrap()));
    let next = first + 2 + entries * 12;
    bytes[next..next + 4].copy_from_slice(&u32::try_from(first).unwrap().to_le_bytes());
    let input = Input {
        bytes: &bytes,
        name: "circle.tiff",
    };
    let conversion = convert(input, &tesseract(), &Limits::default(), &mut fake(TSV)).unwrap();
    assert_eq!(conversion.pages.len(), 1);
}

#[test]
fn an_image_of_more_pixels_than_allowed_is_refused() {
    let limits = Limits {
        pixels: 100,
        ..Limits::default()
    };
    for name in [
        "picture.png",
        "picture.gif",
        "picture.bmp",
        "picture.webp",
        "turned.jpg",
    ] {
        assert_eq!(error(name, &limits).code(), "limit_exceeded", "{name}");
    }
}

#[test]
fn a_broken_image_is_invalid() {
    assert_eq!(error("broken.png", &Limits::default()).code(), "invalid_document");
}

#[test]
fn an_image_without_text_is_empty() {
    let error = read_fixture("picture.png", &tesseract(), &Limits::default(), &mut fake("")).unwrap_err();
    assert_eq!(error.code(), "empty_document");
}

#[test]
fn an_image_needs_ocr() {
    let off = Options {
        ocr: OcrMode::Off,
        ..tesseract()
    };
    let switched_off = read_fixture("picture.png", &off, &Limits::default(), &mut fake(TSV)).unwrap_err();
    assert_eq!(switched_off.code(), "ocr_unavailable");
    let missing = read_fixture("picture.png", &tesseract(), &Limits::default(), &mut NoOcr).unwrap_err();
    assert_eq!(missing.code(), "ocr_unavailable");
}

#[test]
fn a_tiff_that_claims_more_values_than_it_has_bytes_has_no_page() {
    let entry = |tag: u16, count: u32, value: u32| {
        let head = [tag.to_le_bytes(), 4_u16.to_le_bytes()].concat();
        [head, count.to_le_bytes().to_vec(), value.to_le_bytes().to_vec()].concat()
    };
    let entries = [entry(256, 1, 8), entry(257, 1, 8), entry(273, u32::MAX, 8)].concat();
    let bytes = [b"II*\0\x08\0\0\0\x03\0".as_slice(), &entries, &[0; 4]].concat();
    let input = Input {
        bytes: &bytes,
        name: "a.tif",
    };
    let error = convert(input, &tesseract(), &Limits::default(), &mut fake(TSV)).unwrap_err();
    assert_eq!(error.code(), "invalid_document");
}

#[test]
fn texts_and_profiles_in_a_png_are_not_inflated() {
    // A chunk with a text, between a PNG's head (33 bytes) and its rest; its checksum is not looked at.
    let png = std::fs::read("tests/fixtures/pdf/picture.png");
    let png = png.unwrap();
    let chunk = [b"\0\0\0\x04zTXt".as_slice(), b"k\0\0\0", b"\0\0\0\0"].concat();
    let bytes = [&png[..33], &chunk, &png[33..]].concat();
    let input = Input {
        bytes: &bytes,
        name: "a.png",
    };
    let read = convert(input, &tesseract(), &Limits::default(), &mut fake(TSV)).unwrap();
    assert_eq!(read.markdown(), "A picture\n");
}
