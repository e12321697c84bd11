use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::model::{Id, Timestamp};
use crate::spool::BufferedBytes;

/// Pictures that are kept, at most.
const MAX_PICTURES: usize = 256;
/// Bytes of the pictures that are kept, at most.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Time for which a picture is kept.
const LIFETIME: Duration = Duration::from_secs(600);

/// Pictures of pages that were drawn lately, on this node: a reader goes back and forth. They are bytes of the spool, so
/// that no other place holds what a document shows once it is deleted.
#[derive(Debug, Default)]
pub struct PictureCache {
    /// The newest one last.
    kept: Mutex<VecDeque<Kept>>,
}

#[derive(Debug)]
struct Kept {
    document: Id,
    key: String,
    drawn: Timestamp,
    png: BufferedBytes,
}

impl PictureCache {
    /// Returns the picture of a document that has this key.
    #[must_use]
    pub fn get(&self, document: &Id, key: &str, now: Timestamp) -> Option<BufferedBytes> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|picture| now.since(picture.drawn) < LIFETIME);
        let found = kept
            .iter()
            .find(|picture| picture.document == *document && picture.key == key);
        found.map(|picture| picture.png.clone())
    }

    /// Keeps a picture, and lets the oldest ones go that there is no room for.
    pub fn put(&self, document: &Id, key: String, now: Timestamp, png: BufferedBytes) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(Kept {
            document: document.clone(),
            key,
            drawn: now,
            png,
        });
        let mut bytes: u64 = kept.iter().map(|picture| picture.png.size()).sum();
        while kept.len() > MAX_PICTURES || bytes > MAX_BYTES {
            let Some(oldest) = kept.pop_front() else { break };
            bytes -= oldest.png.size();
        }
    }

    /// Lets the pictures of a document go.
    pub fn forget(&self, document: &Id) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|picture| picture.document != *document);
    }
}
