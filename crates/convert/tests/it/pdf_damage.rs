//! Warnings and doubts of pages that cannot be read as they should.

use std::fmt::Write;
use std::fs;

use ilios_convert::ir::DoubtCode;
use ilios_convert::{Conversion, Input, Limits, NoOcr, OcrMode, Options, convert};

use crate::pdf_objects::{pdf, stream};

fn read(name: &str) -> Conversion {
    converted(&fs::read(format!("tests/fixtures/{name}.pdf")).unwrap())
}

fn converted(bytes: &[u8]) -> Conversion {
    let input = Input { bytes, name: "a.pdf" };
    let options = Options {
        ocr: OcrMode::Off,
        ..Options::default()
    };
    convert(input, &options, &Limits::default(), &mut NoOcr).unwrap()
}

fn warnings(conversion: &Conversion) -> Vec<&str> {
    let warnings = conversion.warnings.iter();
    warnings.map(|warning| warning.message.as_str()).collect()
}

fn doubts(conversion: &Conversion) -> Vec<DoubtCode> {
    let doubts = conversion.pages.iter().flat_map(|page| &page.doubts);
    doubts.map(|doubt| doubt.code).collect()
}

#[test]
fn what_stands_before_damage_is_read() {
    for name in ["pdf-field/flate_damaged", "pdf-classes/cut-off-stream"] {
        let conversion = read(name);
        let text = conversion.markdown();
        assert!(
            text.starts_with("The harbour office keeps a ledger of every vessel that enters the bay"),
            "{text}"
        );
        assert_eq!(
            warnings(&conversion),
            ["the content of page 1 is damaged: only what stands before the damage was read"]
        );
        assert_eq!(doubts(&conversion), [DoubtCode::DamagedContent], "{name}");
    }
}

#[test]
fn a_missing_stream_hides_none_of_the_others() {
    let conversion = read("pdf-classes/missing-content");
    let text = conversion.markdown();
    assert_eq!(text.matches("evening at six").count(), 2, "{text}");
    assert_eq!(doubts(&conversion), [DoubtCode::DamagedContent]);
}

#[test]
fn a_page_that_is_mostly_unreadable_is_told() {
    let conversion = read("pdf-field/mostly_unreadable");
    let text = conversion.markdown();
    assert!(
        text.starts_with("# Harbour gazette of the northern bay\n\nPublished"),
        "{text}"
    );
    assert_eq!(
        warnings(&conversion),
        ["page 1 has text in an unknown encoding and OCR is switched off"]
    );
    assert!(doubts(&conversion).contains(&DoubtCode::GarbledText));
}

#[test]
fn text_in_a_missing_font_is_read_and_doubted() {
    let conversion = read("pdf-classes/missing-font");
    assert!(conversion.markdown().contains("Words in a font that is gone"));
    assert_eq!(doubts(&conversion), [DoubtCode::UnmappedGlyphs]);
}

#[test]
fn hidden_text_is_left_out_with_a_doubt() {
    let conversion = read("pdf-classes/hidden-text");
    let text = conversion.markdown();
    for hidden in [
        "White words on white",
        "without a size",
        "without ink",
        "clipped away",
        "beyond the edge",
    ] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    assert!(
        text.contains("White words on blue ground") && text.contains("Words within the clip"),
        "{text}"
    );
    assert_eq!(
        doubts(&conversion),
        [DoubtCode::HiddenContent, DoubtCode::HiddenContent]
    );
}

#[test]
fn a_form_that_the_page_stands_in_for_gives_its_texts() {
    let conversion = read("pdf-classes/dynamic-form");
    let text = conversion.markdown();
    for shown in ["Berth request", "Vessel: Grey Heron", "Nights: 3"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    let [warning] = warnings(&conversion)[..] else {
        panic!("{:?}", warnings(&conversion))
    };
    assert!(warning.contains("XFA form"), "{warning}");
}

#[test]
fn tables_that_were_not_looked_for_are_told() {
    let row = "word ".repeat(100);
    let mut content = "BT /F 1 Tf 1 0 0 1 10 780 Tm ".to_owned();
    for _ in 0..310 {
        write!(content, "({row}) Tj 0 -2 Td ").unwrap();
    }
    let bytes = pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .to_owned(),
        stream("", &(content + "ET")),
        "<</Type/Font/Subtype/Type1/BaseFont/Courier>>".to_owned(),
    ]);
    let conversion = converted(&bytes);
    assert_eq!(conversion.markdown().matches("word").count(), 31_000);
    assert_eq!(
        warnings(&conversion),
        ["page 1 has too many words to look for tables: their cells are text"]
    );
}
