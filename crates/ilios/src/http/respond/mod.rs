//! Answers on their way out: errors as one problem body, results that wait outside of memory until clients take them.

pub(super) mod codes;
pub(super) mod content_disposition;
pub(super) mod csv;
pub(super) mod document_view;
mod error_map;
pub(super) mod error_reference;
mod metadata_fields;
pub(super) mod outgoing;
pub(super) mod paced;
pub(super) mod problem;
pub(super) mod progress_fields;
pub(super) mod stored_response;
