//! What the server is about, without any input or output: documents, usage records, tenants, ids, time.

mod clock;
mod document;
mod file_name;
mod id;
mod money;
mod secret;
mod tenant;
mod usage;

pub use clock::{Clock, SystemClock, Timestamp};
pub use document::{Document, DocumentContent, DocumentMetadata, PageInfo, RetentionDays, Status};
pub use file_name::FileName;
pub use id::{Id, IdError, Ids};
pub use money::MicroCents;
pub use secret::Secret;
pub use tenant::{ApiKeys, Tenant};
pub use usage::{Operation, UsageRecord};
