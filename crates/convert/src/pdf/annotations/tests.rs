use super::{Annotation, AnnotationKind, LinkTarget, MarkKind, read};
use crate::AttachedFile;
use crate::pdf::destinations::{Destination, Destinations};
use crate::pdf::optional_content::OptionalContent;
use crate::pdf::test_documents::open;

/// The annotations of a page; the objects begin with number 5.
fn annotations(list: &str, objects: &[&str]) -> Vec<Annotation> {
    let mut all = vec![
        "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[4 0 R]/D<</OFF[4 0 R]>>>>>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Annots[{list}]>>"),
        "<</Type/OCG/Name(A)>>".to_owned(),
    ];
    all.extend(objects.iter().map(|object| (*object).to_owned()));
    let pdf = open(&all);
    read(
        &pdf.pages()[0],
        &Destinations::new(&pdf),
        &OptionalContent::read(&pdf),
    )
}

fn annotation(entries: &str) -> Option<Annotation> {
    annotations(&format!("<<{entries}/Rect[10 20 30 40]>>"), &[]).pop()
}

#[test]
fn annotations_with_text_are_read() {
    for (entries, kind, text) in [
        (
            "/Subtype/FreeText/Contents(one\\rtwo)",
            AnnotationKind::FreeText,
            Some("one\ntwo"),
        ),
        (
            "/Subtype/FreeText/RC(<body><p>one</p><p>t&#x77;o<br/>three</p></body>)",
            AnnotationKind::FreeText,
            Some("one\ntwo\nthree"),
        ),
        (
            "/Subtype/FreeText/RC(<p>one<p>two)",
            AnnotationKind::FreeText,
            Some("onetwo"),
        ),
        ("/Subtype/Text/Contents(Why?)", AnnotationKind::Note, Some("Why?")),
        (
            "/Subtype/Text/Contents(Accepted by me)/StateModel(Review)",
            AnnotationKind::Note,
            None,
        ),
        (
            "/Subtype/Stamp/Name/NotApproved",
            AnnotationKind::Stamp {
                name: Some("Not Approved".into()),
            },
            None,
        ),
        (
            "/Subtype/Stamp/Name/#23SBDraft",
            AnnotationKind::Stamp {
                name: Some("Draft".into()),
            },
            None,
        ),
        (
            "/Subtype/Highlight/Contents( )",
            AnnotationKind::Mark(MarkKind::Highlight),
            None,
        ),
        ("/Subtype/Ink/Contents(here)", AnnotationKind::Other, Some("here")),
    ] {
        let found = annotation(entries).unwrap();
        assert_eq!((found.kind, found.text.as_deref()), (kind, text), "{entries}");
    }
}

#[test]
fn annotations_have_authors_times_and_places() {
    for entries in [
        "/Subtype/Popup/Contents(a)",
        "/Subtype/Widget/Contents(a)",
        "/Contents(a)",
    ] {
        assert_eq!(annotation(entries), None, "{entries}");
    }
    let note = annotation("/Subtype/Text/T(Ann)/M(D:20240229)/Contents(a)").unwrap();
    assert_eq!(note.author.as_deref(), Some("Ann"));
    assert_eq!(note.date.as_deref(), Some("2024-02-29T00:00:00Z"));
    let extent = note.extent;
    assert_eq!(
        [extent.left, extent.bottom, extent.right, extent.top],
        [10.0, 20.0, 30.0, 40.0]
    );
}

#[test]
fn links_lead_to_addresses_or_places() {
    let target = |entries: &str| match annotation(&format!("/Subtype/Link{entries}"))?.kind {
        AnnotationKind::Link(target) => Some(target),
        _ => None,
    };
    let address = |text: &str| Some(LinkTarget::Address(text.into()));
    assert_eq!(
        target("/A<</S/URI/URI( https://example.org/ä )>>"),
        address("https://example.org/ä")
    );
    assert_eq!(
        target("/A<</S/URI/URI(https://example.org/\\344)>>"),
        address("https://example.org/ä")
    );
    let place = Destination {
        page: 1,
        point: Some([10.0, 90.0]),
    };
    assert_eq!(target("/Dest[3 0 R/XYZ 10 90 0]"), Some(LinkTarget::Place(place)));
    assert_eq!(
        target("/A<</S/GoTo/D[3 0 R/XYZ 10 90 0]>>"),
        Some(LinkTarget::Place(place))
    );
    for nowhere in [
        "",
        "/A<</S/URI/URI()>>",
        "/A<</S/Launch/F(a.exe)>>",
        "/A<</S/JavaScript/JS(a)>>",
        "/Dest/none",
    ] {
        assert_eq!(target(nowhere), None, "{nowhere}");
    }
}

#[test]
fn marks_and_links_have_the_boxes_of_their_words() {
    let quads = "/QuadPoints[1 2 3 2 1 4 3 4 5 6 9 6 9 8 5 8 7 7]";
    for kind in ["StrikeOut", "Underline", "Link/A<</S/URI/URI(a)>>"] {
        let found = annotation(&format!("/Subtype/{kind}{quads}")).unwrap();
        let boxes = found
            .quads
            .iter()
            .map(|quad| [quad.left, quad.bottom, quad.right, quad.top]);
        assert_eq!(
            boxes.collect::<Vec<_>>(),
            [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 9.0, 8.0]]
        );
    }
}

#[test]
fn flags_and_layers_hide() {
    for (entries, hidden) in [
        ("", false),
        ("/F 2", true),
        ("/F 32", true),
        ("/F 4", false),
        ("/OC 4 0 R", true),
    ] {
        let found = annotation(&format!("/Subtype/FreeText{entries}")).unwrap();
        assert_eq!(found.is_hidden, hidden, "{entries}");
        assert!(!found.has_appearance);
    }
}

#[test]
fn pinned_files_are_named() {
    let found = annotation("/Subtype/FileAttachment/FS<</F(a.csv)/EF<<>>>>").unwrap();
    let file = AttachedFile {
        name: "a.csv".into(),
        mime_type: None,
        size: None,
    };
    assert_eq!(found.kind, AnnotationKind::File(file));
}

#[test]
fn damage_ends_in_nothing() {
    assert_eq!(annotations("null 99 0 R 7 [] (a) <<>>", &[]), []);
    assert_eq!(
        annotations("<</Subtype/FreeText>> <</Subtype/FreeText/Rect[1 2]>>", &[]),
        []
    );
    let many = "<</Subtype/Text/Rect[0 0 1 1]>>".repeat(60_000);
    assert!((40_000..=50_000).contains(&annotations(&many, &[]).len()));
    let deep = format!("/Subtype/FreeText/RC({}a)", "<b>".repeat(1_000));
    assert_eq!(annotation(&deep).unwrap().text, None);
}

#[test]
fn a_list_that_names_an_annotation_again_and_again_ends() {
    let text = format!(
        "<</Subtype/Text/Rect[1 1 2 2]/Contents({})>>",
        "a".repeat(100_000)
    );
    let quads = format!(
        "<</Subtype/Highlight/Rect[1 1 2 2]/QuadPoints[{}]>>",
        "1 1 2 1 1 2 2 2 ".repeat(1_000)
    );
    for annotation in [text, quads] {
        let found = annotations(&"5 0 R ".repeat(3_000), &[&annotation]);
        assert!((50..1_000).contains(&found.len()), "{}", found.len());
    }
}
