//! The Model Context Protocol: tools by which language models convert documents and read them, over HTTP, and by
//! `ilios mcp` over standard input and output.
//!
//! ```text
//!   POST /mcp ──> endpoint ──> McpServer ──> DocumentTools ──> use cases
//!   ilios mcp ───────────────> (protocol) ─> or the tools of another server
//! ```
//!
//! The protocol itself is the business of a library. There are no sessions: each request is answered by itself, for
//! clients of every revision, so that any node can answer it.

mod answer;
mod arguments;
mod body;
mod catalog;
mod endpoint;
mod errors;
mod notices;
mod pieces;
mod schemas;
mod server;
mod source;
mod tools;

use axum::Router;
use axum::routing::post;

pub use self::answer::{ToolAnswer, ToolFault};
pub use self::catalog::tool_names;
pub(super) use self::endpoint::check_page;
pub(super) use self::errors::ERRORS;
pub use self::server::{McpServer, McpTools};
pub use self::source::OpenFile;
pub use self::tools::DocumentTools;
use crate::http::HttpState;

/// Operations that need a key.
pub(super) fn operations() -> Router<HttpState> {
    Router::new().route("/mcp", post(endpoint::message))
}
