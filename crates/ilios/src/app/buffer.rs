use std::fs::File;
use std::io::{self, Write};

use bytes::Bytes;

use super::{App, AppError};
use crate::spool::{BufferedBytes, SpoolError};

/// Bytes of a content from which its answer is made off the runtime's threads.
const MIN_BLOCKING_BYTES: usize = 16 * 1024;

impl App {
    /// Keeps bytes until they are sent.
    ///
    /// # Errors
    /// [`AppError::Spool`].
    pub async fn buffer(&self, bytes: Bytes) -> Result<BufferedBytes, AppError> {
        match self.spool.buffer_in_memory(bytes) {
            Ok(held) => Ok(held),
            Err(bytes) => {
                let spool = self.spool.clone();
                blocking(move || spool.buffer(bytes)).await
            }
        }
    }

    /// Keeps what `write` writes of a content of `size` bytes until it is sent.
    ///
    /// # Errors
    /// [`AppError::Spool`].
    pub async fn buffer_written<F>(&self, size: usize, write: F) -> Result<BufferedBytes, AppError>
    where
        F: FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
    {
        if size < MIN_BLOCKING_BYTES {
            return Ok(self.spool.buffer_written(write).map_err(SpoolError::from)?);
        }
        let spool = self.spool.clone();
        blocking(move || spool.buffer_written(write)).await
    }

    /// Keeps what `write` writes to a file without a name, which it may seek in, until it is sent.
    ///
    /// # Errors
    /// [`AppError::Spool`].
    pub async fn buffer_file<F>(&self, write: F) -> Result<BufferedBytes, AppError>
    where
        F: FnOnce(File) -> io::Result<File> + Send + 'static,
    {
        let spool = self.spool.clone();
        blocking(move || {
            let file = write(spool.temporary_file()?)?;
            let size = file.metadata()?.len();
            Ok(BufferedBytes::file(file, size))
        })
        .await
    }
}

/// Runs what may wait for the disk.
async fn blocking<F>(buffer: F) -> Result<BufferedBytes, AppError>
where
    F: FnOnce() -> io::Result<BufferedBytes> + Send + 'static,
{
    let held = tokio::task::spawn_blocking(buffer).await;
    let held = held.map_err(|_| AppError::Interrupted)?;
    Ok(held.map_err(SpoolError::from)?)
}
