use std::collections::HashSet;
use std::fs::File;
use std::io;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::export::Export;
use crate::http::HttpState;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::model::portable_name;

/// Answers the contents of documents as files of a ZIP.
pub(super) async fn answer(state: &HttpState, exports: Vec<Export>) -> Result<Response, Problem> {
    let held = state.app.buffer_file(move |file| write(file, &exports)).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"converted_docs.zip\"",
        ),
    ];
    Ok((headers, body_of(held, ())).into_response())
}

fn write(file: File, exports: &[Export]) -> io::Result<File> {
    let mut zip = ZipWriter::new(file);
    let mut taken = HashSet::new();
    for export in exports {
        let stem = free_stem(&export.name, &mut taken);
        let files = [
            ("md", &export.markdown),
            ("json", &export.json),
            ("html", &export.html),
            ("txt", &export.text),
            ("doctags", &export.doctags),
        ];
        for (extension, text) in files {
            if let Some(text) = text {
                zip.start_file(format!("{stem}.{extension}"), SimpleFileOptions::default())?;
                text.write(&mut zip)?;
            }
        }
    }
    Ok(zip.finish()?)
}

/// The name of a document without its extension, with a number behind it where another one has it.
fn free_stem(name: &str, taken: &mut HashSet<String>) -> String {
    let name = portable_name(name);
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let mut free = stem.to_owned();
    let mut number = 2;
    while !taken.insert(free.to_lowercase()) {
        free = format!("{stem}_{number}");
        number += 1;
    }
    free
}
