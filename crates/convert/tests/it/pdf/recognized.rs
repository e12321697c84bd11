//! Pages that are recognized: scans, forced OCR, its failures.

use ilios_convert::ir::{DoubtCode, Unit};
use ilios_convert::{ConvertError, Limits, NoOcr, OcrEngine, OcrError, OcrMode, Options, PageKind};

use super::{Fake, TSV, read};
use crate::fixture::read_fixture;

fn ocr(mode: OcrMode) -> Options {
    Options {
        ocr: mode,
        ocr_engine: OcrEngine::Tesseract,
        ..Options::default()
    }
}

#[test]
fn a_scan_is_recognized_at_200_dpi() {
    let mut host = Fake::new(Ok(TSV));
    let conversion = read("scan.pdf", &ocr(OcrMode::Auto), &mut host).unwrap();
    assert_eq!(host.asked, [200]);
    assert_eq!(conversion.pages[0].kind, PageKind::Ocr);
    assert_eq!(conversion.markdown(), "A scanned page\n");
}

#[test]
fn a_scan_is_rendered_smaller_to_fit_the_pixel_budget() {
    let limits = Limits {
        pixels: 1_000_000,
        ..Limits::default()
    };
    let mut host = Fake::new(Ok(TSV));
    read_fixture("scan.pdf", &ocr(OcrMode::Auto), &limits, &mut host).unwrap();
    assert!((100..110).contains(&host.asked[0]), "{:?}", host.asked);
}

#[test]
fn a_scan_beyond_any_pixel_budget_is_not_recognized() {
    let limits = Limits {
        pixels: 1_000,
        ..Limits::default()
    };
    let error = read_fixture("scan.pdf", &ocr(OcrMode::Auto), &limits, &mut Fake::new(Ok(TSV))).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");
}

#[test]
fn scans_alone_need_ocr() {
    let off = read("scan.pdf", &ocr(OcrMode::Off), &mut Fake::new(Ok(TSV))).unwrap_err();
    assert_eq!(
        off,
        ConvertError::OcrUnavailable {
            reason: "OCR is switched off".into()
        }
    );
    let missing = Fake::new(Err(OcrError::Unavailable("install tesseract-ocr".into())));
    let error = read("scan.pdf", &ocr(OcrMode::Auto), &mut { missing }).unwrap_err();
    assert!(
        matches!(&error, ConvertError::OcrUnavailable { reason } if reason.contains("install tesseract-ocr"))
    );
}

#[test]
fn a_scan_between_pages_of_text_is_a_warning_without_ocr() {
    let conversion = read("mixed.pdf", &ocr(OcrMode::Off), &mut NoOcr).unwrap();
    assert_eq!(
        conversion.pages.iter().map(|page| page.kind).collect::<Vec<_>>(),
        [PageKind::TextLayer, PageKind::Empty, PageKind::TextLayer]
    );
    let [warning] = conversion.warnings.as_slice() else {
        panic!("{:?}", conversion.warnings)
    };
    assert_eq!(warning.page, Some(2));
    assert_eq!(warning.message, "page 2 is a scan and OCR is switched off");
    let unavailable = read("mixed.pdf", &ocr(OcrMode::Auto), &mut NoOcr).unwrap();
    assert!(
        unavailable.warnings[0]
            .message
            .starts_with("page 2 is a scan and no OCR is installed: ")
    );
}

#[test]
fn a_page_that_ocr_fails_on_is_a_warning() {
    let mut host = Fake::new(Err(OcrError::Failed("it crashed".into())));
    let conversion = read("mixed.pdf", &ocr(OcrMode::Auto), &mut host).unwrap();
    assert_eq!(
        conversion.warnings[0].message,
        "page 2 is a scan and could not be recognized: it crashed"
    );
    let error = read("scan.pdf", &ocr(OcrMode::Auto), &mut host).unwrap_err();
    assert_eq!(error.code(), "invalid_document");
}

#[test]
fn forced_ocr_recognizes_every_page() {
    let mut host = Fake::new(Ok(TSV));
    let conversion = read("mixed.pdf", &ocr(OcrMode::Force), &mut host).unwrap();
    assert_eq!(host.asked, [200, 200, 200]);
    assert!(conversion.pages.iter().all(|page| page.kind == PageKind::Ocr));
}

#[test]
fn a_scan_without_a_word_is_empty() {
    let error = read("scan.pdf", &ocr(OcrMode::Auto), &mut Fake::new(Ok(""))).unwrap_err();
    assert_eq!(error.code(), "empty_document");
}

#[test]
fn a_page_that_was_not_recognized_says_so() {
    let conversion = read("mixed.pdf", &ocr(OcrMode::Off), &mut NoOcr).unwrap();
    let codes: Vec<Vec<DoubtCode>> = conversion
        .pages
        .iter()
        .map(|page| page.doubts.iter().map(|doubt| doubt.code).collect())
        .collect();
    assert_eq!(codes, [vec![], vec![DoubtCode::NotRecognized], vec![]]);
}

#[test]
fn a_recognized_page_has_boxes_in_points_and_its_confidence() {
    let conversion = read("scan.pdf", &ocr(OcrMode::Auto), &mut Fake::new(Ok(TSV))).unwrap();
    let page = &conversion.pages[0];
    assert_eq!((page.engine.as_deref(), page.unit), (Some("tesseract"), Unit::Pt));
    let confidence = page.confidence.unwrap();
    assert!((confidence.mean - 0.951).abs() < 0.001 && (confidence.min - 0.942).abs() < 0.001);
    // Pixels 100 to 360 and 100 to 130, of 200 to an inch.
    let bbox = page.blocks[0].regions[0].bbox;
    let near = bbox.iter().zip([36.0, 36.0, 129.6, 46.8]);
    assert!(
        near.clone()
            .all(|(edge, expected)| (edge - expected).abs() < 0.01),
        "{bbox:?}"
    );
    assert!(page.doubts.is_empty());
}
