//! Splitting of PDFs.

use std::collections::HashSet;
use std::path::Path;

use ilios_convert::{
    Conversion, ConvertError, Input, Limits, NoOcr, Options, PartLimits, PdfSplitter, assess_pdf, convert,
};

use crate::pdf_objects::{pdf, stream};

const ROOM: u64 = 48_000_000;

fn line(text: &str) -> String {
    stream("", &format!("BT /F 12 Tf 72 700 Td ({text}) Tj ET"))
}

/// Pages that inherit everything from the node above them, each with an image of `bytes`.
fn with_images(pages: usize, bytes: usize) -> Vec<u8> {
    let kids: String = (0..pages).map(|n| format!("{} 0 R ", 4 + 3 * n)).collect();
    let images: String = (0..pages).map(|n| format!("/P{n} {} 0 R", 6 + 3 * n)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!(
            "<</Type/Pages/Count {pages}/Kids[{kids}]/MediaBox[0 0 300 800]/Rotate 90\
             /Resources<</Font<</F 3 0 R>>/XObject<<{images}>>>>>>"
        ),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    for n in 0..pages {
        objects.push(format!("<</Type/Page/Parent 2 0 R/Contents {} 0 R>>", 5 + 3 * n));
        objects.push(stream(
            "",
            &format!(
                "BT /F 12 Tf 72 700 Td (This is page {}.) Tj ET q 9 0 0 9 0 0 cm /P{n} Do Q",
                n + 1
            ),
        ));
        let pixels = "x".repeat(bytes);
        objects.push(stream(
            &format!(
                "/Type/XObject/Subtype/Image/Width 1/Height {bytes}/BitsPerComponent 8/ColorSpace/DeviceGray"
            ),
            &pixels,
        ));
    }
    pdf(&objects)
}

fn open(bytes: Vec<u8>) -> PdfSplitter {
    PdfSplitter::open(bytes, &Limits::default()).unwrap()
}

fn read(bytes: &[u8]) -> Conversion {
    let input = Input {
        bytes,
        name: "part.pdf",
    };
    convert(input, &Options::default(), &Limits::default(), &mut NoOcr).unwrap()
}

fn texts(bytes: &[u8]) -> Vec<String> {
    read(bytes).pages.into_iter().map(|page| page.markdown).collect()
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(".").join("tests/fixtures/pdf");
    std::fs::read(folder.join(name)).unwrap()
}

#[test]
fn a_part_has_the_requested_pages_in_their_order_with_inherited_entries() {
    let parts = open(with_images(5, 1_000));
    assert_eq!(parts.page_count(), 5);
    let part = parts.extract(&[2, 5, 4], ROOM).unwrap();
    assert_eq!(
        texts(&part),
        ["This is page 2.", "This is page 5.", "This is page 4."]
    );
    let sizes: HashSet<_> = read(&part)
        .pages
        .iter()
        .map(|page| (page.width.unwrap() as i32, page.height.unwrap() as i32))
        .collect();
    assert_eq!(
        sizes,
        HashSet::from([(800, 300)]),
        "turned by a quarter, as the tree says"
    );
    let again = open(part.clone()).extract(&[1, 2, 3], ROOM).unwrap();
    assert_eq!(texts(&again), texts(&part), "a part can be cut again");
}

#[test]
fn a_part_has_only_the_images_of_its_pages_where_all_would_be_too_many() {
    let parts = open(with_images(40, 10_000));
    let plan = parts
        .plan(
            &(1..=40).collect::<Vec<_>>(),
            PartLimits {
                pages: 30,
                bytes: 120_000,
            },
        )
        .unwrap();
    let numbers: Vec<u32> = plan.iter().flat_map(|part| part.pages.clone()).collect();
    assert_eq!(numbers, (1..=40).collect::<Vec<_>>());
    assert!((4..=5).contains(&plan.len()), "{plan:?}");
    for part in &plan {
        let bytes = parts.extract(&part.pages, 120_000).unwrap();
        assert_eq!(bytes.len() as u64, part.bytes);
        assert!(part.bytes <= 120_000);
        let expected: Vec<String> = part.pages.iter().map(|n| format!("This is page {n}.")).collect();
        assert_eq!(texts(&bytes), expected);
    }
}

#[test]
fn parts_end_at_their_number_of_pages_and_are_the_same_each_time() {
    let bytes = with_images(25, 10);
    let limits = PartLimits {
        pages: 10,
        bytes: ROOM,
    };
    let pages: Vec<u32> = (1..=25).filter(|page| page % 2 == 1).collect();
    let plan = open(bytes.clone()).plan(&pages, limits).unwrap();
    assert_eq!(
        plan.iter().map(|part| part.pages.len()).collect::<Vec<_>>(),
        [10, 3]
    );
    let cut = |bytes: Vec<u8>| open(bytes).extract(&plan.last().unwrap().pages, ROOM).unwrap();
    assert_eq!(open(bytes.clone()).plan(&pages, limits).unwrap(), plan);
    assert_eq!(cut(bytes.clone()), cut(bytes));
}

#[test]
fn too_large_and_missing_pages_are_refused() {
    let parts = open(with_images(2, 50_000));
    let limits = PartLimits {
        pages: 10,
        bytes: 20_000,
    };
    let error = parts.plan(&[1, 2], limits).unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
    assert!(error.to_string().contains("page 1 alone"), "{error}");
    assert_eq!(
        parts.extract(&[1, 2], 90_000).unwrap_err().code(),
        "limit_exceeded"
    );
    assert_eq!(
        parts.extract(&[1, 3], ROOM).unwrap_err().code(),
        "invalid_document"
    );
    assert_eq!(parts.extract(&[0], ROOM).unwrap_err().code(), "invalid_document");
}

#[test]
fn encrypted_objects_are_plain_in_a_part_and_a_password_is_reported() {
    let locked = fixture("empty-password.pdf");
    assert!(locked.windows(8).any(|window| window == b"/Encrypt"));
    let part = open(locked.clone()).extract(&[1], ROOM).unwrap();
    assert!(!part.windows(8).any(|window| window == b"/Encrypt"));
    assert_eq!(texts(&part), texts(&locked).get(..1).unwrap());
    let refused = PdfSplitter::open(fixture("password.pdf"), &Limits::default());
    assert_eq!(refused.err(), Some(ConvertError::PasswordProtected));
    assert!(matches!(
        PdfSplitter::open(fixture("broken.pdf"), &Limits::default()),
        Err(ConvertError::InvalidDocument { .. })
    ));
}

#[test]
fn links_to_other_pages_do_not_take_these_along() {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/Outlines 9 0 R>>",
        "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]/MediaBox[0 0 300 800]/Resources<</Font<</F 5 0 R>>>>>>",
        "<</Type/Page/Parent 2 0 R/Contents 6 0 R/Annots[8 0 R 10 0 R]/B[11 0 R]>>",
        "<</Type/Page/Parent 2 0 R/Contents 7 0 R/Annots[8 0 R]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Up 2 0 R>>",
        &line("First page."),
        &line("Second page."),
        "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/P 4 0 R/AP<</N 12 0 R>>/A<</S/GoTo/D[4 0 R/Fit]>>/Dest[4 0 R/Fit]>>",
        "<</Type/Outlines/First 4 0 R>>",
        "<</Type/Annot/Subtype/Link/Rect[72 690 140 715]/A<</S/URI/URI(https://example.org/)>>>>",
        "<</Type/Bead/P 4 0 R>>",
        &stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Group 4 0 R", "0 0 m"),
    ];
    let objects: Vec<String> = objects.iter().map(ToString::to_string).collect();
    let part = open(pdf(&objects)).extract(&[1], ROOM).unwrap();
    let text = String::from_utf8_lossy(&part);
    assert!(!text.contains("Second page."), "{text}");
    assert!(text.contains("/Count 1"), "{text}");
    assert!(texts(&part).concat().contains("https://example.org/"), "{text}");
}

