use std::collections::BTreeMap;
use std::time::Duration;

use ilios::model::{ClaimedJob, Clock, Id, RetryPolicy, Status};
use ilios::store::{DocumentFilter, NextClaim, Settled, Store, TimeRange};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::backend::Backend;
use super::make::{batch, completed, ids, priority, queued, tenant};
use super::time::WrongClock;

const LEASE: Duration = Duration::from_millis(150);

/// Three workers, as if each were a process of its own, whose clocks disagree by up to a minute and who stall now
/// and then for longer than their leases last.
pub(super) async fn workers_with_skewed_clocks_and_stalls_end_each_document_once<B: Backend>(backend: B) {
    const SKEWS: [i64; 3] = [-30_000, 0, 30_000];
    let jobs = 500 / B::WORK_DIVISOR;
    // By the slowest clock, so that the jobs are due for all.
    let clock = std::sync::Arc::new(WrongClock(SKEWS[0]));
    let store = backend.open(clock.clone()).await;
    let (ids, owner) = (ids(), tenant("a"));
    let documents = (0..jobs).map(|_| queued(&ids, &owner, clock.now(), priority(5)));
    let new = batch(&ids, &owner, clock.now(), documents.collect());
    let batch_id = new.batch.id.clone();
    store.submit_batch(new, None).await.expect("it is accepted");
    let mut workers = tokio::task::JoinSet::new();
    for (number, skew) in SKEWS.into_iter().enumerate() {
        let store = backend.open(std::sync::Arc::new(WrongClock(skew))).await;
        workers.spawn(work(store, number as u64, skew));
    }
    let mut ended: BTreeMap<Id, u32> = BTreeMap::new();
    while let Some(ends) = workers.join_next().await {
        for id in ends.expect("a worker ends") {
            *ended.entry(id).or_default() += 1;
        }
    }
    assert_eq!(ended.len(), jobs);
    assert!(ended.values().all(|&times| times == 1), "a document ended twice");
    store.catch_up(Duration::ZERO).await.expect("it is fetched");
    let found = store
        .documents(&owner, &DocumentFilter::default(), None, 1_000)
        .await;
    let found = found.expect("an answer").rows;
    assert_eq!(found.len(), jobs);
    assert!(found.iter().all(|document| document.status == Status::Completed));
    let records = store
        .usage_records(&owner, TimeRange::default(), None, 1_000)
        .await;
    let records = records.expect("an answer").rows;
    let charged: std::collections::BTreeSet<_> = records.iter().map(|record| &record.document_id).collect();
    assert_eq!((records.len(), charged.len()), (jobs, jobs));
    let batch = store
        .batch(&owner, &batch_id)
        .await
        .expect("an answer")
        .expect("the batch");
    assert_eq!(batch.status, Status::Completed);
    assert!(batch.completed_at.is_some());
}

/// Works until nothing is left; answers the documents that it was told to have completed.
async fn work(store: Store, number: u64, skew: i64) -> Vec<Id> {
    // Whoever is behind loses jobs to the others again and again: that is no sign of a bad document here.
    let policy = RetryPolicy {
        max_losses: i64::MAX,
        ..RetryPolicy::default()
    };
    let clock = WrongClock(skew);
    let ids = ilios::model::Ids::new(StdRng::seed_from_u64(100 + number));
    let (owner, mut random) = (format!("worker-{number}"), StdRng::seed_from_u64(number));
    let (mut completions, mut taken) = (Vec::new(), Vec::<ClaimedJob>::new());
    let reclaim = async || {
        store
            .reclaim_expired_jobs(policy, false)
            .await
            .expect("an answer")
    };
    loop {
        if taken.is_empty() {
            let most = random.random_range(1..4);
            taken = store.claim_jobs(&owner, LEASE, most).await.expect("a claim");
        }
        let Some(lease) = taken.pop().map(|job| job.lease) else {
            reclaim().await;
            store.catch_up(Duration::ZERO).await.expect("it is fetched");
            let state = store.queue_state(1_000).await.expect("a state");
            if (state.pending, state.processing) == (0, 0) {
                return completions;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        match random.random_range(0..100) {
            0..4 => tokio::time::sleep(LEASE + Duration::from_millis(random.random_range(0..200))).await,
            4..8 => drop(reclaim().await),
            8..10 => drop(
                store
                    .extend_leases(vec![lease.clone()], LEASE)
                    .await
                    .expect("an answer"),
            ),
            10..12 => {
                store.release_jobs(vec![lease]).await.expect("an answer");
                continue;
            }
            _ => {}
        }
        let outcome = completed(&ids, &tenant("a"), &lease.document, clock.now());
        let most = random.random_range(0..3) * usize::from(taken.is_empty());
        let next = NextClaim { most, lease: LEASE };
        let attempts = vec![(lease.clone(), outcome)];
        let finished = store.finish_jobs(&owner, attempts, policy, next).await;
        let (settled, claimed) = finished.expect("it is settled");
        taken.extend(claimed);
        if settled[0] == Settled::Completed {
            completions.push(lease.document);
        }
    }
}
