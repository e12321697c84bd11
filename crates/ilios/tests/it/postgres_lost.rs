//! Connections and servers that are lost in the middle: nothing is lost, nothing is done twice.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ilios::model::{Clock, Id, Priority, RetryPolicy, Status, SystemClock};
use ilios::store::{DocumentFilter, Next, Settled, Store, UsageFilter};

use crate::conformance::make::{batch, completed, ids, queued, tenant};
use crate::cut_commits::{Cut, Way};
use crate::postgres_server::{End, PostgresServer, settings, url};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_not_answered_is_done_once() {
    let server = PostgresServer::start().await;
    for cut in [Cut::Before, Cut::After, Cut::Late] {
        let database = server.new_database();
        let way = Way::to(server.address, cut, "; COMMIT").await;
        let through = database.replace(&server.address.to_string(), &way.address.to_string());
        let store = Store::open_postgres(&settings(&through, None))
            .await
            .expect("a database");
        store.migrate().await.expect("migrations run");
        let (ids, owner) = (ids(), tenant("a"));
        for expected in 1..=5 {
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
        assert_eq!(
            store.queue_state(100).await.expect("a state").pending,
            5,
            "{cut:?}"
        );
    }
}

const JOBS: usize = 600;
pub(crate) const LEASE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarts_of_the_server_lose_nothing_and_double_nothing() {
    let server = PostgresServer::start().await;
    let address = url(server.address);
    let store = Store::open_postgres(&settings(&address, None))
        .await
        .expect("a database");
    store.migrate().await.expect("migrations run");
    let (ids, owner) = (ids(), tenant("a"));
    let mut workers = tokio::task::JoinSet::new();
    for number in 0..3 {
        let node = Store::open_postgres(&settings(&address, None))
            .await
            .expect("a database");
        workers.spawn(work(node, number));
    }
    for round in 0..6 {
        let documents = (0..JOBS / 6).map(|_| queued(&ids, &owner, SystemClock.now(), Priority::default()));
        let new = batch(&ids, &owner, SystemClock.now(), documents.collect());
        let submitting = store.clone();
        let submitted = tokio::spawn(async move { submitting.submit_batch(new, None).await });
        if round % 2 == 1 {
            tokio::time::sleep(Duration::from_millis(30)).await;
            server.stop(if round == 3 { End::Fast } else { End::Crash });
            tokio::time::sleep(Duration::from_millis(200)).await;
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

/// Works until all documents have ended; answers those that it was told to have completed.
pub(crate) async fn work(store: Store, number: u64) -> Vec<Id> {
    let ids = ilios::model::Ids::new(<rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(
        100 + number,
    ));
    let (owner, policy) = (format!("worker-{number}"), RetryPolicy::default());
    let (mut completions, mut idle) = (Vec::new(), 0);
    while idle < 100 {
        let claimed = store.claim_jobs(&owner, LEASE, 1).await;
        let Some(job) = claimed.ok().and_then(|mut jobs| jobs.pop()) else {
            // A claim that was done and not heard of is taken back when its lease has run out.
            let _ = store.reap_jobs(policy, false).await;
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
            Next {
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
