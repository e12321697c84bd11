use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::{Error, GetOptions, GetRange, ObjectStore};

use super::s3::S3;
use super::{Disposition, ObjectKey, ObjectsError, blocking};
use crate::retry::Retry;
use crate::spool::{Incoming, Spool, Spooled};

/// Retries of a read that brings nothing.
const RETRY: Retry = Retry::new(Duration::from_millis(200), Duration::from_secs(2)).times(4);
/// Chunks that are written at once when as many are there.
const MAX_CHUNKS_PER_WRITE: usize = 64;

impl S3 {
    /// Brings an object to the spool. The client tries requests again, and mends breaks for some time after one
    /// began; beyond that, and however long a large object takes, breaks are mended here.
    pub(super) async fn fetch(&self, key: &ObjectKey, spool: &Spool) -> Result<Spooled, ObjectsError> {
        let mut download = Download {
            s3: self,
            key,
            spool,
            incoming: spool.receive(),
            received: 0,
            version: None,
        };
        let mut pauses = RETRY.pauses();
        loop {
            let (size, stream) = download.open().await?;
            let before = download.received;
            let Err(error) = download.receive(size, stream).await else {
                return Ok(download.incoming.finish());
            };
            if download.received > before {
                pauses = RETRY.pauses();
            }
            let may_succeed = error.disposition() == Disposition::Retry;
            let Some(pause) = pauses.next().filter(|_| may_succeed) else {
                return Err(error);
            };
            tracing::info!(%key, received = download.received, %error, "a download broke off; going on");
            tokio::time::sleep(pause).await;
        }
    }
}

type Chunks = BoxStream<'static, Result<Bytes, Error>>;

struct Download<'a> {
    s3: &'a S3,
    key: &'a ObjectKey,
    spool: &'a Spool,
    incoming: Incoming,
    received: u64,
    /// `ETag` of the content that the first bytes are of.
    version: Option<String>,
}

impl Download<'_> {
    /// Bytes of the whole object, and those that are missing.
    async fn open(&mut self) -> Result<(u64, Chunks), ObjectsError> {
        let mut options = GetOptions::default();
        if self.received > 0 {
            options.range = Some(GetRange::Offset(self.received));
            options.if_match = self.version.clone();
        }
        let opened = self.s3.store.get_opts(&self.key.path(), options).await;
        let object = opened.map_err(|error| match error {
            Error::Precondition { .. } => ObjectsError::Unavailable("the object was replaced".into()),
            error => self.s3.fault(&error),
        })?;
        let limit = self.spool.max_bytes();
        if object.meta.size > limit {
            return Err(ObjectsError::TooLarge { limit });
        }
        self.version = object.meta.e_tag.clone();
        Ok((object.meta.size, object.into_stream()))
    }

    /// Receives what is missing of `size` bytes.
    async fn receive(&mut self, size: u64, stream: Chunks) -> Result<(), ObjectsError> {
        let mut ready = stream.ready_chunks(MAX_CHUNKS_PER_WRITE);
        while let Some(chunks) = ready.next().await {
            let mut bytes = Vec::with_capacity(chunks.len());
            let mut broken = None;
            for chunk in chunks {
                match chunk {
                    Ok(chunk) => bytes.push(chunk),
                    Err(error) => broken = Some(error),
                }
            }
            self.write(bytes).await?;
            if let Some(error) = broken {
                return Err(self.s3.fault(&error));
            }
        }
        if self.received == size {
            Ok(())
        } else {
            Err(ObjectsError::Unavailable("the download ended early".into()))
        }
    }

    async fn write(&mut self, chunks: Vec<Bytes>) -> Result<(), ObjectsError> {
        let length: usize = chunks.iter().map(Bytes::len).sum();
        if self.incoming.blocks_at(length) {
            let mut incoming = std::mem::replace(&mut self.incoming, self.spool.receive());
            self.incoming = blocking(move || {
                chunks.iter().try_for_each(|chunk| incoming.write(chunk))?;
                Ok(incoming)
            })
            .await?;
        } else {
            chunks.iter().try_for_each(|chunk| self.incoming.write(chunk))?;
        }
        self.received += length as u64;
        Ok(())
    }
}
