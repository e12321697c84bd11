//! Tables of cases for the parts of the PDF reader that need no whole document.

use super::header::locate_document;
use super::metadata::rfc3339;
use super::page_class::is_garbled;
use super::split::pdf_writer::PdfWriter;

#[test]
fn dates_become_rfc_3339() {
    for (date, expected) in [
        ("D:20240229134501+02'00'", Some("2024-02-29T13:45:01+02:00")),
        ("D:20240229134501-05'30", Some("2024-02-29T13:45:01-05:30")),
        ("D:20240229134501Z", Some("2024-02-29T13:45:01Z")),
        ("D:20240229134501+00'00'", Some("2024-02-29T13:45:01Z")),
        ("20240229", Some("2024-02-29T00:00:00Z")),
        ("D:2024", Some("2024-01-01T00:00:00Z")),
        ("  D:202402 ", Some("2024-02-01T00:00:00Z")),
        ("D:20240299", Some("2024-02-01T00:00:00Z")),
        ("yesterday", None),
        ("D:24", None),
        ("", None),
    ] {
        assert_eq!(rfc3339(date).as_deref(), expected, "{date}");
    }
}

#[test]
fn the_header_is_found_behind_junk() {
    for (bytes, expected) in [
        (&b"%PDF-1.7\nrest"[..], Some(&b"%PDF-1.7\nrest"[..])),
        (b"junk\n%PDF-1.7\nrest", Some(b"%PDF-1.7\nrest")),
        (b"%PDF", None),
        (b"no document", None),
        (b"", None),
    ] {
        assert_eq!(locate_document(bytes).as_deref(), expected);
    }
    let mut far = vec![b' '; 9 * 1024];
    far.extend_from_slice(b"%PDF-1.7");
    assert_eq!(locate_document(&far), None);
}

#[test]
fn junk_that_the_offsets_count_is_overwritten() {
    let junk = b"HTTP/1.1 200 OK\r\n\r\n";
    let mut bytes = junk.to_vec();
    bytes.extend_from_slice(b"%PDF-1.4\n");
    let table = bytes.len();
    bytes.extend_from_slice(b"xref\n0 1\n");
    bytes.extend_from_slice(format!("startxref\n{table}\n%%EOF").as_bytes());
    let document = locate_document(&bytes).unwrap_or_default();
    assert_eq!(document.len(), bytes.len());
    assert!(document.starts_with(b"%PDF-1.4"));
    assert!(
        document
            .get(table..)
            .is_some_and(|rest| rest.starts_with(b"xref"))
    );
}

#[test]
fn text_is_garbled_from_a_third_of_meaningless_characters_on() {
    for (text, garbled) in [
        ("plain text", false),
        ("", false),
        (" \n ", false),
        ("\u{fffd}\u{fffd}\u{fffd}abcdefg", true),
        ("\u{fffd}\u{fffd}abcdefgh", false),
        ("\u{e001}\u{f8fe}\u{1}", true),
        ("東京都", false),
    ] {
        assert_eq!(is_garbled(text), garbled, "{text:?}");
    }
}

#[test]
fn a_written_file_names_the_offsets_of_its_objects() {
    let mut file = PdfWriter::new();
    let (catalog, unused, pages) = (file.number(), file.number(), file.number());
    for (number, text) in [(catalog, "<</Type/Catalog>>"), (pages, "<</Type/Pages>>")] {
        file.begin(number);
        file.put(text.as_bytes());
        file.end();
    }
    assert_eq!((catalog, unused, pages), (1, 2, 3));
    let size = file.size();
    let bytes = file.finish(catalog);
    assert!(bytes.len() <= size);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.starts_with("%PDF-1.7\n") && text.ends_with("%%EOF\n"));
    let (_, table) = text.split_once("xref\n0 4\n").unwrap_or_default();
    let states: Vec<char> = table
        .lines()
        .take(4)
        .filter_map(|line| line.chars().nth(17))
        .collect();
    assert_eq!(
        states,
        ['f', 'n', 'f', 'n'],
        "a number that was never written is free"
    );
}

#[test]
fn a_writer_is_rolled_back_to_a_checkpoint() {
    let mut file = PdfWriter::new();
    let first = file.number();
    file.begin(first);
    file.end();
    let (size, checkpoint) = (file.size(), file.checkpoint());
    let second = file.number();
    file.begin(second);
    file.put(b"a long object that does not fit");
    file.end();
    assert!(file.size() > size);
    assert!(checkpoint.includes(first) && !checkpoint.includes(second));
    file.roll_back(checkpoint);
    assert_eq!(file.size(), size);
    assert_eq!(file.number(), second);
}
