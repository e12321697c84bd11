use std::time::Duration;

use ilios::model::{Lease, RetryPolicy, Status};
use ilios::store::{JobOutcome, NextClaim, Retried, Settled};

use super::backend::Backend;
use super::make::{Bench, LEASE, again};

pub(super) async fn a_failed_attempt_runs_again_after_5_and_10_seconds_and_the_third_fails_the_document(
    backend: impl Backend,
) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    for wait in [5, 10] {
        let lease = bench.claim().await;
        let at = bench.now().plus(Duration::from_secs(wait));
        assert_eq!(bench.finish(&lease, again(false)).await, Settled::Retried(at));
        assert_eq!(
            bench.found(&id).await.status,
            Status::Processing,
            "it has not failed"
        );
        bench.time.pass(Duration::from_millis(wait * 1_000 - 1));
        bench.nothing_to_claim().await;
        bench.time.pass(Duration::from_millis(1));
    }
    let lease = bench.claim().await;
    assert_eq!(bench.finish(&lease, again(false)).await, Settled::Failed);
    let found = bench.found(&id).await;
    assert_eq!(found.status, Status::Failed);
    assert_eq!(found.failure.expect("a reason").code, "unavailable");
    bench.time.pass(Duration::from_secs(3_600));
    bench.nothing_to_claim().await;
    assert_eq!(bench.usage_records().await, 0);
}

pub(super) async fn waits_double(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    bench.submit().await;
    let policy = RetryPolicy {
        max_failures: 4,
        ..RetryPolicy::default()
    };
    for wait in [5, 10, 20] {
        let lease = bench.claim().await;
        let at = bench.now().plus(Duration::from_secs(wait));
        let (attempts, next) = (
            vec![(lease, again(false))],
            NextClaim {
                most: 0,
                lease: LEASE,
            },
        );
        let settled = bench.store.finish_jobs("worker", attempts, policy, next).await;
        assert_eq!(settled.expect("it is settled").0, [Settled::Retried(at)]);
        bench.time.pass(Duration::from_secs(wait));
    }
}

pub(super) async fn a_document_that_kills_the_converter_twice_is_given_up(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    let lease = bench.claim().await;
    bench.fail(&lease, true).await;
    bench.time.pass(Duration::from_secs(5));
    let lease = bench.claim().await;
    assert_eq!(bench.finish(&lease, again(true)).await, Settled::Failed);
    let failure = bench.found(&id).await.failure.expect("a reason");
    assert_eq!(failure.code, "document_crashes_converter");
}

pub(super) async fn a_document_that_is_tried_again_has_all_its_attempts(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    let policy = RetryPolicy::default();
    let mut late = Vec::new();
    for _ in 0..2 {
        for _ in 0..policy.max_losses - 1 {
            late.push(bench.claim().await);
            assert_eq!(bench.reclaim(true).await, 1);
        }
        for failures in 1..=policy.max_failures {
            let lease = bench.claim().await;
            // One of them by a crash, which alone does not end it.
            let settled = bench.finish(&lease, again(failures == 1)).await;
            assert_eq!(settled == Settled::Failed, failures == policy.max_failures);
            bench.time.pass(policy.delay(failures));
        }
        let job = bench.ids.next(bench.now());
        let retried = bench.store.retry_document(&bench.tenant, &id, job).await;
        assert!(matches!(retried, Ok(Retried::Now(_))), "{retried:?}");
    }
    let lease = bench.claim().await;
    for late in late {
        assert_eq!(
            bench.complete(&late).await,
            Settled::LeaseLost,
            "of an earlier attempt"
        );
    }
    assert_eq!(bench.complete(&lease).await, Settled::Completed);
    let found = bench.found(&id).await;
    assert_eq!((found.status, found.failure), (Status::Completed, None));
}

