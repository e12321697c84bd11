use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::cmap_codes::codes_in_ranges;
use super::{FontGuard, check_object_streams};
use crate::ConvertError;
use crate::pdf::test_documents::open;
use crate::pdf::test_documents::pdf_objects::stream;

/// Checks a page with these resources and annotations; the objects begin with number 4.
fn check(resources: &str, annotations: &str, objects: &[&str]) -> Result<(), ConvertError> {
    let mut all = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<{resources}>>/Annots[{annotations}]>>"
        ),
    ];
    all.extend(objects.iter().map(|object| (*object).to_owned()));
    FontGuard::check_document(&open(&all))
}

fn is_refused(result: &Result<(), ConvertError>) -> bool {
    matches!(result, Err(ConvertError::LimitExceeded { .. }))
}

const WIDE: &str = "<</Type/Font/Subtype/Type0/DescendantFonts[<</W[0 4294967294 500]>>]>>";

#[test]
fn fonts_are_found_wherever_a_page_reaches_them() {
    let form = stream("/Subtype/Form/Resources<</Font<</F 5 0 R>>>>", "");
    let glyphs = "<</Type/Font/Subtype/Type3/Resources<</Font<</F 5 0 R>>>>>>";
    for (resources, annotations, object) in [
        ("/Font<</F 5 0 R>>", "", ""),
        ("/XObject<</X 4 0 R>>", "", form.as_str()),
        ("/Pattern<</X 4 0 R>>", "", form.as_str()),
        ("/ExtGState<</X<</SMask<</G 4 0 R>>>>>>", "", form.as_str()),
        ("/ExtGState<</X<</Font[5 0 R 12]>>>>", "", ""),
        ("/Font<</F 4 0 R>>", "", glyphs),
        ("", "<</AP<</N 4 0 R>>>>", form.as_str()),
        ("", "<</AP<</N<</On 4 0 R>>>>>>", form.as_str()),
    ] {
        let object = if object.is_empty() { "null" } else { object };
        let result = check(resources, annotations, &[object, WIDE]);
        assert!(is_refused(&result), "{resources} {annotations}: {result:?}");
    }
    assert_eq!(check("", "", &["null", WIDE]), Ok(()), "no page uses it");
}

#[test]
fn widths_are_counted_over_all_ranges() {
    let many = format!("/W[{}]", "0 65535 500 ".repeat(5));
    for (widths, refused) in [
        ("/W[0 65535 500 70000[1 2 3] 5 5 1]", false),
        ("/W[0 4294967294 500]", true),
        ("/W2[0 4294967294 -1000 500 880]", true),
        ("/W2[1[-1000 500 880] 0 65535 -1000 500 880]", false),
        ("/W[65535 0 1 0 99999999999999999999 1]", true),
        ("/W[7 0 R 7 0 R 500]", false),
        (many.as_str(), true),
    ] {
        let font = format!("<</Type/Font/Subtype/Type0/DescendantFonts[<<{widths}>>]>>");
        let result = check("/Font<</F 4 0 R>>", "", &[&font]);
        assert_eq!(is_refused(&result), refused, "{widths:.60}: {result:?}");
    }
}

#[test]
fn ranges_of_character_maps_are_counted() {
    for (map, codes) in [
        ("1 beginbfrange <0000> <FFFF> <0000> endbfrange", 65_536),
        ("1 begincidrange <00> <ff> 0 <0100> <01FF> 7 endcidrange", 512),
        (
            "beginbfrange <00><01>[<0041> <0042>]<10> <1f> <0050>endbfrange",
            18,
        ),
        ("beginbfrange <00000000> <FFFFFFFF> <0041>", 1 << 32),
        ("beginbfrange <zz> <0048> <0048> <0048> <0069>", 1),
        ("beginbfrange <05> <01> <0041> endbfrange", 0),
        ("beginbfrange <", 0),
        ("<0000> <FFFF> <0000>", 0),
    ] {
        assert_eq!(codes_in_ranges(map.as_bytes()), codes, "{map}");
    }
}

#[test]
fn a_character_map_that_unpacks_to_too_much_is_refused() {
    let packed = zeros(40 << 20);
    let hex = packed.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    let map = stream("/Filter[/AHx/Fl]", &hex);
    let font = "<</Type/Font/ToUnicode 5 0 R>>";
    assert!(is_refused(&check("/Font<</F 4 0 R>>", "", &[font, &map])));
    let font = "<</Type/Font/Encoding 5 0 R>>";
    assert!(is_refused(&check("/Font<</F 4 0 R>>", "", &[font, &map])));
}

#[test]
fn circles_and_depth_end() {
    let form = stream("/Subtype/Form/Resources<</XObject<</X 4 0 R>>>>", "");
    assert_eq!(check("/XObject<</X 4 0 R>>", "", &[&form]), Ok(()));
    let forms: Vec<String> = (5..2_005)
        .map(|next| {
            stream(
                &format!("/Subtype/Form/Resources<</XObject<</X {next} 0 R>>>>"),
                "",
            )
        })
        .collect();
    let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
    assert_eq!(check("/XObject<</X 4 0 R>>", "", &forms), Ok(()));
}

fn zeros(count: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&vec![0; count]).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn object_streams_that_unpack_to_too_much_are_refused() {
    let packed = zeros(100 << 20);
    let file = |streams: usize| {
        let mut file = b"%PDF-1.7\n".to_vec();
        for _ in 0..streams {
            file.extend(b"9 0 obj <</Type/ObjStm/Filter/FlateDecode>>stream\r\n");
            file.extend(&packed);
            file.extend(b"\nendstream endobj\n");
        }
        file
    };
    assert_eq!(check_object_streams(&file(5)), Ok(()));
    assert!(is_refused(&check_object_streams(&file(6))));
    let unended = b"/ObjStm>>stream ".repeat(100_000);
    assert_eq!(check_object_streams(&unended), Ok(()));
}
