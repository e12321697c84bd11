//! Line breaks in cells of workbooks.

use std::io::{Cursor, Write};

use crate::documents::{markdown, sheet_package};

fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), content].concat()
}

/// A binary workbook with one sheet, whose cells in the first two columns are these texts, row by row.
fn legacy_workbook(texts: &[&str]) -> Vec<u8> {
    let version = [0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let sheet_version = [0, 6, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let count = u32::try_from(texts.len()).unwrap().to_le_bytes();
    let mut shared = [count, count].concat();
    for text in texts {
        shared.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
        shared.push(0);
        shared.extend(text.bytes());
    }
    let globals = |place: u32| {
        let bound = [&place.to_le_bytes()[..], &[0, 0, 5, 0], b"Stock"].concat();
        let records = [
            record(0x0809, &version),
            record(0x0085, &bound),
            record(0x00fc, &shared),
        ];
        [records.concat(), record(0x000a, &[])].concat()
    };
    let place = u32::try_from(globals(0).len()).unwrap();
    let mut stream = globals(place);
    stream.extend(record(0x0809, &sheet_version));
    for index in 0..u16::try_from(texts.len()).unwrap() {
        let numbers = [index / 2, index % 2, 0, index, 0];
        let cell: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        stream.extend(record(0x00fd, &cell));
    }
    stream.extend(record(0x000a, &[]));
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook")
        .unwrap()
        .write_all(&stream)
        .unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn line_breaks_in_cells_of_a_binary_workbook_stay() {
    let workbook = legacy_workbook(&["Item", "Note", "Nails", "box A\nshelf\t2", "Screws", "none\n"]);
    assert!(
        markdown("a.xls", &workbook).contains("| Nails | box A<br>shelf 2 |\n| Screws | none |"),
        "{}",
        markdown("a.xls", &workbook)
    );
}

#[test]
fn line_breaks_in_cells_of_a_workbook_stay() {
    let cells = [
        ("A1", "Item"),
        ("A2", "box A&#10;shelf 2"),
        ("A3", "left_x000D_\nright\n"),
        ("A4", "none"),
    ];
    let markdown = markdown("a.xlsx", &sheet_package(&cells));
    assert!(
        markdown.contains("| box A<br>shelf 2 |\n| left<br>right |\n| none |"),
        "{markdown}"
    );
}
