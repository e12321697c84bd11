use std::time::Duration;

use crate::app::{App, AppError};
use crate::store::{Node, SeenNode};

/// Time between two heartbeats of a node.
pub const NODE_HEARTBEAT: Duration = Duration::from_secs(20);
/// Heartbeats that may be missing before a node counts as gone.
const MISSING_HEARTBEATS: u32 = 3;

impl App {
    /// Notes that a node is there.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn note_node(&self, node: Node) -> Result<(), AppError> {
        Ok(self.store.note_node(node).await?)
    }

    /// The nodes that are there.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn nodes(&self) -> Result<Vec<SeenNode>, AppError> {
        Ok(self.store.nodes(MISSING_HEARTBEATS * NODE_HEARTBEAT).await?)
    }
}
