use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Progress of a conversion. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Notes that `pages` are going to be converted, and none is yet.
    pub fn begin(&self, pages: u32) {
        self.0.store(u64::from(pages) << 32, Ordering::Relaxed);
    }

    /// Notes that one more page is done.
    pub fn page(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns true if both belong to the same conversion.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Pages done, and pages in all; `None` before a document with pages was begun.
    #[must_use]
    pub fn pages(&self) -> Option<(u32, u32)> {
        let both = self.0.load(Ordering::Relaxed);
        let all = u32::try_from(both >> 32).unwrap_or(u32::MAX);
        let done = u32::try_from(both & u64::from(u32::MAX)).unwrap_or(u32::MAX);
        (all > 0).then_some((done.min(all), all))
    }
}
