use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::{JoinError, JoinSet};
use tracing::Instrument;

use crate::app::{App, AppError, Received};
use crate::http::respond::problem::Problem;
use crate::model::FileName;
use crate::spool::Spooled;

/// Uploads of small files that run at once: an object store takes many in little more than the time of one.
const MAX_CONCURRENT_UPLOADS: usize = 36;
/// Small files that one which is not in memory counts as.
const LARGE: usize = 4;

type Stored = (usize, usize, Result<Received, AppError>);

/// The files of a batch while its request is read: what has arrived goes to the object store while the next file
/// arrives. Whatever keeps the batch from being made, an intake that is dropped takes back what it has stored.
pub(super) struct Intake {
    app: Arc<App>,
    arrived: usize,
    storing: JoinSet<Stored>,
    /// Of [`MAX_CONCURRENT_UPLOADS`].
    taken: usize,
    received: BTreeMap<usize, Received>,
}

impl Intake {
    pub(super) fn new(app: &Arc<App>) -> Self {
        Self {
            app: Arc::clone(app),
            arrived: 0,
            storing: JoinSet::new(),
            taken: 0,
            received: BTreeMap::new(),
        }
    }

    /// Files that have arrived.
    pub(super) fn len(&self) -> usize {
        self.arrived
    }

    /// Refuses another file once there are `most`.
    pub(super) fn count(&self, most: usize) -> Result<(), Problem> {
        if self.arrived < most {
            return Ok(());
        }
        Err(Problem::invalid(
            "files",
            format_args!("may be sent at most {most} times"),
        ))
    }

    /// Waits until another file can be stored: asked before it is read, so that no more of them are spooled than
    /// are stored at once.
    pub(super) async fn make_room(&mut self) -> Result<(), Problem> {
        while self.taken > MAX_CONCURRENT_UPLOADS - LARGE {
            self.settle_next().await?;
        }
        Ok(())
    }

    /// Begins to store a file that has arrived.
    pub(super) fn store(&mut self, file: Spooled, name: FileName) {
        let (app, position) = (Arc::clone(&self.app), self.next_position());
        let weight = if file.in_memory().is_some() { 1 } else { LARGE };
        self.taken += weight;
        let store = async move { (position, weight, app.receive(file, name).await) };
        self.storing.spawn(store.in_current_span());
    }

    /// Notes a file that was refused while it arrived.
    pub(super) fn refuse(&mut self, refused: Received) {
        let position = self.next_position();
        self.received.insert(position, refused);
    }

    /// All files in the order in which they arrived, once they are stored.
    pub(super) async fn finish(mut self) -> Result<Vec<Received>, Problem> {
        while !self.storing.is_empty() {
            self.settle_next().await?;
        }
        Ok(std::mem::take(&mut self.received).into_values().collect())
    }

    fn next_position(&mut self) -> usize {
        self.arrived += 1;
        self.arrived
    }

    async fn settle_next(&mut self) -> Result<(), Problem> {
        match self.storing.join_next().await {
            Some(stored) => self.settle(stored),
            None => Ok(()),
        }
    }

    fn settle(&mut self, stored: Result<Stored, JoinError>) -> Result<(), Problem> {
        let (position, weight, received) = stored.map_err(Problem::internal)?;
        self.taken -= weight;
        self.received.insert(position, received?);
        Ok(())
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        let (mut storing, received) = (
            std::mem::take(&mut self.storing),
            std::mem::take(&mut self.received),
        );
        if storing.is_empty() && received.is_empty() {
            return;
        }
        // Without a runtime the process is ending; what is left then is swept later.
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let app = Arc::clone(&self.app);
        let take_back = async move {
            let mut received: Vec<Received> = received.into_values().collect();
            // Awaited, not aborted: an aborted one might have stored its file just before.
            while let Some(stored) = storing.join_next().await {
                received.extend(stored.ok().and_then(|(_, _, received)| received.ok()));
            }
            app.discard(&received).await;
        };
        runtime.spawn(take_back.in_current_span());
    }
}
