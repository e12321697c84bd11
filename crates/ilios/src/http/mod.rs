//! HTTP: one file an operation, errors as one problem body, OpenAPI generated from the routes.

mod auth;
mod content_disposition;
mod convert;
mod document;
mod form;
mod health;
mod landing;
mod openapi;
mod problem;
mod requests;
mod router;
mod status;

use std::sync::Arc;

use crate::app::App;
use crate::model::ApiKeys;

pub use content_disposition::{attachment_name, inline_header};
pub use openapi::document as openapi_document;
pub use problem::{Code, Problem, documentation as error_documentation};
pub use router::{PROTECTED_PATHS, router};

/// What every handler has at hand.
#[derive(Clone)]
pub struct HttpState {
    /// The use cases.
    pub app: Arc<App>,
    /// Accepted API keys.
    pub api_keys: Arc<ApiKeys>,
}
