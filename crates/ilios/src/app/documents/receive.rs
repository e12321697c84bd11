use bytes::Bytes;
use futures::Stream;
use ilios_convert::{ConvertError, Format};

use crate::app::{App, AppError};
use crate::crash_point;
use crate::engine::EngineError;
use crate::model::{Failure, FileName, Id};
use crate::objects::ObjectKey;
use crate::spool::{SpoolError, Spooled};

/// A file of a client: whole, within the size limit and hashed, in memory or in a file without a name.
#[derive(Debug)]
pub struct Upload {
    /// Its name.
    pub file_name: FileName,
    /// Its bytes.
    pub file: Spooled,
}

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

impl App {
    /// The most bytes that a file may have.
    #[must_use]
    pub fn max_file_size(&self) -> u64 {
        self.spool.max_bytes()
    }

    /// Refuses a file of `size` bytes where that is too large.
    ///
    /// # Errors
    /// [`SpoolError::TooLarge`].
    pub fn check_file_size(&self, size: u64) -> Result<(), SpoolError> {
        let limit = self.max_file_size();
        if size > limit {
            return Err(SpoolError::TooLarge { limit });
        }
        Ok(())
    }

    /// Receives a file as it arrives.
    ///
    /// # Errors
    /// That of `bytes`, [`SpoolError`] when there are too many or the disk fails.
    pub async fn receive<E: From<SpoolError>>(
        &self,
        file_name: FileName,
        bytes: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<Upload, E> {
        let file = self.spool.fill(bytes).await?;
        Ok(Upload { file_name, file })
    }

    /// The type of a file by its content, and by its name where that does not tell.
    ///
    /// # Errors
    /// [`AppError::Spool`] when the disk fails.
    pub async fn detected_format(&self, upload: Upload) -> Result<(Upload, Option<Format>), AppError> {
        let Upload { file_name, file } = upload;
        let (file, format) = detect(file, file_name.clone()).await?;
        Ok((Upload { file_name, file }, format))
    }

    /// Puts a file into the object store under a new id; a file that cannot be converted is refused instead.
    /// When this returns, the original is durable.
    ///
    /// # Errors
    /// [`AppError::Objects`] when the object store fails.
    pub(in crate::app) async fn store_original(&self, upload: Upload) -> Result<Received, AppError> {
        let Upload { file_name, file } = upload;
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
    pub(in crate::app) async fn discard(&self, received: &[Received]) {
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