pub(super) async fn giving_a_job_back_costs_nothing(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    for _ in 0..20 {
        let lease = bench.claim().await;
        bench
            .store
            .release_jobs(vec![lease.clone()])
            .await
            .expect("an answer");
        // A second time changes nothing, also when somebody else has the job by then.
        let next = bench.claim().await;
        bench.store.release_jobs(vec![lease]).await.expect("an answer");
        bench.nothing_to_claim().await;
        bench.store.release_jobs(vec![next]).await.expect("an answer");
    }
    let lease = bench.claim().await;
    bench.fail(&lease, false).await;
    bench.time.pass(Duration::from_secs(5));
    let lease = bench.claim().await;
    assert_eq!(bench.complete(&lease).await, Settled::Completed);
    assert_eq!(bench.found(&id).await.status, Status::Completed);
}

pub(super) async fn a_job_whose_workers_vanish_is_given_up_in_the_end(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    let policy = RetryPolicy::default();
    for _ in 0..policy.max_losses {
        assert_eq!(bench.found(&id).await.failure, None);
        bench.claim().await;
        bench.time.pass(LEASE);
        assert_eq!(bench.reclaim(false).await, 1);
        assert_eq!(bench.reclaim(false).await, 0);
    }
    bench.nothing_to_claim().await;
    let found = bench.found(&id).await;
    assert_eq!(found.status, Status::Failed);
    assert_eq!(
        found.failure.expect("a reason").code,
        "document_crashes_converter"
    );
}

pub(super) async fn all_jobs_are_taken_back_where_nobody_else_can_be_at_work<B: Backend>(backend: B) {
    let jobs = 450 / B::WORK_DIVISOR as u64;
    let bench = Bench::new(&backend).await;
    for _ in 0..jobs {
        bench.submit().await;
        bench.claim().await;
    }
    assert_eq!(bench.reclaim(false).await, 0);
    assert_eq!(bench.reclaim(true).await, jobs);
    let state = bench.store.queue_state(1_000).await.expect("a state");
    assert_eq!((state.pending, state.processing), (jobs, 0));
}

pub(super) async fn a_lease_that_has_run_out_can_neither_be_kept_nor_settled(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    let lease = bench.claim().await;
    let kept = |lease: Lease| async {
        bench
            .store
            .extend_leases(vec![lease], LEASE)
            .await
            .expect("an answer")
    };
    bench.time.pass(LEASE - Duration::from_millis(1));
    assert_eq!(kept(lease.clone()).await, std::slice::from_ref(&lease));
    bench.time.pass(LEASE);
    assert_eq!(kept(lease.clone()).await, []);
    let failure = ilios::model::Failure::new("encrypted", "it wants a password");
    for outcome in [JobOutcome::Failed(failure), again(true)] {
        assert_eq!(bench.finish(&lease, outcome).await, Settled::LeaseLost);
    }
    assert_eq!(bench.complete(&lease).await, Settled::LeaseLost);
    assert_eq!(bench.found(&id).await.status, Status::Processing);
    assert_eq!(bench.usage_records().await, 0);
    assert_eq!(bench.reclaim(false).await, 1);
    let next = bench.claim().await;
    assert_eq!(
        bench.complete(&lease).await,
        Settled::LeaseLost,
        "it is somebody else's by now"
    );
    assert_eq!(bench.complete(&next).await, Settled::Completed);
    assert_eq!(bench.usage_records().await, 1);
}

pub(super) async fn a_store_that_is_away_costs_no_attempt(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    bench.submit().await;
    let wait = Duration::from_secs(10);
    for _ in 0..20 {
        let lease = bench.claim().await;
        let outcome = JobOutcome::Postponed {
            reason: "the object store is away".into(),
            after: wait,
        };
        let at = bench.now().plus(wait);
        assert_eq!(bench.finish(&lease, outcome).await, Settled::Retried(at));
        bench.nothing_to_claim().await;
        bench.time.pass(wait);
    }
    let lease = bench.claim().await;
    bench.fail(&lease, false).await;
}
