use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::{App, AppError};
use crate::model::{EngineChoice, Tenant};
use crate::store::{DocumentCounts, QueueGroup};

/// Waiting jobs that are told apart by tenant and engine: those that are due first.
const MAX_GROUPED_JOBS: u64 = 10_000;
/// Documents that are counted.
const MAX_COUNTED_DOCUMENTS: u64 = 1_000_000;

/// Jobs of a tenant that one engine converts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct QueuedWork {
    /// Jobs that wait.
    pub pending: u64,
    /// Jobs that workers have.
    pub processing: u64,
    /// Time since the first of the waiting ones was due.
    pub oldest_pending: Option<Duration>,
    /// Time since the first of those that workers have was due.
    pub oldest_processing: Option<Duration>,
}

/// Subject of [`QueuedWork`]: a tenant by its name, or its id as the log shows it, and the choice of engine.
pub type QueueKey = (String, &'static str);

/// Documents of a tenant by status.
#[derive(Debug)]
pub struct DocumentSummary {
    /// Their numbers.
    pub counts: DocumentCounts,
    /// Time since the first of those that wait for a worker was due.
    pub oldest_pending: Option<Duration>,
}

impl App {
    /// The queue by tenant and engine: that of `tenant`, or of all.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn queue(&self, tenant: Option<&Tenant>) -> Result<BTreeMap<QueueKey, QueuedWork>, AppError> {
        let groups = self.store.queue_groups(tenant, MAX_GROUPED_JOBS).await?;
        let mut queue = BTreeMap::<QueueKey, QueuedWork>::new();
        for group in groups {
            let engine: EngineChoice = self.engine.choice(&group.options);
            let name = group.name.as_deref().unwrap_or(group.tenant.short());
            let work = queue.entry((name.to_owned(), engine.as_str())).or_default();
            self.add(work, &group);
        }
        Ok(queue)
    }

    fn add(&self, work: &mut QueuedWork, group: &QueueGroup) {
        let (jobs, oldest) = if group.processing {
            (&mut work.processing, &mut work.oldest_processing)
        } else {
            (&mut work.pending, &mut work.oldest_pending)
        };
        *jobs += group.jobs;
        *oldest = (*oldest).max(Some(self.now().since(group.due_since)));
    }

    /// The documents of `tenant` by status.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn document_summary(&self, tenant: &Tenant) -> Result<DocumentSummary, AppError> {
        let counts = self.store.document_counts(tenant, MAX_COUNTED_DOCUMENTS).await?;
        let oldest = self.store.oldest_pending(tenant).await?;
        Ok(DocumentSummary {
            counts,
            oldest_pending: oldest.map(|due| self.now().since(due)),
        })
    }
}
