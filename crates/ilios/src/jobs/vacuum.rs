use crate::app::App;
use crate::store::StoreError;

/// Bytes that one step gives back: some ten milliseconds in which writes wait.
const STEP_BYTES: u64 = 2 << 20;
/// Steps of one round.
const MAX_STEPS: usize = 512;

/// Gives the space of deleted rows back to the disk, where the database does not do so by itself: in short steps, while
/// no conversion runs.
pub(super) async fn vacuum_when_idle(app: &App) -> Result<(), StoreError> {
    let mut freed = 0;
    for _ in 0..MAX_STEPS {
        if !is_idle(app).await? {
            break;
        }
        match app.store().incremental_vacuum(STEP_BYTES).await? {
            0 => break,
            bytes => freed += bytes,
        }
    }
    if freed > 0 {
        app.store().truncate_wal().await?;
        tracing::info!(bytes = freed, "gave space of the database back to the disk");
    }
    Ok(())
}

/// Returns true if no conversion runs or waits, in the queue or in a request.
async fn is_idle(app: &App) -> Result<bool, StoreError> {
    let queue = app.store().queue_state(1).await?;
    Ok(queue.pending == 0 && queue.processing == 0 && app.admission().state() == (0, 0))
}
