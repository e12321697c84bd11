use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;

use super::invalid;
use crate::{ConvertError, Format, Limits, xml};

/// Parts of a package, at most; office programs write far fewer.
const MAX_PARTS: usize = 100_000;
/// Bytes that any package may inflate to, whatever its size and ratio.
const RATIO_FREE_BYTES: u64 = 64 << 20;
/// Largest ratio of deflate (RFC 1951: a match of 258 bytes in two bits).
const MAX_DEFLATE_RATIO: u64 = 1_032;
/// Bytes of a part that this crate reads itself, at most.
const MAX_TEXT_BYTES: u64 = 16 << 20;
/// Bytes of a picture, at most.
const MAX_FILE_BYTES: u64 = 64 << 20;
/// Nesting of elements in such a part, at most; office programs stay far below.
pub(super) const MAX_XML_DEPTH: u32 = 256;
/// Bytes of a part in which its document type begins.
const PROLOG_BYTES: u64 = 1024;
/// Bytes after the prolog in which its document type ends.
const MAX_DOCUMENT_TYPE_BYTES: u64 = 64 << 10;

/// Writes a package anew whose parts have names with backslashes, as some programs for Windows write them; `None` for
/// any other.
pub(super) fn with_slashes(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(b"PK") {
        return None;
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    if archive.len() > MAX_PARTS || !archive.file_names().any(|name| name.contains('\\')) {
        return None;
    }
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).ok()?;
        let name = part.name().replace('\\', "/");
        writer.raw_copy_file_rename(part, name).ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}

/// ZIP package whose decompressed size has been checked.
pub(super) struct Package<'a> {
    archive: zip::ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Package<'a> {
    /// Opens a package.
    ///
    /// # Errors
    /// `LimitExceeded` if it has too many parts or inflates beyond the limits, `PasswordProtected`, `InvalidDocument`.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ConvertError> {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(invalid)?;
        if archive.len() > MAX_PARTS {
            return Err(exceeded(format!("more than {MAX_PARTS} parts in a package")));
        }
        check_inflated_size(&mut archive, bytes.len() as u64, limits)?;
        Ok(Self { archive })
    }

    /// Refuses a package in which a part defines entities: no office program writes one, and their expansion would be
    /// up to the library. Not for books, whose pages may define some.
    pub(super) fn refuse_entities(&mut self) -> Result<(), ConvertError> {
        for index in 0..self.archive.len() {
            let is_xml = |name: &str| name.ends_with(".xml") || name.ends_with(".rels");
            if !self.archive.name_for_index(index).is_some_and(is_xml) {
                continue;
            }
            // A truncated part is reported by its reader.
            let Ok(part) = self.archive.by_index(index) else {
                continue;
            };
            if defines_entities(part) {
                return Err(exceeded("a part that defines entities".into()));
            }
        }
        Ok(())
    }

    /// Reads a part such as a picture; `None` when it is missing or too large.
    pub(super) fn bytes(&mut self, name: &str) -> Option<Vec<u8>> {
        let part = self.archive.by_name(name).ok()?;
        let mut bytes = Vec::new();
        part.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).ok()?;
        (bytes.len() as u64 <= MAX_FILE_BYTES).then_some(bytes)
    }

    /// Reads a small part as text; `None` when it is missing or larger than such a part ever is.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let part = self.archive.by_name(name).ok()?;
        let mut bytes = Vec::new();
        part.take(MAX_TEXT_BYTES + 1).read_to_end(&mut bytes).ok()?;
        if bytes.len() as u64 > MAX_TEXT_BYTES {
            return None;
        }
        String::from_utf8(bytes).ok()
    }

    /// Returns true if a part whose name begins so is larger than `bytes`.
    pub(super) fn has_larger(&mut self, prefix: &str, bytes: u64) -> bool {
        (0..self.archive.len()).any(|index| {
            let part = self.archive.by_index_raw(index);
            part.is_ok_and(|part| part.name().starts_with(prefix) && part.size() > bytes)
        })
    }

    /// Writes the package with these parts in the place of those of the same names, or added; `None` if that fails.
    pub(super) fn with_parts(&mut self, parts: &BTreeMap<String, String>) -> Option<Vec<u8>> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..self.archive.len() {
            let part = self.archive.by_index_raw(index).ok()?;
            if !parts.contains_key(part.name()) {
                writer.raw_copy_file(part).ok()?;
            }
        }
        for (name, text) in parts {
            writer
                .start_file(name.as_str(), SimpleFileOptions::default())
                .ok()?;
            writer.write_all(text.as_bytes()).ok()?;
        }
        Some(writer.finish().ok()?.into_inner())
    }

    /// Names of the pages of a book.
    pub(super) fn book_pages(&self) -> Vec<String> {
        let is_page = |name: &&str| {
            let name = name.to_ascii_lowercase();
            [".xhtml", ".html", ".htm"].iter().any(|end| name.ends_with(end))
        };
        self.archive
            .file_names()
            .filter(is_page)
            .map(str::to_owned)
            .collect()
    }

    /// Names of the charts in the folder of the main part.
    pub(super) fn charts(&self, folder: &str) -> Vec<String> {
        let prefix = format!("{folder}/charts/chart");
        let is_chart = |name: &&str| name.starts_with(&prefix) && name.ends_with(".xml");
        self.archive
            .file_names()
            .filter(is_chart)
            .map(str::to_owned)
            .collect()
    }

    /// Names of the contents of objects that an OpenDocument file embeds.
    pub(super) fn objects(&self) -> Vec<String> {
        let is_object = |name: &&str| name.starts_with("Object ") && name.ends_with("/content.xml");
        self.archive
            .file_names()
            .filter(is_object)
            .map(str::to_owned)
            .collect()
    }

    /// Names of the parts that are slides or sheets.
    pub(super) fn pages(&self, format: Format) -> Vec<String> {
        let folder = match format {
            Format::Pptx => "ppt/slides/slide",
            Format::Xlsx => "xl/worksheets/sheet",
            _ => return Vec::new(),
        };
        let is_page = |name: &&str| {
            let rest = name.strip_prefix(folder);
            rest.is_some_and(|rest| !rest.contains('/') && (rest.ends_with(".xml") || rest.ends_with(".bin")))
        };
        self.archive
            .file_names()
            .filter(is_page)
            .map(str::to_owned)
            .collect()
    }
}

