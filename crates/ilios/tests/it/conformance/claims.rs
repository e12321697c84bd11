use std::collections::BTreeSet;
use std::time::Duration;

use ilios::model::{ClaimedJob, Id, RetryPolicy};
use ilios::store::{NextClaim, Settled};

use super::backend::Backend;
use super::make::{Bench, LEASE, batch, completed, priority, queued, tenant};

/// One job after the other.
const NEXT: NextClaim = NextClaim {
    most: 1,
    lease: LEASE,
};

pub(super) async fn the_most_urgent_job_goes_first_and_then_the_oldest(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let mut expected = Vec::new();
    for urgency in [5, 1, 10, 5, 10, 1] {
        expected.push((urgency, bench.submit_as(&bench.tenant, urgency).await));
        bench.time.pass(Duration::from_millis(1));
    }
    expected.sort_by_key(|(urgency, _)| std::cmp::Reverse(*urgency));
    for (_, id) in expected {
        assert_eq!(bench.claim().await.document, id);
    }
    bench.nothing_to_claim().await;
}

pub(super) async fn jobs_that_are_equally_urgent_and_old_go_in_the_order_in_which_they_were_made(
    backend: impl Backend,
) {
    let bench = Bench::new(&backend).await;
    let documents = (0..20).map(|_| bench.document()).collect();
    let new = batch(&bench.ids, &bench.tenant, bench.now(), documents);
    let sent: Vec<Id> = new.documents.iter().map(|new| new.document.id.clone()).collect();
    bench.store.submit_batch(new, None).await.expect("it is accepted");
    for id in sent {
        assert_eq!(bench.claim().await.document, id);
    }
}

pub(super) async fn a_long_queue_of_one_tenant_does_not_delay_another(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    for _ in 0..10 {
        let documents = (0..1_000).map(|_| queued(&bench.ids, &bench.tenant, bench.now(), priority(10)));
        let new = batch(&bench.ids, &bench.tenant, bench.now(), documents.collect());
        bench.store.submit_batch(new, None).await.expect("it is accepted");
    }
    // Also while jobs of the long queue run and end.
    let first = bench.claim().await;
    bench.claim().await;
    bench.complete(&first).await;
    bench.time.pass(Duration::from_secs(1));
    let single = bench.submit_as(&tenant("b"), 1).await;
    let next_two = [bench.claim().await.document, bench.claim().await.document];
    assert!(next_two.contains(&single));
}

pub(super) async fn tenants_take_turns(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let tenants = ["a", "b", "c"].map(tenant);
    for tenant in &tenants {
        for _ in 0..4 {
            bench.submit_as(tenant, 5).await;
        }
    }
    for _ in 0..4 {
        let mut served = Vec::new();
        for _ in &tenants {
            let job = bench.claim_job().await;
            served.push(job.document.tenant.as_str().to_owned());
            let tenant = job.document.tenant;
            let outcome = completed(&bench.ids, &tenant, &job.lease.document, bench.now());
            bench.finish(&job.lease, outcome).await;
        }
        served.sort();
        assert_eq!(served, ["a", "b", "c"]);
    }
}

pub(super) async fn the_place_in_line_is_that_of_the_next_claims(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let mut places = Vec::new();
    for urgency in [5, 9, 5, 1] {
        places.push(bench.submit_as(&bench.tenant, urgency).await);
        bench.time.pass(Duration::from_millis(1));
    }
    bench.submit_as(&tenant("b"), 10).await;
    for (id, expected) in places.iter().zip([2, 1, 3, 4]) {
        let place = bench.store.queue_position(id).await.expect("a place");
        assert_eq!(place, Some(expected), "the line of the tenant alone");
    }
    for id in [&places[1], &places[0], &places[2], &places[3]] {
        let place = bench.store.queue_position(id).await.expect("a place");
        assert_eq!(place, Some(1));
        while bench.claim().await.document != *id {}
        let place = bench.store.queue_position(id).await.expect("a place");
        assert_eq!(place, None, "it waits no longer");
    }
}

pub(super) async fn a_worker_takes_its_next_job_with_the_end_of_the_last(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let (first, second) = (bench.submit().await, bench.submit().await);
    let lease = bench.claim().await;
    assert_eq!(lease.document, first);
    let outcome = completed(&bench.ids, &bench.tenant, &first, bench.now());
    let (_, next) = bench.finish_all(vec![(lease.clone(), outcome.clone())], 1).await;
    assert_eq!((&next[0].document, &next[0].owner), (&second, &lease.owner));
    // An end that comes too late is no reason to stand idle.
    let third = bench.submit().await;
    let (settled, next) = bench.finish_all(vec![(lease, outcome)], 1).await;
    assert_eq!((settled[0], &next[0].document), (Settled::LeaseLost, &third));
}

pub(super) async fn several_jobs_are_taken_and_settled_at_once_each_by_its_own_lease(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    for _ in 0..4 {
        bench.submit().await;
    }
    bench.submit_as(&tenant("b"), 1).await;
    let taken = bench.store.claim_jobs("worker", LEASE, 3).await;
    let taken: Vec<ClaimedJob> = taken.expect("a claim");
    let tenants: BTreeSet<_> = taken.iter().map(|job| job.document.tenant.as_str()).collect();
    assert_eq!((taken.len(), tenants.len()), (3, 2), "tenants take turns");
    bench
        .store
        .release_jobs(vec![taken[1].lease.clone()])
        .await
        .expect("it is given back");
    let outcome =
        |job: &ClaimedJob| completed(&bench.ids, &job.document.tenant, &job.document.id, bench.now());
    let attempts = taken
        .iter()
        .map(|job| (job.lease.clone(), outcome(job)))
        .collect();
    let (settled, next) = bench.finish_all(attempts, 5).await;
    assert_eq!(
        settled,
        [Settled::Completed, Settled::LeaseLost, Settled::Completed]
    );
    assert_eq!(next.len(), 3, "what was given back and what waited");
}

pub(super) async fn tenants_take_turns_whichever_node_serves_them(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let nodes = [
        bench.store.clone(),
        backend.open(bench.clock.clone()).await,
        backend.open(bench.clock.clone()).await,
    ];
    for _ in 0..300 {
        bench.submit_as(&tenant("long"), 10).await;
    }
    for _ in 0..10 {
        bench.submit_as(&tenant("short"), 1).await;
    }
    // Each node has two workers that take the next job with the end of the last.
    let mut held = Vec::new();
    for node in &nodes {
        for _ in 0..2 {
            held.extend(node.claim_jobs("worker", LEASE, 1).await.expect("a claim"));
        }
    }
    let mut claims = held.len();
    let mut short = held
        .iter()
        .filter(|job| job.document.tenant == tenant("short"))
        .count();
    while short < 10 {
        let job = held.remove(0);
        let node = &nodes[claims % nodes.len()];
        let outcome = completed(&bench.ids, &job.document.tenant, &job.lease.document, bench.now());
        let ended = node
            .finish_jobs("worker", vec![(job.lease, outcome)], RetryPolicy::default(), NEXT)
            .await;
        let next = ended.expect("it is settled").1.pop().expect("the next job");
        claims += 1;
        short += usize::from(next.document.tenant == tenant("short"));
        held.push(next);
    }
    assert!(claims <= 30, "the short queue waited for {claims} claims");
}
