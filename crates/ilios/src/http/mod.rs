//! HTTP: one file an operation, errors as one problem body, OpenAPI generated from the routes.

mod api;
mod compat;
mod extract;
mod openapi;
mod ops;
mod respond;
mod router;
mod server;
mod surfaces;

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::model::ApiKeys;

pub use compat::{DocumentTools, McpServer, McpTools, OpenFile, ToolAnswer, ToolFault, tool_names};
pub use extract::required_scope::{COMPAT_PATHS, PROTECTED_PATHS};
pub use respond::codes::Code;
pub use respond::content_disposition::{attachment_header, attachment_name, inline_header};
pub use respond::document_view::MetadataView;
pub use respond::error_reference::documentation as error_documentation;
pub use respond::problem::Problem;
pub use router::{openapi_document, router, worker_router};
pub use server::address::PublicAddress;
pub use server::connections::serve;
pub use server::origins::{AllowedOrigins, Origins};
pub use surfaces::{Surface, Surfaces};

/// State of every handler.
#[derive(Clone)]
pub struct HttpState {
    /// The use cases.
    pub app: Arc<App>,
    /// Accepted API keys.
    pub api_keys: Arc<ApiKeys>,
    /// Checks and limits of all requests.
    pub edge: Arc<Edge>,
}

/// Checks and limits of every request.
#[derive(Debug, Clone)]
pub struct Edge {
    /// The time in which a body must make some progress.
    pub body_timeout: Duration,
    /// The time in which a client must take some of an answer.
    pub answer_timeout: Duration,
    /// The web pages that may use the server.
    pub origins: Origins,
    /// Public address of the server, and the proxies that are trusted to name the client.
    pub public_address: PublicAddress,
    /// Web pages that may use the tools of the Model Context Protocol, beside the server's own: a page that is not named
    /// is refused even where its requests bring a key.
    pub tool_pages: AllowedOrigins,
    /// Interfaces of other products that are served.
    pub surfaces: Surfaces,
}

impl Default for Edge {
    /// Half a minute, a minute, no web page but the server's own, and every interface.
    fn default() -> Self {
        Self {
            body_timeout: Duration::from_secs(30),
            answer_timeout: Duration::from_secs(60),
            origins: Origins {
                allowed: AllowedOrigins::These(Arc::new([])),
                only_these: true,
                hosts: Arc::new([]),
            },
            public_address: PublicAddress::default(),
            tool_pages: AllowedOrigins::These(Arc::new([])),
            surfaces: Surfaces::ALL,
        }
    }
}
