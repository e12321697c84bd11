//! Format detection: by content first, by name second.

use std::io::{Cursor, Write};
use std::path::Path;

use ilios_convert::Format;

fn corpus(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(".").join("tests/fixtures/corpus").join(name)).unwrap()
}

/// Corpus files whose content says what they are.
const TELLING: &[(&str, Format)] = &[
    ("report.doc", Format::Doc),
    ("report.docx", Format::Docx),
    ("report.eml", Format::Eml),
    ("report.epub", Format::Epub),
    ("report.html", Format::Html),
    ("report.ipynb", Format::Ipynb),
    ("report.json", Format::Json),
    ("report.odp", Format::Odp),
    ("report.ods", Format::Ods),
    ("report.odt", Format::Odt),
    ("report.ppt", Format::Ppt),
    ("report.pptx", Format::Pptx),
    ("report.rtf", Format::Rtf),
    ("report.xls", Format::Xls),
    ("report.xlsx", Format::Xlsx),
    ("report.xml", Format::Xml),
];

#[test]
fn a_wrong_name_or_none_does_no_harm() {
    for (file, format) in TELLING {
        let bytes = corpus(file);
        for name in [
            "",
            "report",
            "report.pdf",
            "report.txt",
            "report.png",
            "report.DOCX",
            "report.csv",
        ] {
            assert_eq!(Format::detect(&bytes, name), Some(*format), "{file} as {name:?}");
        }
    }
}

#[test]
fn the_first_64_kilobytes_tell_the_same() {
    for (file, format) in TELLING {
        let mut bytes = corpus(file);
        bytes.truncate(64 * 1024);
        assert_eq!(Format::detect(&bytes, file), Some(*format), "{file}");
    }
}

#[test]
fn the_head_of_a_zip_is_told_by_its_parts_and_else_by_its_name() {
    for file in [
        "report.docx",
        "report.pptx",
        "report.xlsx",
        "report.odt",
        "report.epub",
    ] {
        let mut bytes = corpus(file);
        bytes.truncate(bytes.len() / 2);
        assert_eq!(Format::detect(&bytes, ""), Format::from_name(file), "{file}");
    }
    let head = &corpus("report.docx")[..60];
    assert_eq!(Format::detect(head, "a.pptx"), Some(Format::Pptx));
    assert_eq!(Format::detect(head, "a.pdf"), None);
}

fn package(content_type: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("[Content_Types].xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    write!(
        zip,
        "<Types><Override PartName=\"/x.xml\" ContentType=\"{content_type}\"/></Types>"
    )
    .unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn macros_templates_and_binary_workbooks_belong_to_their_families() {
    let types = [
        (
            "application/vnd.ms-word.document.macroEnabled.main+xml",
            Format::Docx,
        ),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
            Format::Docx,
        ),
        (
            "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
            Format::Pptx,
        ),
        (
            "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
            Format::Pptx,
        ),
        (
            "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            Format::Xlsx,
        ),
        (
            "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
            Format::Xlsx,
        ),
    ];
    for (content_type, format) in types {
        assert_eq!(
            Format::detect(&package(content_type), "a.zip"),
            Some(format),
            "{content_type}"
        );
    }
}

#[test]
fn other_archives_are_no_documents() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("photo.txt", zip::write::SimpleFileOptions::default())
        .unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(Format::detect(&bytes, "a.docx"), None);
}

#[test]
fn an_encrypted_package_is_of_the_family_that_its_name_says() {
    let mut ole = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    ole.create_stream("/EncryptionInfo").unwrap();
    ole.create_stream("/EncryptedPackage").unwrap();
    let bytes = ole.into_inner().into_inner();
    assert_eq!(Format::detect(&bytes, "a.xlsx"), Some(Format::Xlsx));
    assert_eq!(Format::detect(&bytes, "a.pptx"), Some(Format::Pptx));
    assert_eq!(Format::detect(&bytes, "a"), Some(Format::Docx));
}

#[test]
fn a_pdf_may_have_junk_before_its_header() {
    let body = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n";
    for junk in [0, 1, 1_023, 1_024, 4_000] {
        let bytes = [vec![b'\xe9'; junk], body.to_vec()].concat();
        assert_eq!(Format::detect(&bytes, "a.txt"), Some(Format::Pdf), "{junk}");
    }
    assert_eq!(
        Format::detect(b"A PDF begins with %PDF-1.4 as its header.", "a.txt"),
        Some(Format::Text)
    );
}

