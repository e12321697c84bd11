use ilios_convert::{ConvertError, Format};

use crate::app::{App, AppError};
use crate::crash_point;
use crate::engine::EngineError;
use crate::model::{Failure, FileName, Id};
use crate::objects::ObjectKey;
use crate::spool::Spooled;

/// A file whose original is in the object store, or that was refused.
#[derive(Debug)]
pub struct Received {
    /// The document that it becomes.
    pub id: Id,
    /// Its name.
    pub file_name: FileName,
    /// Its bytes.
    pub file_size: u64,
    /// SHA-256 of them.
    pub sha256: String,
    /// Media type by content; empty for a refused file.
    pub mime_type: String,
    /// Key of its original, or the reason it was refused.
    pub original: Result<ObjectKey, Failure>,
}

impl Received {
    /// A file that was refused before it was whole.
    #[must_use]
    pub fn refused(id: Id, file_name: FileName, failure: Failure) -> Self {
        Self {
            id,
            file_name,
            file_size: 0,
            sha256: String::new(),
            mime_type: String::new(),
            original: Err(failure),
        }
    }
}

impl App {
    /// Puts a file into the object store under a new id; a file that cannot be converted is refused instead.
    /// When this returns, the original is durable.
    ///
    /// # Errors
    /// [`AppError::Objects`] when the object store fails.
    pub async fn receive(&self, file: Spooled, file_name: FileName) -> Result<Received, AppError> {
        let mut received = Received {
            id: self.ids.next(self.clock.now()),
            file_size: file.size(),
            sha256: file.sha256().to_owned(),
            mime_type: String::new(),
            original: Err(Failure::new("empty_file", "the file has no bytes")),
            file_name,
        };
        if file.size() == 0 {
            return Ok(received);
        }
        let (file, format) = detect(file, received.file_name.clone()).await?;
        match format {
            Some(format) => {
                let key = ObjectKey::original(&received.id);
                self.objects.put(&key, &file, format.mime_type()).await?;
                crash_point::reach("bytes_stored");
                received.mime_type = format.mime_type().to_owned();
                received.original = Ok(key);
            }
            None => {
                let error = EngineError::Document(ConvertError::UnsupportedType);
                received.original = Err(Failure::new(error.code(), error.to_string()));
            }
        }
        Ok(received)
    }

    /// Takes back what was received for rows that were not written. What cannot be deleted now is swept later.
    pub async fn discard(&self, received: &[Received]) {
        for key in received.iter().filter_map(|file| file.original.as_ref().ok()) {
            if let Err(error) = self.objects.delete(key).await {
                tracing::warn!(%error, "an original without a row is left to the sweeper");
            }
        }
    }
}

/// Tells the type by the first bytes, off the runtime's threads where they are on disk.
async fn detect(file: Spooled, file_name: FileName) -> Result<(Spooled, Option<Format>), AppError> {
    if let Some(bytes) = file.in_memory() {
        let format = Format::detect(bytes, file_name.as_str());
        return Ok((file, format));
    }
    let look = move || {
        let head = file.head()?;
        Ok((Format::detect(&head, file_name.as_str()), file))
    };
    let looked: std::io::Result<_> = tokio::task::spawn_blocking(look)
        .await
        .map_err(|_| AppError::Interrupted)?;
    let (format, file) = looked.map_err(|error| AppError::Spool(error.into()))?;
    Ok((file, format))
}
