use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Semaphore;

use crate::app::AppError;
use crate::model::Document;
use crate::spool::BufferedBytes;

/// Contents that are read from the database at once: each is whole in memory until it is written to the spool.
const MAX_CONCURRENT_READS: usize = 4;
/// Batches that are packed at once.
const MAX_CONCURRENT_ARCHIVES: usize = 4;
/// Outputs that are written at once, beside the limit of conversions.
const MAX_CONCURRENT_OUTPUTS: usize = 64;
/// Pictures that are fetched at once.
const MAX_CONCURRENT_IMAGE_FETCHES: usize = 16;
/// Bytes from which one rendition serves all who ask for it.
const MIN_SHARED_BYTES: u64 = 32 * 1024;
/// Renditions that are known before those that are gone are forgotten.
const MAX_CACHED_RENDITIONS: usize = 64;

/// Renditions that are being sent to clients. One of more than `MIN_SHARED_BYTES` bytes is made once for all requests that
/// are answered with it at the same time, however long they take, and is dropped with the last of them.
pub struct Renditions {
    known: Mutex<HashMap<String, Weak<Place>>>,
    reading: Semaphore,
    packing: Semaphore,
    fetching: Semaphore,
    writing: Semaphore,
}

type Place = tokio::sync::Mutex<Option<BuiltRendition>>;

/// Bytes that were made of something stored.
#[derive(Debug, Clone)]
pub struct BuiltRendition {
    /// The document, where it is one.
    pub document: Option<Document>,
    /// The bytes.
    pub held: BufferedBytes,
    /// Options of the request that only another conversion would follow, where the bytes do not say so.
    pub unfollowed: Vec<&'static str>,
}

/// A rendition that is being sent.
#[derive(Debug, Clone)]
pub struct Rendition {
    /// The bytes, and their document where they have one.
    pub made: BuiltRendition,
    /// True if it was made for an earlier request, so that what it was made from may have been deleted since.
    pub is_shared: bool,
    /// Keeps it for others.
    _place: Arc<Place>,
}

/// Work that making a rendition takes; each kind has its own concurrency limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenditionWork {
    /// Reading one content.
    Reading,
    /// Reading many, one after the other.
    Packing,
    /// Fetching an object, which may be far away.
    Fetching,
    /// Writing a content in another format, which takes a conversion's place.
    Writing,
}

impl Default for Renditions {
    fn default() -> Self {
        Self {
            known: Mutex::default(),
            reading: Semaphore::new(MAX_CONCURRENT_READS),
            packing: Semaphore::new(MAX_CONCURRENT_ARCHIVES),
            fetching: Semaphore::new(MAX_CONCURRENT_IMAGE_FETCHES),
            writing: Semaphore::new(MAX_CONCURRENT_OUTPUTS),
        }
    }
}

impl Renditions {
    /// The rendition that `key` names: one that is being sent, or what `make` makes, when it is its turn.
    ///
    /// # Errors
    /// The error that `make` returns.
    pub async fn get<E: From<AppError>>(
        &self,
        key: String,
        making: RenditionWork,
        make: impl Future<Output = Result<BuiltRendition, E>>,
    ) -> Result<Rendition, E> {
        let place = self.place(key);
        let mut known = place.lock().await;
        if let Some(made) = known.clone() {
            drop(known);
            return Ok(Rendition {
                made,
                is_shared: true,
                _place: place,
            });
        }
        let turns = match making {
            RenditionWork::Reading => &self.reading,
            RenditionWork::Packing => &self.packing,
            RenditionWork::Fetching => &self.fetching,
            RenditionWork::Writing => &self.writing,
        };
        let turn = turns.acquire().await.map_err(|_| AppError::Interrupted)?;
        let made = make.await?;
        drop(turn);
        if made.held.size() > MIN_SHARED_BYTES {
            *known = Some(made.clone());
        }
        drop(known);
        Ok(Rendition {
            made,
            is_shared: false,
            _place: place,
        })
    }

    fn place(&self, key: String) -> Arc<Place> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = known.get(&key).and_then(Weak::upgrade) {
            return place;
        }
        if known.len() >= MAX_CACHED_RENDITIONS {
            known.retain(|_, place| place.strong_count() > 0);
        }
        let place = Arc::default();
        known.insert(key, Arc::downgrade(&place));
        place
    }
}
