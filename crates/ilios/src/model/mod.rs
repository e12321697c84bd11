//! Domain types, without any input or output: documents, usage records, tenants, ids, time.

mod api_key;
mod audit;
mod batch;
mod careful_clock;
mod clock;
mod conversion_options;
mod document;
mod document_model;
mod environment_keys;
mod file_name;
mod flag;
mod id;
mod job;
mod key_text;
mod money;
mod ocr_job;
mod portable_name;
mod printable;
mod provider_batch;
mod scope;
mod secret;
mod service_use;
mod tenant;
mod tenant_file;
mod usage;

pub use api_key::{ApiKey, Caller, DEFAULT_GRACE, KeyKind, KeyState, MAX_GRACE, TenantEntry};
pub use audit::{Action, Actor, AuditEntry, NewAudit};
pub use batch::{Batch, Progress};
pub use careful_clock::CarefulClock;
pub use clock::{Clock, SystemClock, Timestamp};
pub use conversion_options::{ConversionOptions, EngineChoice, image_folder};
pub use document::{
    Document, DocumentContent, DocumentImage, DocumentMetadata, Failure, PageInfo, Reconversion,
    RetentionDays, Status,
};
pub use document_model::DocumentModel;
pub use environment_keys::ApiKeys;
pub use file_name::FileName;
pub use flag::parse_flag;
pub use id::{Id, IdError, Ids};
pub use job::{ClaimedJob, Lease, Priority, RetryPolicy};
pub use key_text::{is_key_text, new_key};
pub use money::{MicroCents, parse_cents, parse_dollars};
pub use ocr_job::{OcrJob, OcrJobWithBatch, StopReason};
pub use portable_name::{folded, portable_name, without_device};
pub use printable::{is_hidden, printable};
pub use provider_batch::{ProviderBatch, ProviderBatchLease, ProviderProgress};
pub use scope::{Scope, Scopes, ScopesError};
pub use secret::Secret;
pub use service_use::ServiceUse;
pub use tenant::Tenant;
pub use tenant_file::TenantFile;
pub use usage::{Operation, UsageRecord};
