//! What has to hold of a shared database when connections to it and the database itself are lost in the middle.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ilios::model::{Clock, Id, Priority, RetryPolicy, Status, SystemClock};
use ilios::store::{Disposition, DocumentFilter, NextClaim, Settled, Store, TimeRange};
use tokio::task::JoinSet;

use crate::conformance::make::{batch, completed, ids, queued, tenant};
use crate::cut_commits::{Cut, Way};

pub(crate) const LEASE: Duration = Duration::from_secs(2);
const ROUNDS: usize = 6;

/// Submits `count` documents by `store`, which goes by `way`; each commit is cut off, and done once.
pub(crate) async fn submit_through(store: &Store, way: &Way, cut: Cut, count: u64) {
    let (ids, owner) = (ids(), tenant("a"));
    for expected in 1..=count {
        let new = queued(&ids, &owner, SystemClock.now(), Priority::default());
        way.armed.store(true, Ordering::SeqCst);
        // Run again although it was done, it would find its own row there.
        store
            .submit_document(new, None)
            .await
            .unwrap_or_else(|error| panic!("{cut:?}: {error}"));
        assert!(!way.armed.load(Ordering::SeqCst), "{cut:?}: it was cut off");
        let state = store.queue_state(100).await.expect("a state");
        assert_eq!(state.pending, expected, "{cut:?}");
    }
}

/// Submits `count` documents in rounds, in every other of which `restart` takes the database away and brings it back;
/// the stores of `nodes` convert them. All end once.
pub(crate) async fn convert_meanwhile<F>(
    store: &Store,
    nodes: Vec<Store>,
    count: usize,
    restart: impl Fn(usize) -> F,
) where
    F: Future<Output = ()>,
{
    let mut workers = JoinSet::new();
    for (number, node) in (0..).zip(nodes) {
        workers.spawn(work(node, number));
    }
    let (ids, owner) = (ids(), tenant("a"));
    for round in 0..ROUNDS {
        let documents =
            (0..count / ROUNDS).map(|_| queued(&ids, &owner, SystemClock.now(), Priority::default()));
        let new = batch(&ids, &owner, SystemClock.now(), documents.collect());
        let submitting = store.clone();
        let submitted = tokio::spawn(async move { submitting.submit_batch(new, None).await });
        if round % 2 == 1 {
            restart(round).await;
        }
        submitted
            .await
            .expect("it ends")
            .expect("it is accepted in the end");
    }
    let mut ended: BTreeMap<Id, u32> = BTreeMap::new();
    while let Some(ends) = workers.join_next().await {
        for id in ends.expect("a worker ends") {
            *ended.entry(id).or_default() += 1;
        }
    }
    assert!(ended.values().all(|&times| times == 1), "a document ended twice");
    // A service on a busy machine may answer too late, and is asked again then.
    while let Err(error) = store.catch_up(Duration::ZERO).await {
        assert_eq!(error.disposition(), Disposition::Retry, "{error}");
    }
    let found = store
        .documents(&owner, &DocumentFilter::default(), None, 10_000)
        .await;
    let found = found.expect("an answer").rows;
    assert_eq!(found.len(), count);
    assert!(found.iter().all(|document| document.status == Status::Completed));
    let records = store
        .usage_records(&owner, TimeRange::default(), None, 10_000)
        .await;
    assert_eq!(records.expect("an answer").rows.len(), count);
}

/// Works until all documents have ended; answers those that it was told to have completed.
async fn work(store: Store, number: u64) -> Vec<Id> {
    let ids = ilios::model::Ids::new(<rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(
        100 + number,
    ));
    let (owner, policy) = (format!("worker-{number}"), RetryPolicy::default());
    let (mut completions, mut idle) = (Vec::new(), 0);
    while idle < 100 {
        let claimed = store.claim_jobs(&owner, LEASE, 1).await;
        let Some(job) = claimed.ok().and_then(|mut jobs| jobs.pop()) else {
            // A claim that was done and not heard of is taken back when its lease has run out.
            let _ = store.reclaim_expired_jobs(policy, false).await;
            let _ = store.catch_up(Duration::ZERO).await;
            let rest = store.queue_state(10_000).await;
            idle += u32::from(rest.is_ok_and(|rest| (rest.pending, rest.processing) == (0, 0)));
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        idle = 0;
        let outcome = completed(&ids, &tenant("a"), &job.lease.document, SystemClock.now());
        let document = job.lease.document.clone();
        let (attempts, next) = (
            vec![(job.lease, outcome)],
            NextClaim {
                most: 0,
                lease: LEASE,
            },
        );
        let finished = store.finish_jobs(&owner, attempts, policy, next).await;
        if finished.is_ok_and(|(settled, _)| settled == [Settled::Completed]) {
            completions.push(document);
        }
    }
    completions
}
