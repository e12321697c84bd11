//! Use cases: what the server does for its clients, without HTTP.

mod batches;
mod buffer;
mod conversion;
mod documents;
mod error;
mod events;
mod files;
mod idempotency;
mod keys;
mod nodes;
mod parts;
mod runtime;
mod usage;

use std::sync::Arc;

use crate::billing::Prices;
use crate::engine::Engine;
use crate::model::{Clock, Ids};
use crate::objects::Objects;
use crate::outbound::Fetcher;
use crate::spool::Spool;
use crate::store::{FileLimits, Store};

pub use batches::{BatchIntake, BatchResponseText, SubmitBatch};
pub use conversion::{
    ConvertNow, ConvertedNow, Estimate, EstimatedPage, OutputFile, OutputRequest, RenderedDocument, ToRender,
    content, log_converted, log_not_converted, markdown_text, metadata, output_documentation,
    write_model_answer, write_named_lines,
};
pub use documents::{
    AnnounceUpload, AnnouncedUpload, BuiltRendition, DocumentSummary, PictureCache, PictureOf, QueueKey,
    QueuedWork, Received, Rendition, RenditionWork, Renditions, Submit, Upload,
};
pub use error::AppError;
pub use events::{
    AttemptCounters, ChangeNotifier, ChangeSubscription, EventBus, RunningConversion, RunningConversions,
};
pub use files::StoreFile;
pub use idempotency::{IdempotencyLocks, IdempotentRequest, StoredResponse};
pub use keys::{CallerError, CreateKey, KeyAdmin, KeyError, MadeKey, RotateKey};
pub use nodes::NODE_HEARTBEAT;
pub use parts::AppParts;
pub use runtime::{
    Admission, Backlog, Busy, DatabaseHealth, HealthChecks, Limit, NodeTask, NotReady, Reservation, Slot,
};
pub use usage::UsageInput;

pub use crate::spool::{BufferedBytes, SpoolError, Spooled};

/// Everything the use cases work with.
pub struct App {
    /// Documents and usage records.
    store: Store,
    /// Temporary storage of uploads in progress.
    spool: Spool,
    /// Object store of originals and pictures.
    objects: Objects,
    /// Engine that converts documents.
    engine: Arc<dyn Engine>,
    /// Client that fetches documents from addresses; `None` where that is not allowed.
    fetcher: Option<Fetcher>,
    /// Renditions that are being sent to clients.
    renditions: Renditions,
    /// Pictures of pages that were drawn lately.
    pictures: PictureCache,
    /// Admission of conversions: limits of those that run and wait.
    admission: Admission,
    /// Slots for documents that are fetched from an address.
    fetching: Admission,
    /// Limit of waiting jobs.
    backlog: Backlog,
    /// Maximum number of announced uploads per tenant that are not complete.
    max_announced: u64,
    /// Limits of the files that a tenant keeps.
    file_limits: FileLimits,
    /// Prices of conversions.
    prices: Prices,
    /// Events within this process.
    events: EventBus,
    /// Requests that have a name.
    idempotency: IdempotencyLocks,
    /// Keys that were looked up.
    keys: keys::KeyCache,
    /// Cached health checks of the database, the object store and the spool.
    health: HealthChecks,
    /// The time.
    clock: Arc<dyn Clock>,
    /// New ids.
    ids: Ids,
}
