//! Pages that are read at the same time, where the host has processors for them.

use std::fmt::Write;

use ilios_convert::{
    Conversion, Host, Input, Limits, OcrEngine, OcrError, OcrMode, OcrRequest, Options, PageKind, convert,
};
use image::{GrayImage, imageops};

use crate::fixture::fixture;
use crate::pdf_objects::{pdf, stream};
use crate::rendered::rendered;

/// Host with processors to spare.
struct Processors {
    spare: usize,
    /// Pictures that were to be read, at each question.
    asked: Vec<usize>,
    /// Pages that were begun, and whether before their turn.
    begun: Vec<(u32, bool)>,
}

impl Host for Processors {
    fn recognize(&mut self, _request: OcrRequest<'_>) -> Result<String, OcrError> {
        Err(OcrError::Unavailable("there is no other engine".into()))
    }

    fn on_page_start(&mut self, number: u32, lookahead: bool) {
        self.begun.push((number, lookahead));
    }

    fn on_recognition(&mut self, pictures: usize) -> usize {
        self.asked.push(pictures);
        self.spare.min(pictures)
    }
}

fn read(spare: usize, name: &str, bytes: &[u8], ocr: OcrMode) -> (Conversion, Processors) {
    let options = Options {
        ocr,
        ocr_engine: OcrEngine::Builtin,
        ..Options::default()
    };
    let mut host = Processors {
        spare,
        asked: Vec::new(),
        begun: Vec::new(),
    };
    let conversion = convert(Input { bytes, name }, &options, &Limits::default(), &mut host);
    (conversion.unwrap(), host)
}

/// A PDF whose pages are pictures alone, each with other lines of a text; those of `written` have a text layer instead.
fn scans(count: u32, written: &[u32]) -> Vec<u8> {
    let whole = rendered("paragraphs.pdf");
    let mut kids = String::new();
    let mut parts = Vec::new();
    for number in 0..count {
        let first = 4 + 3 * number;
        write!(kids, "{first} 0 R ").unwrap();
        let strip = imageops::crop_imm(&whole, 0, 90 * number, whole.width(), 320).to_image();
        let content = match written.contains(&(number + 1)) {
            true => "BT /F 12 Tf 40 380 Td (A page of text whose letters are there for all to read) Tj ET",
            false => "q 600 0 0 155 0 200 cm /I Do Q",
        };
        parts.extend([
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]/Contents {} 0 R/Resources<</XObject<</I {} 0 R>>\
                 /Font<</F 3 0 R>>>>>>",
                first + 1,
                first + 2
            ),
            stream("", content),
            picture(&strip),
        ]);
    }
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".into(),
        format!("<</Type/Pages/Count {count}/Kids[{kids}]>>"),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".into(),
    ];
    objects.extend(parts);
    pdf(&objects)
}

fn picture(image: &GrayImage) -> String {
    let (width, height) = image.dimensions();
    let pixels = image.iter().fold(String::new(), |mut text, pixel| {
        write!(text, "{pixel:02x}").unwrap();
        text
    });
    let dict = format!(
        "/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter\
         /ASCIIHexDecode"
    );
    stream(&dict, &format!("{pixels}>"))
}

#[test]
fn pages_that_are_read_at_the_same_time_are_the_same_pages() {
    let scans = scans(4, &[]);
    let (one, host) = read(1, "scans.pdf", &scans, OcrMode::Auto);
    assert_eq!(host.asked, [4, 3, 2, 1]);
    let (three, host) = read(3, "scans.pdf", &scans, OcrMode::Auto);
    assert_eq!(host.asked, [4, 1], "the last one is alone");
    let turns = [
        (1, false),
        (2, true),
        (3, true),
        (2, false),
        (3, false),
        (4, false),
    ];
    assert!(host.begun.ends_with(&turns), "{:?}", host.begun);
    assert_eq!(one.pages, three.pages);
    let texts: Vec<&str> = one.pages.iter().map(|page| page.markdown.as_str()).collect();
    assert!(texts.iter().all(|text| text.len() > 100), "{texts:?}");
    assert!(texts.windows(2).all(|pair| pair[0] != pair[1]), "{texts:?}");
}

#[test]
fn pages_with_a_text_layer_are_not_read_for_nothing() {
    let scans = scans(3, &[2]);
    let (conversion, host) = read(9, "scans.pdf", &scans, OcrMode::Auto);
    assert_eq!(host.asked, [2]);
    let kinds: Vec<PageKind> = conversion.pages.iter().map(|page| page.kind).collect();
    assert_eq!(kinds, [PageKind::Ocr, PageKind::TextLayer, PageKind::Ocr]);
    let (all, host) = read(9, "scans.pdf", &scans, OcrMode::Force);
    assert_eq!(host.asked, [3]);
    assert!(all.pages.iter().all(|page| page.kind == PageKind::Ocr));
}

#[test]
fn pages_of_a_tiff_are_read_at_the_same_time() {
    let tiff = fixture("pages.tiff");
    let (one, host) = read(1, "pages.tiff", &tiff, OcrMode::Auto);
    assert!(host.asked.len() > 1);
    let (all, host) = read(99, "pages.tiff", &tiff, OcrMode::Auto);
    assert_eq!(host.asked.len(), 1);
    assert_eq!(one.pages, all.pages);
}
