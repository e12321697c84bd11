use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::app::App;

/// Wakes the workers of this node when another one has queued a job; `None` where there is no other.
#[must_use]
pub fn hear_of_jobs(app: &Arc<App>) -> Option<JoinHandle<()>> {
    let mut news = app.store().news()?;
    let app = Arc::clone(app);
    Some(tokio::spawn(async move {
        // Ends with the database.
        while news.changed().await.is_ok() {
            app.signals().queued.notify_waiters();
        }
    }))
}
