//! Use cases: what the server does for its clients, without HTTP.

mod admission;
mod backlog;
mod batches;
mod cached_check;
mod cancel;
mod catch_up;
mod conversion_log;
mod convert_now;
mod error;
mod estimate;
mod fair_scheduler;
mod fetch;
mod idempotency;
mod image;
mod keeping;
mod markdown_text;
mod measured_wait;
mod metadata_fields;
mod meter;
mod original;
mod output;
mod read_document;
mod readiness;
mod receive;
mod remove;
mod render;
mod renditions;
mod result;
mod signals;
mod submit;
mod submit_batch;
mod tally;
mod unmet;
mod uploads;
mod usage;
mod wait;

use std::sync::Arc;

use crate::billing::Prices;
use crate::engine::Engine;
use crate::fetch::Fetcher;
use crate::model::{Clock, Ids};
use crate::objects::Objects;
use crate::spool::Spool;
use crate::store::Store;

pub use admission::{Admission, Busy, Slot};
pub use backlog::{Backlog, Reservation};
pub use conversion_log::{log_converted, log_not_converted};
pub use convert_now::{ConvertNow, ConvertedNow, Output};
pub use error::AppError;
pub use estimate::{Estimate, EstimatedPage};
pub use fair_scheduler::Limit;
pub use idempotency::{Answered, NamedRequests, RequestName};
pub use markdown_text::markdown_text;
pub use meter::Metered;
pub use output::{MetadataView, OutputFormat, PageView};
pub use readiness::{DatabaseHealth, HealthChecks, NotReady, Serves};
pub use receive::Received;
pub use renditions::{Made, Making, Rendition, Renditions};
pub use result::{content, metadata};
pub use signals::{Changes, Running, RunningDocument, Signals, Watch};
pub use submit::Submit;
pub use submit_batch::{SubmitBatch, Words};
pub use tally::Tally;
pub use uploads::{AnnounceUpload, AnnouncedUpload};

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