#[test]
fn names_strings_and_numbers_of_any_kind_are_copied_as_they_are() {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 -.5 +300 300.25]/Contents 4 0 R/Resources<</Font<</F#20#2f#41 5 0 R>>>>>>",
        &stream("", "BT /F#20#2fA 12 Tf 72 200 Td (Named.) Tj ET"),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/X(a\\(b\\)\\\\\\r\\n\\000)/Y<feff00e9>/Z[true false null -7 1.50]>>",
    ];
    let objects: Vec<String> = objects.iter().map(ToString::to_string).collect();
    let part = open(pdf(&objects)).extract(&[1], ROOM).unwrap();
    assert_eq!(texts(&part), ["Named."]);
    let text = String::from_utf8_lossy(&part);
    assert!(text.contains("/F#20#2FA"), "{text}");
    assert!(text.contains("(a\\(b\\)\\\\\\r\n\0)"), "{text}");
    assert!(text.contains("/MediaBox[ 0 -0.5 300 300.25]"), "{text}");
    assert!(text.contains("/Z[ true false null -7 1.5]"), "{text}");
}

#[test]
fn filters_keep_their_parameters_but_for_that_which_decrypts() {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 9 9]>>",
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</A 5 0 R/B 6 0 R>>>>>>",
        &stream("", "/A Do /B Do"),
        &stream(
            "/Subtype/Image/Filter/JBIG2Decode/DecodeParms<</JBIG2Globals 7 0 R>>",
            "picture",
        ),
        &stream(
            "/Subtype/Image/Filter[/Crypt/CCITTFaxDecode]/DecodeParms[<</Name/Identity>> 8 0 R]",
            "fax",
        ),
        &stream("", "globals"),
        "<</K -1/Columns 9>>",
    ];
    let objects: Vec<String> = objects.iter().map(ToString::to_string).collect();
    let part = open(pdf(&objects)).extract(&[1], ROOM).unwrap();
    let text = String::from_utf8_lossy(&part);
    assert!(
        text.contains("/Filter[/JBIG2Decode]/DecodeParms[<</JBIG2Globals "),
        "{text}"
    );
    assert!(text.contains("\nglobals\nendstream"), "{text}");
    assert!(text.contains("/Filter[/CCITTFaxDecode]/DecodeParms[ "), "{text}");
    assert!(text.contains("<</Columns 9/K -1>>"), "{text}");
    assert!(!text.contains("Crypt") && !text.contains("Identity"), "{text}");
}

