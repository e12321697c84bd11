use std::sync::Arc;

use super::keys::KeyCache;
use super::{Admission, App, Backlog, EventBus, HealthChecks, IdempotencyLocks, PictureCache, Renditions};
use crate::billing::Prices;
use crate::engine::Engine;
use crate::model::{Clock, Id, Ids, Timestamp};
use crate::objects::Objects;
use crate::outbound::Fetcher;
use crate::spool::Spool;
use crate::store::{FileLimits, Store};

/// Everything that the use cases are given.
pub struct AppParts {
    /// Documents and usage records.
    pub store: Store,
    /// Uploads while they are worked on.
    pub spool: Spool,
    /// Originals, in a folder or a bucket.
    pub objects: Objects,
    /// Converts documents.
    pub engine: Arc<dyn Engine>,
    /// Fetches documents that clients name by their address; `None` where it is not allowed.
    pub fetcher: Option<Fetcher>,
    /// Turns of conversions.
    pub admission: Admission,
    /// Turns of documents that are fetched from an address.
    pub fetching: Admission,
    /// Room in the queue.
    pub backlog: Backlog,
    /// Maximum number of announced uploads per tenant that are not complete.
    pub max_announced: u64,
    /// Limits of the files that a tenant keeps.
    pub file_limits: FileLimits,
    /// Prices of conversions.
    pub prices: Prices,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Ids,
}

impl App {
    /// The use cases over `parts`.
    #[must_use]
    pub fn new(parts: AppParts) -> Self {
        Self {
            store: parts.store,
            spool: parts.spool,
            objects: parts.objects,
            engine: parts.engine,
            fetcher: parts.fetcher,
            renditions: Renditions::default(),
            pictures: PictureCache::default(),
            admission: parts.admission,
            fetching: parts.fetching,
            backlog: parts.backlog,
            max_announced: parts.max_announced,
            file_limits: parts.file_limits,
            prices: parts.prices,
            events: EventBus::default(),
            idempotency: IdempotencyLocks::default(),
            keys: KeyCache::default(),
            health: HealthChecks::default(),
            clock: parts.clock,
            ids: parts.ids,
        }
    }

    /// Documents and usage records.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Uploads while they are worked on.
    #[must_use]
    pub fn spool(&self) -> &Spool {
        &self.spool
    }

    /// Originals, in a folder or a bucket.
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    /// The engine that converts documents.
    #[must_use]
    pub fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    /// Renditions that are being sent to clients.
    #[must_use]
    pub fn renditions(&self) -> &Renditions {
        &self.renditions
    }

    /// The turns of conversions.
    #[must_use]
    pub fn admission(&self) -> &Admission {
        &self.admission
    }

    /// The turns of documents that are fetched from an address.
    #[must_use]
    pub fn fetching(&self) -> &Admission {
        &self.fetching
    }

    /// The room in the queue.
    #[must_use]
    pub fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// Prices of conversions.
    #[must_use]
    pub fn prices(&self) -> &Prices {
        &self.prices
    }

    /// News among the parts of this process.
    #[must_use]
    pub fn events(&self) -> &EventBus {
        &self.events
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An id that nothing has.
    #[must_use]
    pub fn new_id(&self) -> Id {
        self.ids.next(self.clock.now())
    }
}
