//! Jobs of the queue: they convert documents, and run the periodic maintenance (retention, deletions, sweeping).

mod convert_document;
mod document;
mod job_notifications;
mod maintenance;
mod node_heartbeat;
mod outcome;
mod provider_batches;
mod retention;
mod settle;
mod sweep;
mod upload_log;
mod vacuum;

pub use convert_document::{DocumentJobs, JobSettings};
pub use job_notifications::listen_for_jobs;
pub use maintenance::{Maintenance, MaintenanceSettings};
pub use node_heartbeat::keep_node_noted;
pub use provider_batches::{ProviderBatches, ProviderSettings};
pub use retention::RetentionAction;
pub use upload_log::StoredUploadLog;
