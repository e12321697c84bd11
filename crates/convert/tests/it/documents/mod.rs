//! Documents made in memory, and their reading.

use std::io::{Cursor, Write};

use ilios_convert::{Conversion, ConvertError, Input, Limits, NoOcr, Options, convert};

pub(crate) fn read_within(limits: &Limits, name: &str, bytes: &[u8]) -> Result<Conversion, ConvertError> {
    convert(Input { bytes, name }, &Options::default(), limits, &mut NoOcr)
}

pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Conversion, ConvertError> {
    read_within(&Limits::default(), name, bytes)
}

pub(crate) fn markdown(name: &str, bytes: &[u8]) -> String {
    read(name, bytes).unwrap().markdown()
}

/// A ZIP package of these parts.
pub(crate) fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with one sheet, `First`, that holds these texts.
pub(crate) fn sheet_package(cells: &[(&str, &str)]) -> Vec<u8> {
    sheet_package_with(cells, &[])
}

/// The same with more parts.
pub(crate) fn sheet_package_with(cells: &[(&str, &str)], more: &[(&str, &[u8])]) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>";
    let root = format!(
        "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"First\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let rows: String = cells
        .iter()
        .map(|(at, text)| {
            let row = at.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            format!("<row r=\"{row}\"><c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>")
        })
        .collect();
    let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
    let parts = [
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    package(&[&parts, more].concat())
}
