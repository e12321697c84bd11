//! Answers that are taken out of memory as they are made: see [`super::paced`].

use std::io::{self, Write};

use super::problem::Problem;
use crate::spool::{BufferedBytes, Spool, SpoolError};

/// Bytes of a content from which its answer is made off the runtime's threads.
const MIN_BLOCKING_BYTES: usize = 16 * 1024;

/// Keeps a text until it is sent.
pub(in crate::http) async fn buffer(spool: &Spool, text: String) -> Result<BufferedBytes, Problem> {
    match spool.buffer_in_memory(text.into()) {
        Ok(held) => Ok(held),
        Err(bytes) => {
            let spool = spool.clone();
            blocking(move || spool.buffer(bytes)).await
        }
    }
}

/// Keeps what `write` writes of a content of `size` bytes until it is sent.
pub(in crate::http) async fn buffer_written<F>(
    spool: &Spool,
    size: usize,
    write: F,
) -> Result<BufferedBytes, Problem>
where
    F: FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
{
    if size < MIN_BLOCKING_BYTES {
        return spool.buffer_written(write).map_err(failed);
    }
    let spool = spool.clone();
    blocking(move || spool.buffer_written(write)).await
}

/// Runs what may wait for the disk.
pub(in crate::http) async fn blocking<F>(buffer: F) -> Result<BufferedBytes, Problem>
where
    F: FnOnce() -> io::Result<BufferedBytes> + Send + 'static,
{
    let held = tokio::task::spawn_blocking(buffer).await;
    held.map_err(Problem::internal)?.map_err(failed)
}

fn failed(error: io::Error) -> Problem {
    SpoolError::from(error).into()
}
