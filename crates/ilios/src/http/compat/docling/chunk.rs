use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use ilios_convert::{ForeignFormat, OutputFormat};
use serde::Deserialize;
use serde_json::{Value, json};

use super::export::{Export, export, seconds};
use super::options::{DoclingOptions, Output};
use super::order::Order;
use super::outcome::{Outcome, outcomes};
use super::source::SourceOrder;
use crate::app::Spooled;
use crate::http::HttpState;
use crate::http::compat::files_form::FilesFormReader;
use crate::http::compat::json_answer::json_answer;
use crate::http::extract::upload::{Admitted, UploadForm};
use crate::http::respond::codes::Code;
use crate::http::respond::problem::Problem;
use crate::model::{Document, Tenant};

/// A chunk as a child has written it.
#[derive(Deserialize)]
struct Chunk {
    text: String,
    #[serde(default)]
    context: Vec<String>,
    tokens: Option<u64>,
    #[serde(default)]
    pages: Vec<u32>,
    #[serde(default)]
    blocks: Vec<String>,
}

/// A document in chunks.
struct Chunked {
    name: String,
    mime_type: String,
    hash: u64,
    chunks: Arc<Spooled>,
    references: Arc<Spooled>,
}

pub(super) async fn file(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(chunker): Path<String>,
    _: Admitted,
    UploadForm(form): UploadForm<FilesFormReader<DoclingOptions>>,
) -> Result<Response, Problem> {
    chunk(&state, &tenant, &chunker, form.into()).await
}

pub(super) async fn source(
    State(state): State<HttpState>,
    tenant: Tenant,
    Path(chunker): Path<String>,
    SourceOrder(order): SourceOrder,
) -> Result<Response, Problem> {
    chunk(&state, &tenant, &chunker, order).await
}

async fn chunk(state: &HttpState, tenant: &Tenant, chunker: &str, order: Order) -> Result<Response, Problem> {
    if !matches!(chunker, "hybrid" | "hierarchical") {
        return Err(Problem::new(Code::NOT_FOUND, "Not Found"));
    }
    let output = order.options.output.clone();
    let outcomes = outcomes(state, tenant, order).await?;
    answer(state, tenant, outcomes, &output).await
}

/// Answers the chunks of documents.
pub(super) async fn answer(
    state: &HttpState,
    tenant: &Tenant,
    outcomes: Vec<Outcome>,
    output: &Output,
) -> Result<Response, Problem> {
    let (mut parts, mut exports, mut time) = (Vec::new(), Vec::new(), 0.0);
    for outcome in outcomes {
        if let Outcome::Converted(converted) = &outcome {
            let document = &converted.0;
            time += document.metadata.as_ref().map_or(0.0, seconds);
            parts.push(chunked(state, tenant, document, output).await?);
        }
        let wanted = if output.with_document {
            Output::document()
        } else {
            Output::nothing()
        };
        exports.push(export(state, tenant, outcome, &wanted).await?);
    }
    let raw_text = output.raw_text;
    let write = move |writer: &mut dyn Write| write_answer(writer, &parts, &exports, time, raw_text);
    json_answer(state, 1 << 20, write).await
}

async fn chunked(
    state: &HttpState,
    tenant: &Tenant,
    document: &Document,
    output: &Output,
) -> Result<Chunked, Problem> {
    let tokens = output
        .max_tokens
        .map(|tokens| ("chunkTokens", tokens.to_string()));
    let changes: Vec<_> = tokens.into_iter().collect();
    let app = &state.app;
    let chunks = app
        .document_in(tenant, &document.id, OutputFormat::Chunks, &changes)
        .await?;
    let references = app
        .document_in(tenant, &document.id, ForeignFormat::DoclingReferences, &[])
        .await?;
    let hash = document.sha256.get(..16).unwrap_or_default();
    Ok(Chunked {
        name: document.file_name.to_string(),
        mime_type: document.mime_type.clone(),
        hash: u64::from_str_radix(hash, 16).unwrap_or_default(),
        chunks: chunks.output,
        references: references.output,
    })
}

fn write_answer(
    writer: &mut dyn Write,
    parts: &[Chunked],
    exports: &[Export],
    time: f64,
    raw_text: bool,
) -> io::Result<()> {
    writer.write_all(b"{\"chunks\":[")?;
    let mut is_first = true;
    for part in parts {
        part.write(writer, raw_text, &mut is_first)?;
    }
    writer.write_all(b"],\"documents\":[")?;
    for (index, export) in exports.iter().enumerate() {
        if index > 0 {
            writer.write_all(b",")?;
        }
        writer.write_all(b"{\"kind\":\"ExportResult\",\"content\":")?;
        export.write_contents(writer)?;
        let rest =
            json!({"status": export.status, "errors": export.errors, "timings": {}, "confidence": null});
        let rest = serde_json::to_vec(&rest)?;
        writer.write_all(b",")?;
        writer.write_all(rest.get(1..).unwrap_or_default())?;
    }
    write!(writer, "],\"processing_time\":{time}}}")
}

impl Chunked {
    /// Writes the chunks one by one. Blocks.
    fn write(&self, writer: &mut dyn Write, raw_text: bool, is_first: &mut bool) -> io::Result<()> {
        let references = self.references()?;
        let lines = BufReader::new(self.chunks.open()?).lines();
        for (index, line) in lines.enumerate() {
            let chunk: Chunk = serde_json::from_str(&line?)?;
            if !std::mem::replace(is_first, false) {
                writer.write_all(b",")?;
            }
            serde_json::to_writer(&mut *writer, &self.chunk(index, chunk, &references, raw_text))?;
        }
        Ok(())
    }

    fn references(&self) -> io::Result<HashMap<String, String>> {
        let mut references = HashMap::new();
        for line in BufReader::new(self.references.open()?).lines() {
            if let Some((block, reference)) = line?.split_once(' ') {
                references
                    .entry(block.to_owned())
                    .or_insert_with(|| reference.to_owned());
            }
        }
        Ok(references)
    }

    fn chunk(
        &self,
        index: usize,
        chunk: Chunk,
        references: &HashMap<String, String>,
        raw_text: bool,
    ) -> Value {
        let mut text = chunk.context.join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&chunk.text);
        let items = chunk.blocks.iter().filter_map(|block| references.get(block));
        let items: Vec<&String> = items.collect();
        json!({
            "filename": self.name,
            "chunk_index": index,
            "text": text,
            "raw_text": raw_text.then_some(&chunk.text),
            "num_tokens": chunk.tokens,
            "headings": (!chunk.context.is_empty()).then_some(&chunk.context),
            "captions": null,
            "doc_items": items,
            "page_numbers": chunk.pages,
            "metadata": {
                "origin": {
                    "mimetype": self.mime_type,
                    "binary_hash": self.hash,
                    "filename": self.name,
                    "uri": null,
                },
                "has_image": false,
            },
        })
    }
}
