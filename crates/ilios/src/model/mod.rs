//! Domain types, without any input or output: documents, usage records, tenants, ids, time.

mod batch;
mod careful_clock;
mod clock;
mod conversion_options;
mod document;
mod file_name;
mod flag;
mod id;
mod job;
mod money;
mod portable_name;
mod printable;
mod provider_batch;
mod secret;
mod service_use;
mod tenant;
mod usage;

pub use batch::{Batch, Progress};
pub use careful_clock::CarefulClock;
pub use clock::{Clock, SystemClock, Timestamp};
pub use conversion_options::{ConversionOptions, EngineChoice};
pub use document::{
    Document, DocumentContent, DocumentImage, DocumentMetadata, Failure, PageInfo, RetentionDays, Status,
};
pub use file_name::FileName;
pub use flag::parse_flag;
pub use id::{Id, IdError, Ids};
pub use job::{ClaimedJob, Lease, Priority, RetryPolicy};
pub use money::{MicroCents, parse_cents, parse_dollars};
pub use portable_name::{folded, portable_name, without_device};
pub use printable::{is_hidden, printable};
pub use provider_batch::{ProviderBatch, ProviderBatchLease, ProviderProgress};
pub use secret::Secret;
pub use service_use::ServiceUse;
pub use tenant::{ApiKeys, Tenant};
pub use usage::{Operation, UsageRecord};
