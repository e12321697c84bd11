use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;

/// Bytes of a part with styles that is rewritten, at most.
const MAX_STYLES_BYTES: u64 = 64 << 20;
/// Style inheritance: the parts that declare it, the markup that does, and a name that means nothing to put in its place.
const INHERITANCE: &[(&[&str], &str, &str)] = &[
    (&["word/styles.xml"], "<w:basedOn ", "<w:wasBasedOn "),
    (
        &["styles.xml", "content.xml"],
        "style:parent-style-name=",
        "style:former-style-name=",
    ),
];

/// Returns true if the library refused a document because its styles inherit from each other in a circle. It reports
/// that by its message only.
pub(super) fn are_circular(error: &anydoc::ConvertError) -> bool {
    matches!(error, anydoc::ConvertError::Malformed { detail, .. } if detail.contains("style inheritance cycle"))
}

/// Rewrites the package without any style inheritance; `None` when that fails.
pub(super) fn without_inheritance(package: &[u8]) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).ok()?;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::with_capacity(package.len())));
    for index in 0..archive.len() {
        let part = archive.by_index(index).ok()?;
        let name = part.name().to_owned();
        let rule = INHERITANCE
            .iter()
            .find(|(parts, ..)| parts.contains(&name.as_str()));
        let Some((_, inherits, says_nothing)) = rule else {
            drop(part);
            writer.raw_copy_file(archive.by_index_raw(index).ok()?).ok()?;
            continue;
        };
        let mut text = String::new();
        part.take(MAX_STYLES_BYTES).read_to_string(&mut text).ok()?;
        writer.start_file(name, SimpleFileOptions::default()).ok()?;
        writer
            .write_all(text.replace(inherits, says_nothing).as_bytes())
            .ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}
