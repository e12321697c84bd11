//! Use cases: what the server does for its clients, without HTTP.

mod batches;
mod conversion;
mod documents;
mod error;
mod events;
mod idempotency;
mod runtime;
mod usage;

use std::sync::Arc;

use crate::billing::Prices;
use crate::engine::Engine;
use crate::model::{Clock, Ids};
use crate::objects::Objects;
use crate::outbound::Fetcher;
use crate::spool::Spool;
use crate::store::Store;

pub use batches::{SubmitBatch, Words};
pub use conversion::{
    ConvertNow, ConvertedNow, Estimate, EstimatedPage, MetadataView, Output, OutputFormat, PageView, content,
    log_converted, log_not_converted, markdown_text, metadata,
};
pub use documents::{AnnounceUpload, AnnouncedUpload, Made, Making, Received, Rendition, Renditions, Submit};
pub use error::AppError;
pub use events::{Changes, Running, RunningDocument, Signals, Tally, Watch};
pub use idempotency::{Answered, NamedRequests, RequestName};
pub use runtime::{
    Admission, Backlog, Busy, DatabaseHealth, HealthChecks, Limit, NotReady, Reservation, Serves, Slot,
};
pub use usage::Metered;

/// Everything the use cases work with.
pub struct App {
    /// Documents and usage records.
    pub store: Store,
    /// Where uploads are kept while they are worked on.
    pub spool: Spool,
    /// Where originals are kept.
    pub objects: Objects,
    /// What converts documents.
    pub engine: Arc<dyn Engine>,
    /// What fetches documents that clients name by their address; nothing does where it is not allowed.
    pub fetcher: Option<Fetcher>,
    /// Renditions that are being sent to clients.
    pub renditions: Renditions,
    /// How many conversions run at once.
    pub admission: Admission,
    /// Slots for documents that are fetched from an address.
    pub fetching: Admission,
    /// How many jobs may wait.
    pub backlog: Backlog,
    /// Maximum number of announced uploads per tenant that are not complete.
    pub max_announced: u64,
    /// What conversions cost.
    pub prices: Prices,
    /// What the parts of this process tell each other.
    pub signals: Signals,
    /// Requests that have a name.
    pub named: NamedRequests,
    /// Cached health checks of the database, the object store and the spool.
    pub health: HealthChecks,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Ids,
}
