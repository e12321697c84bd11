//! Inputs that are folders: documents that would not be readable in review as the one file that they are.
//!
//! - `NAME.docx/` and other packages: the parts as files, zipped without compression. Parts that each document of a
//!   format has, such as `[Content_Types].xml`, are in `tests/packages/<format>/`, unless the case has its own.
//! - `NAME.pdf/`: the content of each page, `1.txt`, `2.txt`, …, in PDF's operators. Pages are of 612 by 792 points,
//!   the fonts are `/F1` Helvetica, `/F2` Helvetica bold, `/F3` Helvetica oblique and `/F4` Courier.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use libtest_mimic::Failed;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::pdf_objects::{pdf, stream};

/// Bytes of the document that is the file or folder `input`.
pub(crate) fn bytes(input: &Path, packages: &Path) -> Result<Vec<u8>, Failed> {
    if input.is_file() {
        return Ok(fs::read(input)?);
    }
    let format = input.extension().unwrap_or_default();
    let mut parts = BTreeMap::new();
    let shared = packages.join(format);
    if shared.is_dir() {
        collect(&shared, "", &mut parts)?;
    }
    collect(input, "", &mut parts)?;
    if format == "pdf" {
        return document(&parts);
    }
    zipped(&parts)
}

/// Reads the files of a folder and of those inside, by their names relative to it.
fn collect(folder: &Path, prefix: &str, parts: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Failed> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), parts)?;
        } else {
            parts.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// Zips parts in the order of their names; `mimetype` comes first, as `OpenDocument` and EPUB want it.
fn zipped(parts: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, Failed> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let (first, others): (Vec<_>, Vec<_>) = parts.iter().partition(|(name, _)| *name == "mimetype");
    for (name, bytes) in first.into_iter().chain(others) {
        archive.start_file(name.as_str(), options)?;
        let bytes = if name == "mimetype" {
            bytes.trim_ascii()
        } else {
            bytes
        };
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Makes a PDF of the contents of its pages.
fn document(parts: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, Failed> {
    let mut contents = Vec::new();
    while let Some(content) = parts.get(&format!("{}.txt", contents.len() + 1)) {
        contents.push(String::from_utf8(content.clone())?);
    }
    if contents.is_empty() || contents.len() != parts.len() {
        return Err("the pages of a PDF are 1.txt, 2.txt, …".into());
    }
    let fonts = ["Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Courier"];
    let first_page = 3 + fonts.len();
    let kids: Vec<String> = (0..contents.len())
        .map(|page| format!("{} 0 R", first_page + 2 * page))
        .collect();
    let names: Vec<String> = (1..=fonts.len())
        .map(|font| format!("/F{font} {} 0 R", font + 2))
        .collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!(
            "<</Type/Pages/Kids[{}]/Count {}/MediaBox[0 0 612 792]/Resources<</Font<<{}>>>>>>",
            kids.join(" "),
            kids.len(),
            names.join(" ")
        ),
    ];
    objects.extend(
        fonts.map(|font| format!("<</Type/Font/Subtype/Type1/BaseFont/{font}/Encoding/WinAnsiEncoding>>")),
    );
    for (page, content) in contents.iter().enumerate() {
        let number = first_page + 2 * page + 1;
        objects.push(format!("<</Type/Page/Parent 2 0 R/Contents {number} 0 R>>"));
        objects.push(stream("", content));
    }
    Ok(pdf(&objects))
}
