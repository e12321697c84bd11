use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;

/// Bytes of a part with styles that are rewritten.
const LARGEST: u64 = 64 << 20;
/// What makes one style the heir of another: the parts that say so, the name for it, and one that says nothing.
const INHERITANCE: &[(&[&str], &str, &str)] = &[
    (&["word/styles.xml"], "<w:basedOn ", "<w:wasBasedOn "),
    (
        &["styles.xml", "content.xml"],
        "style:parent-style-name=",
        "style:former-style-name=",
    ),
];

/// Whether the library refused a document because its styles inherit from each other in a circle. It says so in
/// words alone.
pub(super) fn are_circular(error: &anydoc::ConvertError) -> bool {
    matches!(error, anydoc::ConvertError::Malformed { detail, .. } if detail.contains("style inheritance cycle"))
}

/// The package without any inheritance among its styles; none when it cannot be written.
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
        part.take(LARGEST).read_to_string(&mut text).ok()?;
        writer.start_file(name, SimpleFileOptions::default()).ok()?;
        writer
            .write_all(text.replace(inherits, says_nothing).as_bytes())
            .ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}
