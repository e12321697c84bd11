use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Write};

use serde::Serialize;
use tokio::sync::mpsc;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::finished_batch::FinishedBatch;
use super::status::{BatchDocument, BatchStatus};
use crate::app::{BufferedBytes, BuiltRendition, Rendition, RenditionWork};
use crate::http::respond::document_view::MetadataView;
use crate::http::respond::problem::Problem;
use crate::model::{Document, Status, folded, portable_name};

/// The name of the list of all documents.
const MANIFEST: &str = "manifest.json";
/// Bytes that the name of an entry may have: what file systems take.
const MAX_NAME: usize = 255;
/// File name extension of every document in the archive.
const EXTENSION: &str = ".md";

/// A file of the archive.
type Entry = (String, String);

/// Contents of the archive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    #[serde(flatten)]
    batch: BatchStatus<'a>,
    documents: Vec<ManifestDocument<'a>>,
}

#[derive(Serialize)]
struct ManifestDocument<'a> {
    #[serde(flatten)]
    document: BatchDocument<'a>,
    /// Its file in the archive; `null` where it has no content.
    file: Option<String>,
    metadata: Option<MetadataView<'a>>,
}

/// The documents of a batch as a ZIP; made once for all who are sent it at the same time.
pub(super) async fn zip(finished: &FinishedBatch) -> Result<Rendition, Problem> {
    let (batch, documents) = (&finished.batch, &finished.documents);
    // Documents that have ended may yet be archived or deleted.
    let archived = documents
        .iter()
        .filter(|document| document.status == Status::Archived);
    let key = format!("{}/{}/{}.zip", batch.id, documents.len(), archived.count());
    let make = async {
        let held = write_all(finished).await?;
        Ok(BuiltRendition {
            document: None,
            held,
            unfollowed: Vec::new(),
        })
    };
    finished
        .state
        .app
        .renditions()
        .get(key, RenditionWork::Packing, make)
        .await
}

async fn write_all(finished: &FinishedBatch) -> Result<BufferedBytes, Problem> {
    // One document waits while another is compressed; no more are in memory.
    let (entries, taken) = mpsc::channel(1);
    let writing = finished.state.app.buffer_file(|file| write(file, taken));
    let (held, read) = tokio::join!(writing, read(finished, entries));
    let held = held?;
    read?;
    Ok(held)
}

/// Hands over every document and the manifest.
async fn read(finished: &FinishedBatch, entries: mpsc::Sender<Entry>) -> Result<(), Problem> {
    let mut names = Names::default();
    let mut documents = Vec::with_capacity(finished.documents.len());
    for document in &finished.documents {
        let content = finished.state.app.content(&finished.tenant, &document.id).await?;
        let file = content.is_some().then(|| names.of(document));
        documents.push(ManifestDocument {
            document: BatchDocument::of(document),
            file: file.clone(),
            metadata: content.is_some().then(|| MetadataView::of(document)),
        });
        if let (Some(file), Some(content)) = (file, content) {
            // The receiver is gone when the disk has failed, and reports that.
            let _ = entries.send((file, content.markdown)).await;
        }
    }
    let manifest = Manifest {
        batch: BatchStatus::of(&finished.batch, None),
        documents,
    };
    let manifest = serde_json::to_string_pretty(&manifest).map_err(Problem::internal)?;
    let _ = entries.send((MANIFEST.to_owned(), manifest)).await;
    Ok(())
}

/// Writes the archive to `file`, compressing as entries come. Blocks.
fn write(file: File, mut entries: mpsc::Receiver<Entry>) -> io::Result<File> {
    let mut zip = ZipWriter::new(file);
    while let Some((name, text)) = entries.blocking_recv() {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?)
}

/// The names of the files in an archive: safe on every system, each used once.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    fn of(&mut self, document: &Document) -> String {
        let name = portable_name(document.file_name.with_extension("md").as_str());
        let mut unique = name.clone();
        let mut number = 1;
        // Some file systems do not tell capitals from small letters.
        while !self.0.insert(folded(&unique)) {
            number += 1;
            unique = numbered(&name, number);
        }
        unique
    }
}

/// `report (2).md`.
fn numbered(name: &str, number: u32) -> String {
    let suffix = format!(" ({number}){EXTENSION}");
    let stem = name.strip_suffix(EXTENSION).unwrap_or(name);
    let end = stem.floor_char_boundary(MAX_NAME - suffix.len());
    format!("{}{suffix}", &stem[..end])
}
