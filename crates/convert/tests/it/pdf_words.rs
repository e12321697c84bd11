//! Words of a PDF's pages: which letters belong together.

use ilios_convert::{Input, Limits, NoOcr, Options, convert};

use crate::pdf_objects::{pdf, stream};

/// Markdown of a page with this text in Helvetica of 10 points.
fn shown(text: &str) -> String {
    let bytes = pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .to_owned(),
        stream("", &format!("BT /F 10 Tf 72 700 Td {text} ET")),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ]);
    markdown(&bytes)
}

fn markdown(bytes: &[u8]) -> String {
    let input = Input { bytes, name: "a.pdf" };
    let result = convert(input, &Options::default(), &Limits::default(), &mut NoOcr);
    result.unwrap().markdown().trim().to_owned()
}

#[test]
fn letters_that_are_spaced_out_are_one_word() {
    assert_eq!(shown("3 Tc (harbour) Tj"), "harbour");
    let two = "3 Tc (harbour) Tj 0 Tc 40 0 Td (of the bay) Tj";
    assert!(shown(two).contains("harbour"), "{}", shown(two));
}

#[test]
fn spacing_that_is_taken_back_between_letters_parts_words() {
    let line =
        "4 Tc [(h) 400 (a) 400 (r) 400 (b) 400 (o) 400 (u) 400 (ra) 400 (n) 400 (db) 400 (a) 400 (y)] TJ";
    assert_eq!(shown(line), "harbour and bay");
}

#[test]
fn a_simple_font_is_read_by_its_dictionary_and_else_by_its_encoding() {
    let widths = "500 ".repeat(120);
    let font = format!(
        "<</Type/Font/Subtype/TrueType/BaseFont/Any/FirstChar 1/LastChar 120/Widths[{widths}]\
         /Encoding/WinAnsiEncoding/ToUnicode 6 0 R/FontDescriptor 7 0 R>>"
    );
    let map = "1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <01> <0057> <02> <00660069> endbfchar";
    let bytes = pdf(&[
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
            .to_owned(),
        stream("", "BT /F 10 Tf 72 700 Td [<01026178> -900 <01> -900 <61>] TJ ET"),
        font,
        stream("", map),
        "<</Type/FontDescriptor/FontName/Any/Flags 32/FontFile2 8 0 R>>".to_owned(),
        stream("", "no program at all"),
    ]);
    assert_eq!(markdown(&bytes), "Wfiax W a");
}
