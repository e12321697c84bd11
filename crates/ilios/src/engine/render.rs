//! Markdown and models of documents as something else. They are whatever a client has sent, and reading them takes memory:
//! a child does it, as it does conversions.

use std::sync::Arc;

use ilios_convert::may_mislead;

use super::pdf_parts::PartCollector;
use super::protocol::Task;
use super::rendering::{RenderRequest, Rendering};
use super::{Converted, EngineError, LocalEngine, Owner, Request};
use crate::model::{ConversionOptions, FileName};
use crate::spool::{Spool, SpoolError, Spooled};

/// Bytes of output that a byte of Markdown becomes, at the most: a character of HTML is up to 6, and JSON names what
/// each block is and its place.
const MAX_EXPANSION: u64 = 16;

impl LocalEngine {
    /// Renders in a child. The work ends when this is dropped.
    ///
    /// # Errors
    /// `timeout`, `out_of_memory`, `limit_exceeded` or `converter_crashed` when the input takes too much;
    /// `Unavailable` when the spool cannot be written.
    pub(super) async fn rendered(&self, request: &RenderRequest) -> Result<Arc<Spooled>, EngineError> {
        let most = self.settings.limits.output_bytes;
        let most = most.saturating_mul(MAX_EXPANSION).saturating_add(1 << 20);
        let mut parts = PartCollector::new(request.spool.up_to(most), most, 1);
        let task = Task::Render(request.rendering.clone());
        let rendered = self
            .run_in_child(&rendered_file(request), task, &mut parts)
            .await?;
        rendered
            .into_iter()
            .next()
            .ok_or_else(|| EngineError::Unavailable("a converter has rendered nothing".into()))
    }

    /// `converted` without the links to scripts that a service may have read from a document. Text without a sign of
    /// one, which is nearly all, stays as it is.
    pub(super) async fn without_scripts(
        &self,
        mut converted: Converted,
        spool: &Spool,
    ) -> Result<Converted, EngineError> {
        for page in &mut converted.conversion.pages {
            self.defuse(&mut page.markdown, spool).await?;
        }
        let beside = converted
            .service_output
            .iter_mut()
            .flat_map(|service_output| service_output.pages.values_mut());
        for page in beside {
            for text in [&mut page.header, &mut page.footer].into_iter().flatten() {
                self.defuse(text, spool).await?;
            }
        }
        Ok(converted)
    }

    /// Turns the links of Markdown that run a script into their text. On an error the Markdown stays as it is.
    ///
    /// # Errors
    /// Those of a rendering: [`Engine::render`](super::Engine::render).
    pub async fn defuse(&self, text: &mut String, spool: &Spool) -> Result<(), EngineError> {
        if !may_mislead(text.as_bytes()) {
            return Ok(());
        }
        let markdown = spool_text(spool, text.clone()).await;
        let request = RenderRequest {
            input: Arc::new(markdown.map_err(unavailable)?),
            owner: Owner::default(),
            rendering: Rendering::Harmless,
            spool: spool.clone(),
        };
        *text = read_text(&self.rendered(&request).await?).await?;
        Ok(())
    }
}

/// A request whose document is the input.
fn rendered_file(rendered: &RenderRequest) -> Request {
    let (file, name) = (Arc::clone(&rendered.input), FileName::clean("document.md"));
    Request {
        owner: rendered.owner.clone(),
        ..Request::new(file, name, ConversionOptions::default())
    }
}

/// A text as a file of the spool, of whatever size.
///
/// # Errors
/// The disk fails.
pub async fn spool_text(spool: &Spool, text: String) -> Result<Spooled, SpoolError> {
    Ok(spool.up_to(u64::MAX).receive().append(text).await?.finish())
}

/// The text that a child has rendered, whole in memory.
///
/// # Errors
/// The disk fails, or it is no text.
pub async fn read_text(file: &Arc<Spooled>) -> Result<String, EngineError> {
    let file = Arc::clone(file);
    let read = move || file.read_at(0, usize::try_from(file.size()).unwrap_or(usize::MAX));
    let bytes = tokio::task::spawn_blocking(read).await.map_err(unavailable)?;
    String::from_utf8(bytes.map_err(unavailable)?).map_err(|_| EngineError::Crashed)
}

fn unavailable(error: impl std::fmt::Display) -> EngineError {
    EngineError::Unavailable(error.to_string())
}
