use std::fs::File;
use std::sync::Arc;
use std::time::Instant;

use ilios_convert::OutputFormat;
use ilios_convert::ir::Image;
use serde::Serialize;

use super::inputs::Source;
use crate::app::{ToRender, content, metadata, write_model_answer};
use crate::billing::Prices;
use crate::engine::{Engine, Owner, Progress, Request, read_text};
use crate::http::MetadataView;
use crate::model::{ConversionOptions, DocumentMetadata, FileName};
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
    /// Resolution of the pictures of pages, where they are wanted.
    pub(super) page_images: Option<u32>,
}

/// A converted file.
pub(super) struct Done {
    pub(super) text: String,
    pub(super) pages: usize,
    pub(super) warnings: Vec<String>,
    /// Pictures that were taken out of it.
    pub(super) pictures: Vec<Image>,
    /// Its source.
    pub(super) original: Original,
}

/// Source of a converted file, with the pages of it that can be drawn.
pub(super) struct Original {
    pub(super) name: FileName,
    pub(super) file: Arc<Spooled>,
    pub(super) drawable: Vec<u32>,
}

/// Output of `--format json`, beside the content.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonFields<'a> {
    file_name: &'a str,
    metadata: MetadataView<'a>,
}

impl Job {
    /// Converts; `progress` shows how far it has come. `image_folder` begins the addresses of pictures.
    pub(super) async fn convert(
        &self,
        source: &Source,
        image_folder: String,
        progress: Progress,
    ) -> anyhow::Result<Done> {
        let started = Instant::now();
        let (owned, max) = (source.clone(), self.max_file_size);
        let (file_name, file) = tokio::task::spawn_blocking(move || open(&owned, max)).await??;
        let mut options = self.options.clone();
        options.reading.output.image_folder = image_folder;
        let request = Request {
            progress,
            owner: Owner::User,
            ..Request::new(Arc::new(file), file_name, options)
        };
        let mut converted = self.engine.convert(&request).await?;
        let pictures = std::mem::take(&mut converted.conversion.images);
        let is_drawable = converted.conversion.format.is_drawable();
        let content = content(&converted, None, &self.options);
        let model = converted.models.stored();
        let pages = content.pages.len();
        let content_pages: Vec<u32> = content.pages.iter().map(|page| page.number).collect();
        let metadata = metadata(converted, &self.options, &self.prices, started.elapsed());
        let warnings = metadata
            .warnings
            .iter()
            .map(|warning| warning.message.clone())
            .collect();
        let text = if self.format == OutputFormat::Markdown {
            content.markdown
        } else {
            let parts = ToRender {
                name: &request.file_name,
                owner: request.owner.clone(),
                content: &content,
                model,
                metadata: Some(&metadata),
                images: without_bytes(&pictures),
                remarks: Vec::new(),
            };
            let output = self.rendered(parts, &request.options).await?;
            if self.format == OutputFormat::Json {
                json(&request, &metadata, &content.markdown, &output)?
            } else {
                read_text(&output).await?
            }
        };
        let drawable = content_pages.into_iter().filter(|_| is_drawable).collect();
        Ok(Done {
            text,
            pages,
            warnings,
            pictures,
            original: Original {
                name: request.file_name,
                file: request.file,
                drawable,
            },
        })
    }

    async fn rendered(
        &self,
        parts: ToRender<'_>,
        options: &ConversionOptions,
    ) -> anyhow::Result<Arc<Spooled>> {
        let options = options.reading.output.clone();
        let request = parts.request(&self.spool, self.format, options).await?;
        Ok(self.engine.render(&request).await?)
    }
}

/// Pictures without their bytes, which are written to files of their own.
fn without_bytes(pictures: &[Image]) -> Vec<Image> {
    let pictures = pictures.iter().map(|picture| Image {
        name: picture.name.clone(),
        mime_type: picture.mime_type.clone(),
        bytes: Vec::new(),
        ..*picture
    });
    pictures.collect()
}

fn json(
    request: &Request,
    metadata: &DocumentMetadata,
    markdown: &str,
    model: &Spooled,
) -> anyhow::Result<String> {
    let file = &request.file;
    let fields = JsonFields {
        file_name: request.file_name.as_str(),
        metadata: MetadataView::of_file(&request.file_name, file.size(), file.sha256(), metadata),
    };
    let mut answer = Vec::new();
    write_model_answer(&mut answer, &fields, markdown, model)?;
    Ok(String::from_utf8(answer)?)
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