fn defines_entities(mut part: impl Read) -> bool {
    let mut head = Vec::new();
    let _ = (&mut part).take(PROLOG_BYTES).read_to_end(&mut head);
    if !String::from_utf8_lossy(&head).contains("<!DOCTYPE") {
        return false;
    }
    let _ = part.take(MAX_DOCUMENT_TYPE_BYTES).read_to_end(&mut head);
    xml::entities(&String::from_utf8_lossy(&head)) != xml::Entities::None
}

/// Checks the decompressed size of all parts. Declared sizes may lie: if even the largest ratio of deflate cannot exceed
/// a limit, nothing is inflated; otherwise the part is inflated and counted, and none of it kept.
fn check_inflated_size(
    archive: &mut zip::ZipArchive<Cursor<&[u8]>>,
    size: u64,
    limits: &Limits,
) -> Result<(), ConvertError> {
    let total_limit = RATIO_FREE_BYTES.saturating_add(size.saturating_mul(limits.expansion_ratio));
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(invalid)?;
        if part.encrypted() {
            return Err(ConvertError::PasswordProtected);
        }
        let (packed, declared) = (part.compressed_size(), part.size());
        let most = packed.saturating_mul(MAX_DEFLATE_RATIO).max(declared);
        drop(part);
        let weight = if most <= limits.part_bytes && total.saturating_add(most) <= RATIO_FREE_BYTES {
            most
        } else {
            inflated(
                archive,
                index,
                limits.part_bytes.min(total_limit.saturating_sub(total)),
            )?
        };
        total = total.saturating_add(weight);
        if weight > limits.part_bytes {
            return Err(exceeded(format!(
                "a part inflates to more than {} bytes",
                limits.part_bytes
            )));
        }
        if total > total_limit {
            return Err(exceeded(format!(
                "the parts inflate to more than {total_limit} bytes"
            )));
        }
    }
    Ok(())
}

/// Counts the bytes that a part inflates to, up to one more than `limit`. A truncated part counts as far as it goes, and
/// its reader reports it.
fn inflated(
    archive: &mut zip::ZipArchive<Cursor<&[u8]>>,
    index: usize,
    limit: u64,
) -> Result<u64, ConvertError> {
    let part = archive.by_index(index).map_err(invalid)?;
    let mut part = part.take(limit.saturating_add(1));
    let mut buffer = [0; 16 * 1024];
    let mut count = 0;
    loop {
        match part.read(&mut buffer) {
            Ok(0) | Err(_) => return Ok(count),
            Ok(read) => count += read as u64,
        }
    }
}

fn exceeded(what: String) -> ConvertError {
    ConvertError::LimitExceeded { what }
}
