//! HTTP: one file an operation, errors as one problem body, OpenAPI generated from the routes.

mod address;
mod answered;
mod auth;
mod batches;
mod codes;
mod connections;
mod content_disposition;
mod convert;
mod documents;
mod error_reference;
mod faults;
mod file_part;
mod form;
mod health;
mod idempotency;
mod landing;
mod objects;
mod openapi;
mod problem;
mod query;
mod requests;
mod router;
mod usage;

use std::sync::Arc;

use crate::app::App;
use crate::model::ApiKeys;

pub use codes::Code;
pub use connections::serve;
pub use content_disposition::{attachment_header, attachment_name, inline_header};
pub use error_reference::documentation as error_documentation;
pub use openapi::document as openapi_document;
pub use problem::Problem;
pub use router::{PROTECTED_PATHS, router, worker_router};

/// What every handler has at hand.
#[derive(Clone)]
pub struct HttpState {
    /// The use cases.
    pub app: Arc<App>,
    /// Accepted API keys.
    pub api_keys: Arc<ApiKeys>,
}
