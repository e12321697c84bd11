//! Containers: ZIP packages and OLE compound files, whose format follows from their parts.

use std::io::{Cursor, Read};

use super::Format;
use super::bytes::find;

pub(super) const ZIP_MAGIC: &[u8] = b"PK\x03\x04";
pub(super) const OLE_MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Bytes of `[Content_Types].xml` and `mimetype` that are read, at most.
const MAX_PART_BYTES: u64 = 256 * 1024;

/// Content types of the main parts (Open Packaging Conventions): Transitional, Strict, macros and templates.
const CONTENT_TYPES: &[(&str, Format)] = &[
    ("wordprocessingml.document.main+xml", Format::Docx),
    ("wordprocessingml.template.main+xml", Format::Docx),
    ("ms-word.document.macroEnabled.main+xml", Format::Docx),
    ("ms-word.template.macroEnabledTemplate.main+xml", Format::Docx),
    ("presentationml.presentation.main+xml", Format::Pptx),
    ("presentationml.slideshow.main+xml", Format::Pptx),
    ("presentationml.template.main+xml", Format::Pptx),
    ("ms-powerpoint.presentation.macroEnabled.main+xml", Format::Pptx),
    ("ms-powerpoint.slideshow.macroEnabled.main+xml", Format::Pptx),
    ("ms-powerpoint.template.macroEnabled.main+xml", Format::Pptx),
    ("spreadsheetml.sheet.main+xml", Format::Xlsx),
    ("spreadsheetml.template.main+xml", Format::Xlsx),
    ("ms-excel.sheet.macroEnabled.main+xml", Format::Xlsx),
    ("ms-excel.template.macroEnabled.main+xml", Format::Xlsx),
    ("ms-excel.sheet.binary.macroEnabled.main", Format::Xlsx),
];

/// Folders of the main parts, for packages of which only the first bytes are known.
const FOLDERS: &[(&str, Format)] = &[
    ("word/", Format::Docx),
    ("ppt/", Format::Pptx),
    ("xl/", Format::Xlsx),
];

/// Bytes of an incomplete or broken container that are searched.
const SEARCH_BYTES: usize = 1 << 20;

fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..SEARCH_BYTES).unwrap_or(bytes)
}

/// Detects the format of a ZIP package by its parts; `named` decides where they cannot be read.
pub(super) fn zip(bytes: &[u8], named: Option<Format>) -> Option<Format> {
    match zip::ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => package(archive),
        Err(_) => zip_head(head(bytes)).or(named.filter(|format| is_zip_format(*format))),
    }
}

fn package(mut archive: zip::ZipArchive<Cursor<&[u8]>>) -> Option<Format> {
    let mimetype = part(&mut archive, "mimetype");
    if let Some(format) = mimetype.as_deref().and_then(by_mimetype) {
        return Some(format);
    }
    let types = part(&mut archive, "[Content_Types].xml");
    if let Some(format) = types.as_deref().and_then(by_content_types) {
        return Some(format);
    }
    if archive.index_for_name("META-INF/container.xml").is_some() {
        return Some(Format::Epub);
    }
    archive.file_names().find_map(by_folder)
}

fn part(archive: &mut zip::ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<String> {
    let mut text = Vec::new();
    archive
        .by_name(name)
        .ok()?
        .take(MAX_PART_BYTES)
        .read_to_end(&mut text)
        .ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

fn by_mimetype(text: &str) -> Option<Format> {
    let text = text.trim();
    let text = text.strip_suffix("-template").unwrap_or(text);
    [Format::Odt, Format::Ods, Format::Odp, Format::Epub]
        .into_iter()
        .find(|format| format.mime_type() == text)
}

fn by_content_types(text: &str) -> Option<Format> {
    CONTENT_TYPES
        .iter()
        .find(|(kind, _)| text.contains(kind))
        .map(|(_, format)| *format)
}

fn by_folder(name: &str) -> Option<Format> {
    FOLDERS
        .iter()
        .find(|(folder, _)| name.starts_with(folder))
        .map(|(_, format)| *format)
}

/// Detects the format by local file headers, for an archive without its directory: sizes may be missing there, so each
/// header is searched from the content of the one before.
fn zip_head(bytes: &[u8]) -> Option<Format> {
    let mut rest = bytes;
    while let Some(start) = find(rest, ZIP_MAGIC) {
        let header = rest.get(start..)?;
        let name_length = usize::from(u16::from_le_bytes(header.get(26..28)?.try_into().ok()?));
        let extra_length = usize::from(u16::from_le_bytes(header.get(28..30)?.try_into().ok()?));
        let name = String::from_utf8_lossy(header.get(30..30 + name_length)?);
        let content = header.get(30 + name_length + extra_length..).unwrap_or_default();
        if name == "mimetype" {
            let end = find(content, b"PK").unwrap_or(content.len());
            return by_mimetype(&String::from_utf8_lossy(content.get(..end)?));
        }
        if let Some(format) = by_folder(&name) {
            return Some(format);
        }
        rest = content;
    }
    None
}

fn is_zip_format(format: Format) -> bool {
    matches!(
        format,
        Format::Docx | Format::Pptx | Format::Xlsx | Format::Odt | Format::Ods | Format::Odp | Format::Epub
    )
}

/// Detects the format of an OLE compound file by its streams. An encrypted package hides its format, so the file name
/// decides which reader reports the password.
pub(super) fn ole(bytes: &[u8], named: Option<Format>) -> Option<Format> {
    let locked = named.filter(|format| matches!(format, Format::Docx | Format::Pptx | Format::Xlsx));
    let streams = [
        ("EncryptedPackage", locked.unwrap_or(Format::Docx)),
        ("WordDocument", Format::Doc),
        ("PowerPoint Document", Format::Ppt),
        ("Workbook", Format::Xls),
        ("Book", Format::Xls),
    ];
    match cfb::CompoundFile::open(Cursor::new(bytes)) {
        Ok(file) => streams
            .into_iter()
            .find(|(name, _)| file.is_stream(name))
            .map(|(_, format)| format),
        Err(_) => streams
            .into_iter()
            .find(|(name, _)| find(head(bytes), &utf16(name)).is_some())
            .map(|(_, format)| format)
            .or(named.filter(|format| matches!(format, Format::Doc | Format::Ppt | Format::Xls))),
    }
}

/// Encodes the name of a directory entry as the file has it, with a zero at the end.
fn utf16(name: &str) -> Vec<u8> {
    name.encode_utf16()
        .chain([0])
        .flat_map(u16::to_le_bytes)
        .collect()
}
