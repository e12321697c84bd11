use std::io::{self, Write};

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::http::HttpState;
use crate::http::compat::json_text::Text;
use crate::http::respond::paced::body_of;
use crate::http::respond::problem::Problem;

/// An object of metadata, with the content of the document in the fields named.
pub(super) struct Entry {
    pub(super) metadata: Map<String, Value>,
    pub(super) content: Option<Text>,
    pub(super) fields: &'static [&'static str],
}

impl Entry {
    /// Writes it as JSON. Blocks.
    fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        let metadata = serde_json::to_vec(&self.metadata)?;
        let open = metadata.strip_suffix(b"}").unwrap_or(&metadata);
        writer.write_all(open)?;
        if let Some(content) = &self.content {
            for name in self.fields {
                write!(writer, ",\"{name}\":")?;
                content.write_string(writer)?;
            }
        }
        writer.write_all(b"}")
    }

    fn size(&self) -> usize {
        self.content.as_ref().map_or(0, Text::size)
    }
}

/// Answers one object.
pub(super) async fn object(state: &HttpState, entry: Entry) -> Result<Response, Problem> {
    json(state, entry.size(), move |writer| entry.write(writer)).await
}

/// Answers a list of objects.
pub(super) async fn list(state: &HttpState, entries: Vec<Entry>) -> Result<Response, Problem> {
    let size = entries.iter().map(Entry::size).fold(0, usize::saturating_add);
    let write = move |writer: &mut dyn Write| {
        for (index, entry) in entries.iter().enumerate() {
            writer.write_all(if index == 0 { b"[" } else { b"," })?;
            entry.write(writer)?;
        }
        writer.write_all(b"]")
    };
    json(state, size, write).await
}

async fn json<F>(state: &HttpState, size: usize, write: F) -> Result<Response, Problem>
where
    F: FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
{
    let held = state.app.buffer_written(size, write).await?;
    let media_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((media_type, body_of(held, ())).into_response())
}

/// Answers a text as it is.
pub(super) async fn plain(
    state: &HttpState,
    text: Text,
    media_type: &'static str,
) -> Result<Response, Problem> {
    let size = text.size();
    let write = move |writer: &mut dyn Write| text.write(writer);
    let held = state.app.buffer_written(size, write).await?;
    Ok(([(header::CONTENT_TYPE, media_type)], body_of(held, ())).into_response())
}
