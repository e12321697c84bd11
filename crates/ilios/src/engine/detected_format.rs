use std::io;
use std::sync::{Arc, OnceLock};

use ilios_convert::Format;

use super::{EngineError, Request};

/// The format of a document, detected when it is first asked for. Clones belong to the same document.
#[derive(Debug, Clone, Default)]
pub struct DetectedFormat(Arc<OnceLock<Option<Format>>>);

impl Request {
    /// Detects the format by content; reads from disk where the document is there.
    ///
    /// # Errors
    /// The disk fails.
    pub(super) fn detect(&self) -> io::Result<Option<Format>> {
        if let Some(known) = self.format.0.get() {
            return Ok(*known);
        }
        let name = self.file_name.as_str();
        let detected = match self.file.in_memory() {
            Some(bytes) => Format::detect(bytes, name),
            None => Format::detect(&self.file.head()?, name),
        };
        Ok(*self.format.0.get_or_init(|| detected))
    }

    /// Detects the format, off the runtime's threads where that takes the disk.
    ///
    /// # Errors
    /// [`EngineError::Unavailable`].
    pub(super) async fn detected(&self) -> Result<Option<Format>, EngineError> {
        let unavailable = |error: io::Error| EngineError::Unavailable(error.to_string());
        if self.file.in_memory().is_some() || self.format.0.get().is_some() {
            return self.detect().map_err(unavailable);
        }
        let request = self.clone();
        tokio::task::spawn_blocking(move || request.detect())
            .await
            .map_err(|error| EngineError::Unavailable(error.to_string()))?
            .map_err(unavailable)
    }
}
