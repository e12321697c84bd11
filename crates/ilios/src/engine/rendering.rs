use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::spool::{Spool, Spooled};

/// Output that Markdown is rendered to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rendering {
    /// Markdown without links to scripts.
    Harmless,
    /// Plain text.
    Text,
    /// A page of HTML.
    Html {
        /// Its title.
        title: String,
    },
}

/// Markdown to be rendered.
#[derive(Debug)]
pub struct RenderRequest {
    /// The Markdown.
    pub markdown: Arc<Spooled>,
    /// Output to render it to.
    pub rendering: Rendering,
    /// Spool that the result is written to.
    pub spool: Spool,
}
