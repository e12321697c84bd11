use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use tokio::runtime::Handle;
use tokio::task::{JoinError, JoinSet};
use tracing::Instrument;

use crate::app::{App, AppError, Received, Upload};
use crate::model::{Failure, FileName, Tenant};
use crate::outbound::FetchError;
use crate::spool::SpoolError;

/// Uploads of small files that run at once: an object store takes many in little more than the time of one.
const MAX_CONCURRENT_UPLOADS: usize = 36;
/// Small files that one which is not in memory counts as.
const LARGE: usize = 4;

type Stored = (usize, usize, Result<Received, AppError>);

/// The files of a batch while its request is read: what has arrived goes to the object store while the next file
/// arrives. Whatever keeps the batch from being made, an intake that is dropped takes back what it has stored.
pub struct BatchIntake {
    app: Arc<App>,
    tenant: Tenant,
    arrived: usize,
    storing: JoinSet<Stored>,
    /// Of [`MAX_CONCURRENT_UPLOADS`].
    taken: usize,
    received: BTreeMap<usize, Received>,
}

impl BatchIntake {
    /// An intake of `tenant` without files.
    #[must_use]
    pub fn new(app: &Arc<App>, tenant: &Tenant) -> Self {
        Self {
            app: Arc::clone(app),
            tenant: tenant.clone(),
            arrived: 0,
            storing: JoinSet::new(),
            taken: 0,
            received: BTreeMap::new(),
        }
    }

    /// Files that have arrived.
    #[must_use]
    pub fn files(&self) -> usize {
        self.arrived
    }

    /// Receives a file as it arrives. One that is too large is refused alone, once it was read to its end.
    ///
    /// # Errors
    /// That of `bytes`, [`AppError::Spool`], or one of storing the files before.
    pub async fn receive<E: From<AppError>>(
        &mut self,
        file_name: FileName,
        bytes: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<(), E> {
        self.make_room().await?;
        let mut bytes = pin!(bytes);
        let (mut incoming, mut size) = (Ok(self.app.spool.receive()), 0);
        while let Some(bytes) = bytes.try_next().await? {
            size += bytes.len() as u64;
            incoming = match incoming {
                Ok(incoming) => incoming.append(bytes).await,
                refused => refused,
            };
            if let Err(error @ SpoolError::Io(_)) = incoming {
                return Err(AppError::Spool(error).into());
            }
        }
        match incoming {
            Ok(incoming) => self.store(Upload {
                file_name,
                file: incoming.finish(),
            }),
            Err(error) => self.refuse(file_name, size, &FetchError::Spool(error)),
        }
        Ok(())
    }

    /// Fetches a file; one that cannot be fetched is refused alone.
    ///
    /// # Errors
    /// [`AppError::Fetch`] when fetching is off or this server's disk fails, [`AppError::Busy`], or one of storing the
    /// files before.
    pub async fn fetch(&mut self, url: &str) -> Result<(), AppError> {
        self.make_room().await?;
        match Box::pin(self.app.fetch(&self.tenant, url)).await {
            Ok(upload) => self.store(upload),
            Err(AppError::Fetch(error))
                if !matches!(error, FetchError::Off | FetchError::Spool(SpoolError::Io(_))) =>
            {
                let name = url.split(['?', '#']).next().unwrap_or_default();
                self.refuse(FileName::clean(name), 0, &error);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Takes a file that is here already.
    ///
    /// # Errors
    /// One of storing the files before.
    pub async fn take(&mut self, upload: Upload) -> Result<(), AppError> {
        self.make_room().await?;
        self.store(upload);
        Ok(())
    }

    /// Notes a file that was refused for the reason that is given.
    pub fn refused(&mut self, file_name: FileName, failure: Failure) {
        self.refused_at(file_name, 0, failure);
    }

    /// All files in the order in which they arrived, once they are stored.
    ///
    /// # Errors
    /// One of storing them.
    pub async fn finish(mut self) -> Result<Vec<Received>, AppError> {
        while !self.storing.is_empty() {
            self.settle_next().await?;
        }
        Ok(std::mem::take(&mut self.received).into_values().collect())
    }

    /// Waits until another file can be stored, before it is read: no more of them are spooled than are stored at once.
    async fn make_room(&mut self) -> Result<(), AppError> {
        while self.taken > MAX_CONCURRENT_UPLOADS - LARGE {
            self.settle_next().await?;
        }
        Ok(())
    }

    /// Begins to store a file that has arrived.
    fn store(&mut self, upload: Upload) {
        let (app, position) = (Arc::clone(&self.app), self.next_position());
        let weight = if upload.file.in_memory().is_some() {
            1
        } else {
            LARGE
        };
        self.taken += weight;
        let store = async move { (position, weight, app.store_original(upload).await) };
        self.storing.spawn(store.in_current_span());
    }

    /// Notes a file of `size` bytes that was refused while it arrived.
    fn refuse(&mut self, file_name: FileName, size: u64, error: &FetchError) {
        let failure = Failure::new(error.code(), error.to_string());
        self.refused_at(file_name, size, failure);
    }

    fn refused_at(&mut self, file_name: FileName, file_size: u64, failure: Failure) {
        let refused = Received {
            id: self.app.new_id(),
            file_name,
            file_size,
            sha256: String::new(),
            mime_type: String::new(),
            original: Err(failure),
        };
        let position = self.next_position();
        self.received.insert(position, refused);
    }

    fn next_position(&mut self) -> usize {
        self.arrived += 1;
        self.arrived
    }

    async fn settle_next(&mut self) -> Result<(), AppError> {
        match self.storing.join_next().await {
            Some(stored) => self.settle(stored),
            None => Ok(()),
        }
    }

    fn settle(&mut self, stored: Result<Stored, JoinError>) -> Result<(), AppError> {
        let (position, weight, received) = stored.map_err(|_| AppError::Interrupted)?;
        self.taken -= weight;
        self.received.insert(position, received?);
        Ok(())
    }
}

impl Drop for BatchIntake {
    fn drop(&mut self) {
        let (mut storing, received) = (
            std::mem::take(&mut self.storing),
            std::mem::take(&mut self.received),
        );
        if storing.is_empty() && received.is_empty() {
            return;
        }
        // Without a runtime the process is ending; what is left then is swept later.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let app = Arc::clone(&self.app);
        let take_back = async move {
            let mut received: Vec<Received> = received.into_values().collect();
            // Awaited, not aborted: an aborted one might have stored its file just before.
            while let Some(stored) = storing.join_next().await {
                received.extend(stored.ok().and_then(|(_, _, received)| received.ok()));
            }
            app.discard(&received).await;
        };
        runtime.spawn(take_back.in_current_span());
    }
}
