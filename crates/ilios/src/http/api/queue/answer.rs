use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{QueueKey, QueuedWork};

/// Documents that wait and are converted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct QueueAnswer {
    /// Those that wait.
    pending: u64,
    /// Those that are converted now.
    processing: u64,
    /// The same by engine, and by tenant where they are of all.
    groups: Vec<QueueGroupFields>,
}

/// Documents that wait for an engine and are converted by it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct QueueGroupFields {
    /// The tenant by its name, or the first 8 digits of its id; for administrators alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
    /// `local`, `mistral` or `auto`.
    engine: &'static str,
    /// Documents that wait.
    pending: u64,
    /// Documents that are converted now.
    processing: u64,
    /// Seconds since the first of those that wait could have been begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_pending_seconds: Option<u64>,
    /// Seconds since the first of those that are converted could have been begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_processing_seconds: Option<u64>,
}

impl QueueAnswer {
    /// Answer of a queue, with the names of tenants or without.
    pub(super) fn of(queue: BTreeMap<QueueKey, QueuedWork>, with_tenants: bool) -> Self {
        let groups = queue
            .into_iter()
            .map(|((tenant, engine), work)| QueueGroupFields {
                tenant: with_tenants.then_some(tenant),
                engine,
                pending: work.pending,
                processing: work.processing,
                oldest_pending_seconds: work.oldest_pending.map(|age| age.as_secs()),
                oldest_processing_seconds: work.oldest_processing.map(|age| age.as_secs()),
            });
        let groups: Vec<_> = groups.collect();
        Self {
            pending: groups.iter().map(|group| group.pending).sum(),
            processing: groups.iter().map(|group| group.processing).sum(),
            groups,
        }
    }
}
