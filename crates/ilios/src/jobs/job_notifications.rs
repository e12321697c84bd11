use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::app::App;

/// Listens for jobs that other nodes have queued, and wakes the workers of this node; `None` where there are no other
/// nodes.
#[must_use]
pub fn listen_for_jobs(app: &Arc<App>) -> Option<JoinHandle<()>> {
    let mut notifications = app.store().job_notifications()?;
    let app = Arc::clone(app);
    Some(tokio::spawn(async move {
        // Ends with the database.
        while notifications.changed().await.is_ok() {
            app.events().queued.notify_waiters();
        }
    }))
}
