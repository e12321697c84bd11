use std::fs::File;
use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;

use super::inputs::Source;
use crate::app::{OutputFormat, content, metadata};
use crate::billing::Prices;
use crate::engine::{Engine, Progress, RenderRequest, Request, read_text, spool_text};
use crate::http::{MetadataView, PageView};
use crate::model::{ConversionOptions, FileName};
use crate::spool::{Spool, Spooled};

/// Settings with which every file is converted.
pub(super) struct Job {
    pub(super) engine: Arc<dyn Engine>,
    pub(super) prices: Prices,
    /// For what does not fit into memory.
    pub(super) spool: Spool,
    pub(super) max_file_size: u64,
    pub(super) options: ConversionOptions,
    pub(super) format: OutputFormat,
}

/// A converted file.
pub(super) struct Done {
    pub(super) text: String,
    pub(super) pages: usize,
    pub(super) warnings: Vec<String>,
}

/// Output of `--format json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonOutput<'a> {
    file_name: &'a str,
    content: &'a str,
    pages: Vec<PageView<'a>>,
    metadata: MetadataView<'a>,
}

impl Job {
    /// Converts; `progress` shows how far it has come.
    pub(super) async fn convert(&self, source: &Source, progress: Progress) -> anyhow::Result<Done> {
        let started = Instant::now();
        let (owned, max) = (source.clone(), self.max_file_size);
        let (file_name, file) = tokio::task::spawn_blocking(move || open(&owned, max)).await??;
        let request = Request {
            progress,
            ..Request::new(Arc::new(file), file_name, self.options.clone())
        };
        let converted = self.engine.convert(&request).await?;
        let content = content(&converted, None);
        let pages = content.pages.len();
        let metadata = metadata(converted, &self.options, &self.prices, started.elapsed());
        let warnings = metadata
            .warnings
            .iter()
            .map(|warning| warning.message.clone())
            .collect();
        let text = if self.format == OutputFormat::Json {
            let output = JsonOutput {
                file_name: request.file_name.as_str(),
                content: &content.markdown,
                pages: PageView::all(&content),
                metadata: MetadataView::of_file(
                    &request.file_name,
                    request.file.size(),
                    request.file.sha256(),
                    &metadata,
                ),
            };
            serde_json::to_string_pretty(&output)? + "\n"
        } else if let Some(rendering) = self.format.rendering(&request.file_name) {
            let markdown = Arc::new(spool_text(&self.spool, content.markdown).await?);
            let request = RenderRequest {
                markdown,
                rendering,
                spool: self.spool.clone(),
            };
            read_text(&self.engine.render(&request).await?).await?
        } else {
            content.markdown
        };
        Ok(Done {
            text,
            pages,
            warnings,
        })
    }
}

fn open(source: &Source, max: u64) -> anyhow::Result<(FileName, Spooled)> {
    match source {
        Source::File { path, .. } => {
            let name = FileName::clean(&path.file_name().unwrap_or_default().to_string_lossy());
            Ok((name, Spooled::adopt(File::open(path)?, max)?))
        }
        Source::Stdin { name } => {
            let mut file = tempfile::tempfile()?;
            let taken = std::io::Read::take(std::io::stdin().lock(), max.saturating_add(1));
            std::io::copy(&mut { taken }, &mut file)?;
            std::io::Seek::rewind(&mut file)?;
            Ok((FileName::clean(name), Spooled::adopt(file, max)?))
        }
    }
}