#[test]
fn circular_page_trees_and_objects_end() {
    let circle = [
        "<</Type/Catalog/Pages 2 0 R/OCProperties 5 0 R>>",
        "<</Type/Pages/Count 999999999/Kids[3 0 R 2 0 R 3 0 R 4 0 R]/Parent 2 0 R>>",
        "<</Type/Pages/Parent 3 0 R/Kids[2 0 R 3 0 R 4 0 R]>>",
        "<</Type/Page/Parent 3 0 R/Contents 6 0 R/Resources 5 0 R/Annots 5 0 R>>",
        "<</A 5 0 R/B[5 0 R 7 0 R]/C 2 0 R/Font 5 0 R>>",
        &stream("/Filter 6 0 R/DecodeParms 5 0 R/Length 6 0 R", "BT ET"),
        "7 0 R",
    ];
    let circle: Vec<String> = circle.iter().map(ToString::to_string).collect();
    let parts = open(pdf(&circle));
    let all: Vec<u32> = (1..=parts.page_count()).collect();
    assert!(all.len() < 10);
    assert!(parts.extract(&all, ROOM).unwrap().len() < 5_000);
    let deep = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/Resources{}1{}>>",
            "<</Font".repeat(5_000),
            ">>".repeat(5_000)
        ),
    ];
    if let Ok(parts) = PdfSplitter::open(pdf(&deep), &Limits::default()) {
        let _ = parts.extract(&[1], ROOM);
    }
}

#[test]
fn more_pages_than_allowed_are_refused() {
    let limits = Limits {
        pages: 3,
        ..Limits::default()
    };
    let refused = PdfSplitter::open(with_images(4, 1), &limits);
    assert!(matches!(
        refused.err(),
        Some(ConvertError::TooManyPages { pages: 4, limit: 3 })
    ));
    assert!(matches!(
        assess_pdf(&with_images(4, 1), &limits),
        Err(ConvertError::TooManyPages { .. })
    ));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(96))]

    /// Splitting a damaged document ends with parts that can be opened, or with an error.
    #[test]
    fn damaged_documents_are_cut_or_refused(
        name in proptest::sample::select(vec!["report.pdf", "mixed.pdf", "empty-password.pdf", "running.pdf"]),
        flips in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), 0_u8..=255), 1..24),
        end in proptest::prelude::any::<proptest::sample::Index>(),
        cuts_off in proptest::prelude::any::<bool>(),
    ) {
        let mut bytes = fixture(name);
        for (place, byte) in &flips {
            let place = place.index(bytes.len());
            bytes[place] = *byte;
        }
        if cuts_off {
            bytes.truncate(end.index(bytes.len()));
        }
        if let Ok(parts) = PdfSplitter::open(bytes, &Limits::default()) {
            let all: Vec<u32> = (1..=parts.page_count()).collect();
            let limits = PartLimits { pages: 2, bytes: ROOM };
            for part in parts.plan(&all, limits).into_iter().flatten() {
                let cut = parts.extract(&part.pages, ROOM).unwrap();
                proptest::prop_assert_eq!(open(cut).page_count() as usize, part.pages.len());
            }
        }
    }
}
