//! Assessment of PDF pages: usable text layer, or OCR needed.

use std::path::Path;

use ilios_convert::{Limits, OcrReason, PageVerdict, assess_pdf};

use crate::pdf_objects::{pdf, stream};

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(".").join("tests/fixtures/pdf");
    std::fs::read(folder.join(name)).unwrap()
}

/// Assesses a page of `content` with an image `P` and two fonts: `F` is readable, `G` has glyph numbers without a map to
/// characters.
fn page_of(content: &str) -> PageVerdict {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 600 800]>>",
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 6 0 R>>/XObject<</P 8 0 R>>>>>>",
        &stream("", content),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Own/Encoding/Identity-H/DescendantFonts[7 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)\
         /Supplement 0>>/DW 500>>",
        &stream(
            "/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray",
            "abcd",
        ),
    ];
    let objects: Vec<String> = objects.iter().map(ToString::to_string).collect();
    let pages = assess_pdf(&pdf(&objects), &Limits::default()).unwrap();
    assert_eq!(pages.len(), 1);
    pages.first().unwrap().verdict
}

const SENTENCE: &str = "The harbour master keeps a ledger of every vessel that enters the bay";

fn lines(font: &str, count: usize, text: &str) -> String {
    let lines: String = (0..count).map(|_| format!("({text}) Tj 0 -14 Td ")).collect();
    format!("BT /{font} 11 Tf 60 740 Td {lines} ET")
}

#[test]
fn pages_of_text_need_no_ocr() {
    assert_eq!(page_of(&lines("F", 1, SENTENCE)), PageVerdict::TextLayer);
    assert_eq!(page_of(&lines("F", 30, SENTENCE)), PageVerdict::TextLayer);
    let table = "4711 0.25 13 08-15 77 1,200.00 ..................... 12";
    assert_eq!(page_of(&lines("F", 40, table)), PageVerdict::TextLayer);
    let beside = format!("q 200 0 0 200 350 50 cm /P Do Q {}", lines("F", 20, SENTENCE));
    assert_eq!(page_of(&beside), PageVerdict::TextLayer);
    let over = format!("q 600 0 0 800 0 0 cm /P Do Q {}", lines("F", 30, SENTENCE));
    assert_eq!(
        page_of(&over),
        PageVerdict::TextLayer,
        "an image with the text layer of a scanner over it"
    );
    assert_eq!(page_of(""), PageVerdict::Blank);
}

#[test]
fn images_and_broken_encodings_need_ocr() {
    let image = "q 600 0 0 800 0 0 cm /P Do Q";
    assert_eq!(page_of(image), PageVerdict::NeedsOcr(OcrReason::NoText));
    let stamped = format!("{image} {}", lines("F", 1, "Page 3 of 12"));
    assert_eq!(page_of(&stamped), PageVerdict::NeedsOcr(OcrReason::NoText));
    let captioned = format!("{image} {}", lines("F", 2, SENTENCE));
    assert_eq!(page_of(&captioned), PageVerdict::NeedsOcr(OcrReason::MostlyImage));
    let unnamed = lines("G", 20, SENTENCE);
    assert_eq!(
        page_of(&unnamed),
        PageVerdict::NeedsOcr(OcrReason::BrokenEncoding)
    );
    // Numbers of glyphs taken for characters, as of a subset font without a table of its own.
    let sentence =
        "When the tide has turned and the wind is in the east no ship that has anchored outside may move";
    let shifted: String = sentence
        .bytes()
        .map(|byte| match byte.wrapping_sub(29) {
            b'(' | b')' | b'\\' | 0..=31 => ' ',
            byte => char::from(byte),
        })
        .collect();
    let shifted = lines("F", 20, &shifted);
    assert_eq!(
        page_of(&shifted),
        PageVerdict::NeedsOcr(OcrReason::BrokenEncoding)
    );
    let outlines: String = (0..200).map(|n| format!("{n} 0 m {n} 9 l 9 9 l f ")).collect();
    assert_eq!(page_of(&outlines), PageVerdict::NeedsOcr(OcrReason::NoText));
}

#[test]
fn scans_need_ocr_and_the_pages_of_text_beside_them_do_not() {
    let assess = |name: &str| -> Vec<PageVerdict> {
        let pages = assess_pdf(&fixture(name), &Limits::default()).unwrap();
        pages.into_iter().map(|page| page.verdict).collect()
    };
    assert_eq!(assess("scan.pdf"), [PageVerdict::NeedsOcr(OcrReason::NoText)]);
    assert_eq!(
        assess("mixed.pdf"),
        [
            PageVerdict::TextLayer,
            PageVerdict::NeedsOcr(OcrReason::NoText),
            PageVerdict::TextLayer
        ]
    );
    assert_eq!(assess("report.pdf"), [PageVerdict::TextLayer]);
}
