use super::Format;

#[test]
fn the_last_extension_of_a_name_tells_the_format() {
    for (name, expected) in [
        ("report.pdf", Some(Format::Pdf)),
        ("REPORT.PDF", Some(Format::Pdf)),
        ("report.final.docx", Some(Format::Docx)),
        ("report.docx.pdf", Some(Format::Pdf)),
        (".html", Some(Format::Html)),
        ("a folder/report.odt", Some(Format::Odt)),
        ("Größe.xlsm", Some(Format::Xlsx)),
        ("letter.dotx", Some(Format::Docx)),
        ("show.ppsx", Some(Format::Pptx)),
        ("photo.JPEG", Some(Format::Jpeg)),
        ("scan.tif", Some(Format::Tiff)),
        ("page.htm", Some(Format::Html)),
        ("events.ndjson", Some(Format::Json)),
        ("feed.rss", Some(Format::Xml)),
        ("server.log", Some(Format::Text)),
        ("report", None),
        ("pdf", None),
        ("report.", None),
        ("report.zip", None),
        ("report.pdf.zip", None),
        ("report.pdf ", None),
        ("report.pdf/part", None),
        ("", None),
    ] {
        assert_eq!(Format::from_name(name), expected, "{name:?}");
    }
}

#[test]
fn no_two_formats_share_a_media_type_or_an_extension() {
    let formats: Vec<Format> = Format::all().collect();
    for (index, one) in formats.iter().enumerate() {
        for other in formats.iter().skip(index + 1) {
            assert_ne!(one.mime_type(), other.mime_type());
            assert_ne!(one.extension(), other.extension());
            assert_ne!(one.name(), other.name());
        }
    }
}

#[test]
fn the_content_comes_before_the_name() {
    for (bytes, name, expected) in [
        (&b"%PDF-1.7\n"[..], "a.docx", Some(Format::Pdf)),
        (b"\x89PNG\r\n\x1a\n", "a.jpg", Some(Format::Png)),
        (b"  {\\rtf1 x}", "a.doc", Some(Format::Rtf)),
        (b"\xef\xbb\xbf{\"a\": 1}", "a.txt", Some(Format::Json)),
        (b"<!DOCTYPE html>", "a.md", Some(Format::Html)),
        (b"plain words", "a.md", Some(Format::Markdown)),
        (b"plain words", "a.pdf", Some(Format::Text)),
        (b"plain words", "a.rtf", Some(Format::Text)),
        (b"{broken", "a.json", Some(Format::Json)),
        (b"", "a.csv", Some(Format::Csv)),
        (b"", "", Some(Format::Text)),
        (b"RIFF\x10\0\0\0WAVEfmt ", "a.webp", None),
        (b"II*\0", "", Some(Format::Tiff)),
        (b"\xff\xd8", "", Some(Format::Jpeg)),
    ] {
        assert_eq!(Format::detect(bytes, name), expected, "{bytes:?} {name}");
    }
}
