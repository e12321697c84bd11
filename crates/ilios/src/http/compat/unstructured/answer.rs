use std::io::{self, Write};
use std::sync::Arc;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::chunks::Chunks;
use super::element::{Element, Elements, Origin};
use super::options::Options;
use crate::app::Spooled;
use crate::http::HttpState;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;

/// Columns of a table of elements, behind their type, id and text.
const COLUMNS: [&str; 8] = [
    "filename",
    "filetype",
    "languages",
    "page_number",
    "page_name",
    "category_depth",
    "parent_id",
    "text_as_html",
];

/// A document in elements; no lines if it holds no text.
pub(super) struct Parted {
    pub(super) origin: Origin,
    pub(super) lines: Option<Arc<Spooled>>,
}

/// Answers the elements of a document, or a list of them for each of several documents.
pub(super) async fn answer(
    state: &HttpState,
    parts: Vec<Parted>,
    options: Options,
) -> Result<Response, Problem> {
    let media_type = if options.is_csv {
        "text/csv; charset=utf-8"
    } else {
        "application/json"
    };
    let write = move |writer: &mut dyn Write| {
        if options.is_csv {
            return table(&parts, &options, writer);
        }
        if let [only] = parts.as_slice() {
            return only.list(&options, writer);
        }
        for (index, part) in parts.iter().enumerate() {
            writer.write_all(if index == 0 { b"[" } else { b"," })?;
            part.list(&options, writer)?;
        }
        writer.write_all(b"]")
    };
    let held = state.app.buffer_written(1 << 20, write).await?;
    Ok(([(header::CONTENT_TYPE, media_type)], body_of(held, ())).into_response())
}

impl Parted {
    fn for_each(&self, options: &Options, mut take: impl FnMut(Element) -> io::Result<()>) -> io::Result<()> {
        let Some(lines) = &self.lines else {
            return Ok(());
        };
        let mut elements = Elements::new(lines, &self.origin, options)?;
        match options.chunking {
            None => elements.try_for_each(|element| take(element?)),
            Some(limits) => {
                let mut chunks = Chunks::new(elements, &self.origin, options, limits);
                chunks.try_for_each(|chunk| take(chunk?))
            }
        }
    }

    /// Writes the elements as a list of JSON. Blocks.
    fn list(&self, options: &Options, writer: &mut dyn Write) -> io::Result<()> {
        let mut is_first = true;
        writer.write_all(b"[")?;
        self.for_each(options, |element| {
            if !std::mem::replace(&mut is_first, false) {
                writer.write_all(b",")?;
            }
            let element = json!({
                "type": element.kind,
                "element_id": element.id,
                "text": element.text,
                "metadata": element.metadata,
            });
            Ok(serde_json::to_writer(&mut *writer, &element)?)
        })?;
        writer.write_all(b"]")
    }
}

/// Writes the elements of all documents as CSV. Blocks.
fn table(parts: &[Parted], options: &Options, writer: &mut dyn Write) -> io::Result<()> {
    write!(writer, "type,element_id,text,{}\r\n", COLUMNS.join(","))?;
    for part in parts {
        part.for_each(options, |element| {
            let own = [element.kind.as_str(), &element.id, &element.text];
            let own = own.map(quoted).join(",");
            writer.write_all(own.as_bytes())?;
            for column in COLUMNS {
                let value = element.metadata.get(column).map(plain).unwrap_or_default();
                write!(writer, ",{}", quoted(&value))?;
            }
            writer.write_all(b"\r\n")
        })?;
    }
    Ok(())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// A value of CSV, in quotes if it needs them. A program for sheets takes no text for a formula.
fn quoted(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
