use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::app::{App, NODE_HEARTBEAT};
use crate::store::Node;

/// Notes now and then in the database that this node is there, until the handle is aborted.
#[must_use]
pub fn keep_node_noted(app: Arc<App>, node: Node) -> JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            if let Err(error) = app.note_node(node.clone()).await {
                // The database's own faults are told by what needs it.
                tracing::debug!(%error, "the heartbeat of this node was not stored");
            }
            tokio::time::sleep(NODE_HEARTBEAT).await;
        }
    })
}
