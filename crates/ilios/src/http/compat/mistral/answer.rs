use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ilios_convert::ForeignFormat;
use serde::Deserialize;
use serde_json::{Value, json};

use super::page_order::PageOrder;
use super::refusal::Refusal;
use super::request::{Wanted, empty_page};
use crate::app::{BufferedBytes, Spooled};
use crate::http::HttpState;
use crate::http::respond::codes::Code;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;
use crate::model::{Document, Tenant};

/// A document that was converted; `None` if it holds no text.
pub(super) struct Recognized {
    pub(super) document: Option<Document>,
    /// Its pages, where they were written with the conversion.
    pub(super) lines: Option<Arc<Spooled>>,
    /// Bytes of its file.
    pub(super) size: u64,
}

/// A document as it is given out.
pub(super) struct OcrAnswer {
    lines: Option<Arc<Spooled>>,
    pictures: HashMap<String, Picture>,
    order: Option<PageOrder>,
    with_pictures: bool,
    rest: Value,
}

struct Picture {
    media_type: String,
    bytes: BufferedBytes,
}

/// Answers a document.
pub(super) async fn answer(
    state: &HttpState,
    tenant: &Tenant,
    recognized: Recognized,
    wanted: Wanted,
) -> Result<Response, Refusal> {
    let answer = OcrAnswer::of(state, tenant, recognized, wanted).await?;
    let write = move |writer: &mut dyn Write| answer.write(writer);
    let held = state.app.buffer_written(1 << 20, write).await?;
    let media_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((media_type, body_of(held, ())).into_response())
}

impl OcrAnswer {
    pub(super) async fn of(
        state: &HttpState,
        tenant: &Tenant,
        recognized: Recognized,
        wanted: Wanted,
    ) -> Result<Self, Refusal> {
        let Recognized {
            document,
            lines,
            size,
        } = recognized;
        let (lines, pictures) = match &document {
            None => (None, HashMap::new()),
            Some(document) => {
                let lines = match lines {
                    Some(lines) => lines,
                    None => {
                        let form = ForeignFormat::OcrPages(wanted.form);
                        let rendered = state.app.document_in(tenant, &document.id, form, &[]).await?;
                        rendered.output
                    }
                };
                let pictures = if wanted.form.image_names {
                    pictures(state, tenant, document, &lines).await?
                } else {
                    HashMap::new()
                };
                (Some(lines), pictures)
            }
        };
        Ok(Self {
            lines,
            pictures,
            order: wanted.pages,
            with_pictures: wanted.form.image_names,
            rest: rest(document.as_ref(), size),
        })
    }

    /// Writes the object. Blocks.
    pub(super) fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        writer.write_all(b"{\"pages\":[")?;
        match &self.lines {
            None => serde_json::to_writer(&mut *writer, &empty_page())?,
            Some(lines) => {
                for (at, line) in self.ordered(lines)?.into_iter().enumerate() {
                    if at > 0 {
                        writer.write_all(b",")?;
                    }
                    self.write_page(lines, &line, writer)?;
                }
            }
        }
        writer.write_all(b"],")?;
        let rest = serde_json::to_vec(&self.rest)?;
        writer.write_all(rest.get(1..).unwrap_or_default())
    }

    /// The pages in the order in which they were asked for.
    fn ordered(&self, lines: &Spooled) -> io::Result<Vec<Line>> {
        let mut found = Vec::new();
        let mut start = 0;
        each_line(lines, |text| {
            let page: Index = serde_json::from_str(text)?;
            let length = text.len();
            found.push(Line {
                index: page.index,
                start,
                length,
            });
            start += length as u64 + 1;
            Ok(())
        })?;
        if let Some(order) = &self.order {
            found.sort_by_key(|line| (order.place(line.index), line.index));
        }
        Ok(found)
    }

    fn write_page(&self, lines: &Spooled, line: &Line, writer: &mut dyn Write) -> io::Result<()> {
        let text = lines.read_at(line.start, line.length)?;
        if !self.with_pictures {
            return writer.write_all(&text);
        }
        let mut page: Value = serde_json::from_slice(&text)?;
        for image in page["images"].as_array_mut().into_iter().flatten() {
            let name = image.as_object_mut().and_then(|image| image.remove("name"));
            let picture = name
                .as_ref()
                .and_then(Value::as_str)
                .and_then(|name| self.pictures.get(name));
            if let Some(picture) = picture {
                image["image_base64"] = picture.data_uri()?.into();
            }
        }
        Ok(serde_json::to_writer(writer, &page)?)
    }
}

impl Picture {
    fn data_uri(&self) -> io::Result<String> {
        let bytes = self.bytes.read_at(0, usize::MAX)?;
        let mut text = format!("data:{};base64,", self.media_type);
        STANDARD.encode_string(bytes, &mut text);
        Ok(text)
    }
}

/// A page among the lines of a child.
struct Line {
    index: u32,
    start: u64,
    length: usize,
}

#[derive(Deserialize)]
struct Index {
    index: u32,
}

#[derive(Deserialize)]
struct Images {
    images: Vec<ImageName>,
}

#[derive(Deserialize)]
struct ImageName {
    name: Option<String>,
}

fn each_line(lines: &Spooled, mut take: impl FnMut(&str) -> io::Result<()>) -> io::Result<()> {
    let file: BufReader<File> = BufReader::new(lines.open()?);
    for line in file.lines() {
        take(&line?)?;
    }
    Ok(())
}

/// The pictures of a document that its pages name. One that is gone meanwhile is left out.
async fn pictures(
    state: &HttpState,
    tenant: &Tenant,
    document: &Document,
    lines: &Arc<Spooled>,
) -> Result<HashMap<String, Picture>, Refusal> {
    let lines = Arc::clone(lines);
    let names = move || {
        let mut names = Vec::new();
        each_line(&lines, |text| {
            let page: Images = serde_json::from_str(text)?;
            names.extend(page.images.into_iter().filter_map(|image| image.name));
            Ok(())
        })?;
        Ok::<_, io::Error>(names)
    };
    let names = tokio::task::spawn_blocking(names).await;
    let names = names.map_err(Problem::internal)?.map_err(Problem::unavailable)?;
    let mut pictures = HashMap::new();
    for name in names {
        let found = state.app.image(tenant, &document.id, &name).await;
        match found {
            Ok((image, rendition)) => {
                let picture = Picture {
                    media_type: image.mime_type,
                    bytes: rendition.made.held,
                };
                pictures.insert(name, picture);
            }
            Err(error) => {
                let problem = Problem::from(error);
                if problem.code() != Code::NOT_FOUND {
                    return Err(problem.into());
                }
            }
        }
    }
    Ok(pictures)
}

/// End of the answer, behind the pages. The model is the one that has read the document, whatever the request named.
fn rest(document: Option<&Document>, size: u64) -> Value {
    let metadata = document.and_then(|document| document.metadata.as_ref());
    let model = metadata.map(|metadata| match metadata.model.as_str() {
        "" => format!("ilios-{}", metadata.engine),
        model => model.to_owned(),
    });
    let pages = metadata.map_or(1, |metadata| metadata.extracted_pages);
    json!({
        "model": model.unwrap_or_else(|| "ilios".to_owned()),
        "document_annotation": null,
        "usage_info": {"pages_processed": pages, "doc_size_bytes": size},
    })
}