#[test]
fn pictures_are_told_by_their_magic_numbers() {
    let heads: [(&[u8], Format); 8] = [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Format::Png),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", Format::Jpeg),
        (b"II*\0\x08\0\0\0", Format::Tiff),
        (b"MM\0*\0\0\0\x08", Format::Tiff),
        (b"RIFF\x10\0\0\0WEBPVP8 ", Format::WebP),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0", Format::Bmp),
        (b"GIF87a\x01\0\x01\0", Format::Gif),
        (b"GIF89a\x01\0\x01\0", Format::Gif),
    ];
    for (head, format) in heads {
        assert_eq!(Format::detect(head, "a.txt"), Some(format));
    }
    assert_eq!(
        Format::detect(b"BMW builds cars.\nThey are fast.", "a"),
        Some(Format::Text)
    );
}

#[test]
fn binary_files_are_of_no_type_whatever_their_name() {
    let mut noise = Vec::new();
    let mut state = 0x2545_f491_u32;
    for _ in 0..4_096 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.push((state >> 24) as u8);
    }
    for bytes in [
        noise,
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0".to_vec(),
        vec![0; 500],
        b"\xff\xfe\x00\x00\x01\x00\x02\x00".to_vec(),
    ] {
        for name in ["a.txt", "a.md", "a.csv", "a.html", "a"] {
            assert_eq!(Format::detect(&bytes, name), None, "{name}");
        }
    }
}

#[test]
fn text_is_told_in_every_encoding() {
    let text = "Grüße aus dem Süden, schöne Tage.";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_bom = [
        vec![0xfe, 0xff],
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ]
    .concat();
    let latin1: Vec<u8> = text.chars().map(|c| c as u8).collect();
    for bytes in [text.as_bytes().to_vec(), utf16, with_bom, latin1] {
        assert_eq!(Format::detect(&bytes, ""), Some(Format::Text));
        assert_eq!(Format::detect(&bytes, "a.md"), Some(Format::Markdown));
    }
}

#[test]
fn a_name_decides_among_texts_without_signature() {
    let text = b"Some words.\nOthers, too.\n";
    for (name, format) in [
        ("a.txt", Format::Text),
        ("a.MD", Format::Markdown),
        ("a.markdown", Format::Markdown),
        ("a.csv", Format::Csv),
        ("a.tsv", Format::Tsv),
        ("a.docx", Format::Text),
        ("", Format::Text),
    ] {
        assert_eq!(Format::detect(text, name), Some(format), "{name}");
    }
}

#[test]
fn delimited_values_are_told_by_their_structure() {
    assert_eq!(Format::detect(b"a;b\n1;2\n3;4\n", "data"), Some(Format::Csv));
    assert_eq!(
        Format::detect(b"a,b,c\n1,2,3\n4,\"5,5\",6\n", "data.bin"),
        Some(Format::Csv)
    );
    assert_eq!(Format::detect(b"a\tb\n1\t2\n3\t4\n", ""), Some(Format::Tsv));
    assert_eq!(
        Format::detect(b"Yes, he said.\nNo, she said.\nWell, they said.\n", ""),
        Some(Format::Text)
    );
}

#[test]
fn markup_is_told_by_its_first_tag() {
    for (text, format) in [
        ("<!DOCTYPE html><p>x", Format::Html),
        ("\u{feff}\n<!-- note --><HTML><body>x</body></HTML>", Format::Html),
        (
            "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html xmlns=\"y\"/>",
            Format::Html,
        ),
        ("<div>a piece</div>", Format::Html),
        ("<?xml version=\"1.0\"?><invoice/>", Format::Xml),
        ("<invoice><total>1</total></invoice>", Format::Xml),
        ("<3 is a heart", Format::Text),
        ("{\"a\": [1, 2]}", Format::Json),
        ("{not json}", Format::Text),
        ("[1] A reference.", Format::Text),
        ("{\"cells\": [], \"nbformat\": 4}", Format::Ipynb),
        ("{\\rtf1 x}", Format::Rtf),
    ] {
        assert_eq!(Format::detect(text.as_bytes(), ""), Some(format), "{text}");
    }
    assert_eq!(
        Format::detect(b"<p align=center>Logo</p>\n\n# Title", "README.md"),
        Some(Format::Markdown)
    );
}

#[test]
fn a_message_is_told_by_its_header_fields() {
    let message = b"Received: from a by b\r\nFrom: a@b.example\r\nSubject: x\r\n folded\r\n\r\nHello";
    assert_eq!(Format::detect(message, "a.txt"), Some(Format::Eml));
    let memo = b"To: everybody\nFrom: the office\nSubject: Lunch\n\nAt noon.";
    assert_eq!(Format::detect(memo, "a.txt"), Some(Format::Text));
    assert_eq!(Format::detect(memo, "a.eml"), Some(Format::Eml));
}

#[test]
fn every_type_has_names_and_is_found_by_its_extension() {
    for format in Format::all() {
        assert_eq!(
            Format::from_name(&format!("A.{}", format.extension().to_uppercase())),
            Some(format)
        );
        assert!(format.mime_type().contains('/'), "{format:?}");
        assert!(!format.name().is_empty(), "{format:?}");
    }
    assert_eq!(Format::all().count(), 27);
}
