//! What the queue does: converts documents, and keeps house (retention, deletions, sweeping).

mod convert_document;
mod document;
mod house;
mod news;
mod outcome;
mod provider_batches;
mod retention;
mod settle;
mod space;
mod sweep;
mod upload_log;

pub use convert_document::{DocumentJobs, JobSettings};
pub use house::{House, HouseSettings};
pub use news::hear_of_jobs;
pub use provider_batches::{ProviderBatches, ProviderSettings};
pub use retention::RetentionAction;
pub use upload_log::StoredUploadLog;
