use serde::{Deserialize, Serialize};

use crate::http::compat::mistral::request::Wanted;

/// Request of a job, as it is kept: what its document is given out as.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Line {
    /// Document of the request.
    pub(super) document: String,
    /// Name that the client gives the request.
    pub(super) custom_id: Option<String>,
    /// Pages and parts that are wanted.
    pub(super) wanted: Wanted,
}
