//! Answers on their way out: errors as one problem body, results that wait outside of memory until clients take them.

pub(super) mod answered;
pub(super) mod codes;
pub(super) mod content_disposition;
pub(super) mod document_view;
pub(super) mod error_reference;
mod faults;
pub(super) mod held;
mod metadata_fields;
pub(super) mod outgoing;
pub(super) mod paced;
pub(super) mod problem;
pub(super) mod progress_fields;
pub(super) mod spooled_body;
