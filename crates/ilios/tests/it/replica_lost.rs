//! Streams to a primary and primaries that are lost in the middle: nothing is lost, nothing is done twice.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::future::join_all;
use ilios::model::{Clock, Id, Priority, Status, SystemClock};
use ilios::store::{DocumentFilter, Store, UsageFilter};
use tempfile::TempDir;

use crate::conformance::make::{batch, ids, queued, tenant};
use crate::cut_commits::{Cut, Way};
use crate::postgres_lost::work;
use crate::primary_server::{PrimaryServer, settings};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_not_answered_is_done_once() {
    // The primary keeps others waiting for some seconds for a transaction that was cut off.
    join_all([Cut::Before, Cut::After, Cut::Late].map(cut_off)).await;
}

async fn cut_off(cut: Cut) {
    let server = PrimaryServer::start().await;
    let way = Way::to(server.address, cut, "\"COMMIT\"").await;
    let folder = TempDir::new().expect("a temporary folder");
    let through = settings(&format!("http://{}", way.address), folder.path(), None);
    let store = Store::open_replica(&through).await.expect("a database");
    store.migrate().await.expect("migrations run");
    let (ids, owner) = (ids(), tenant("a"));
    for expected in 1..=2 {
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
    // Of attempts that were cut off nothing comes to light later.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(server.number("SELECT COUNT(*) FROM jobs").await, 2, "{cut:?}");
}

const JOBS: usize = 180;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarts_of_the_primary_lose_nothing_and_double_nothing() {
    let server = PrimaryServer::start().await;
    let folders: Vec<TempDir> = (0..3)
        .map(|_| TempDir::new().expect("a temporary folder"))
        .collect();
    let open = |number: usize| {
        let settings = server.settings(folders[number].path(), None);
        async move {
            let store = Store::open_replica(&settings).await.expect("a database");
            store.migrate().await.expect("migrations run");
            store
        }
    };
    let store = open(0).await;
    let mut workers = tokio::task::JoinSet::new();
    for number in 1..3 {
        workers.spawn(work(open(number).await, number as u64));
    }
    let (ids, owner) = (ids(), tenant("a"));
    for round in 0..6 {
        let documents = (0..JOBS / 6).map(|_| queued(&ids, &owner, SystemClock.now(), Priority::default()));
        let new = batch(&ids, &owner, SystemClock.now(), documents.collect());
        let submitting = store.clone();
        let submitted = tokio::spawn(async move { submitting.submit_batch(new, None).await });
        if round % 2 == 1 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            server.kill();
            tokio::time::sleep(Duration::from_millis(300)).await;
            server.start_again().await;
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
    store.catch_up(Duration::ZERO).await.expect("it is fetched");
    let found = store
        .documents(&owner, &DocumentFilter::default(), None, 10_000)
        .await;
    let found = found.expect("an answer").rows;
    assert_eq!(found.len(), JOBS);
    assert!(found.iter().all(|document| document.status == Status::Completed));
    let records = store
        .usage_records(&owner, UsageFilter::default(), None, 10_000)
        .await;
    assert_eq!(records.expect("an answer").rows.len(), JOBS);
}
