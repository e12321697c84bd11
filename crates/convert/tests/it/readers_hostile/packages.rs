//! Packages: ZIP files and OLE files of office programs.

use std::io::Cursor;

use ilios_convert::{ConvertError, Limits};

use crate::documents::{markdown, package, read, read_within, sheet_package};

const DOCX: &[u8] = br#"<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;

#[test]
fn an_encrypted_package_is_password_protected() {
    let mut ole = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    ole.create_stream("/EncryptionInfo").unwrap();
    ole.create_stream("/EncryptedPackage").unwrap();
    let bytes = ole.into_inner().into_inner();
    for name in ["a.docx", "a.xlsx", "a.pptx", "a"] {
        assert_eq!(
            read(name, &bytes).unwrap_err(),
            ConvertError::PasswordProtected,
            "{name}"
        );
    }
}

#[test]
fn an_encrypted_opendocument_is_password_protected() {
    let manifest = br#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"#;
    let bytes = package(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", b"\x01\x02\x03"),
    ]);
    assert_eq!(
        read("a.odt", &bytes).unwrap_err(),
        ConvertError::PasswordProtected
    );
}

#[test]
fn a_part_that_inflates_beyond_its_budget_is_refused() {
    let limits = Limits {
        part_bytes: 1 << 20,
        ..Limits::default()
    };
    let bomb = package(&[
        ("[Content_Types].xml", DOCX),
        ("word/document.xml", &vec![b' '; 2 << 20]),
    ]);
    let error = read_within(&limits, "a.docx", &bomb).unwrap_err();
    assert_eq!(error.code(), "limit_exceeded");
}

#[test]
fn a_part_that_lies_about_its_size_is_counted_as_it_inflates() {
    let limits = Limits {
        part_bytes: 1 << 20,
        ..Limits::default()
    };
    let mut bomb = package(&[
        ("[Content_Types].xml", DOCX),
        ("word/document.xml", &vec![b' '; 2 << 20]),
    ]);
    let size = (2_u32 << 20).to_le_bytes();
    for at in 0..bomb.len() - 4 {
        if bomb[at..at + 4] == size {
            bomb[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    assert_eq!(
        read_within(&limits, "a.docx", &bomb).unwrap_err().code(),
        "limit_exceeded"
    );
}

#[test]
fn a_package_that_inflates_out_of_proportion_is_refused() {
    let megabytes = vec![0; 40 << 20];
    let bomb = package(&[
        ("[Content_Types].xml", DOCX),
        ("a.bin", &megabytes),
        ("b.bin", &megabytes),
    ]);
    let limits = Limits {
        expansion_ratio: 10,
        ..Limits::default()
    };
    assert_eq!(
        read_within(&limits, "a.docx", &bomb).unwrap_err().code(),
        "limit_exceeded"
    );
}

#[test]
fn deep_xml_in_a_package_is_refused() {
    let deep = format!("<w:document>{}</w:document>", "<w:p>".repeat(100_000));
    let bytes = package(&[
        ("[Content_Types].xml", DOCX),
        ("word/document.xml", deep.as_bytes()),
    ]);
    let code = read("a.docx", &bytes).unwrap_err().code();
    assert!(["limit_exceeded", "invalid_document"].contains(&code), "{code}");
}

#[test]
fn office_packages_that_define_entities_are_refused() {
    let document = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'>]><w:document><w:body/></w:document>";
    let bytes = package(&[
        ("[Content_Types].xml", DOCX),
        ("word/document.xml", document.as_bytes()),
    ]);
    let error = read("a.docx", &bytes).unwrap_err();
    assert!(
        error.code() == "limit_exceeded" && error.to_string().contains("entities"),
        "{error}"
    );
}

#[test]
fn styles_that_inherit_in_a_circle_lose_what_they_inherit_and_no_text() {
    const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let style = |id: &str, base: &str| {
        format!("<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:basedOn w:val=\"{base}\"/></w:style>")
    };
    let styles = format!("<w:styles {W}>{}{}</w:styles>", style("A", "B"), style("B", "A"));
    let document = format!(
        "<w:document {W}><w:body><w:p><w:pPr><w:pStyle w:val=\"A\"/></w:pPr><w:r><w:t>Found</w:t></w:r></w:p></w:body></w:document>"
    );
    let bytes = package(&[
        ("[Content_Types].xml", DOCX),
        (
            "_rels/.rels",
            relation("officeDocument", "word/document.xml").as_bytes(),
        ),
        (
            "word/_rels/document.xml.rels",
            relation("styles", "styles.xml").as_bytes(),
        ),
        ("word/styles.xml", styles.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ]);
    let conversion = read("a.docx", &bytes).unwrap();
    assert_eq!(conversion.markdown().trim(), "Found");
    assert!(
        conversion.warnings[0].message.contains("circle"),
        "{:?}",
        conversion.warnings
    );
}

#[test]
fn more_sheets_than_pages_allowed_are_too_many() {
    let bytes = sheet_package(&[("A1", "x")]);
    let limits = Limits {
        pages: 0,
        ..Limits::default()
    };
    assert_eq!(
        read_within(&limits, "a.xlsx", &bytes).unwrap_err(),
        ConvertError::TooManyPages { pages: 1, limit: 0 }
    );
}

#[test]
fn a_sheet_with_cells_at_its_far_corners_is_read() {
    let bytes = sheet_package(&[("A1", "near"), ("XFD1048576", "far")]);
    let text = markdown("a.xlsx", &bytes);
    assert!(
        text.contains("near") && text.contains("far") && text.len() < 1 << 20,
        "{}",
        text.len()
    );
}

#[test]
fn many_texts_far_apart_in_a_sheet_are_closed_up() {
    let mut cells: Vec<(String, String)> = (0..300)
        .map(|number| (format!("A{}", 1 + number * 3_000), format!("left {number}")))
        .collect();
    cells.push(("XFD1048576".into(), "far".into()));
    let cells: Vec<(&str, &str)> = cells.iter().map(|(at, text)| (&**at, &**text)).collect();
    let text = markdown("a.xlsx", &sheet_package(&cells));
    assert!(
        text.contains("left 299") && text.contains("far") && text.len() < 1 << 20,
        "{}",
        text.len()
    );
}
