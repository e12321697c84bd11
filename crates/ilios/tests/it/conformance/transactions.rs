use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use ilios::model::{Clock, Id, Status, Timestamp};
use ilios::store::{IdempotencyKey, Settled, StoreError};

use super::backend::Backend;
use super::make::{Bench, batch};

impl Bench {
    fn named(&self, key: &str, subject: &Id) -> IdempotencyKey {
        IdempotencyKey {
            tenant: self.tenant.clone(),
            key: key.into(),
            fingerprint: "f".repeat(64),
            subject: subject.to_string(),
            answer: "{}".into(),
            created_at: self.now(),
        }
    }

    /// Submits a document under a name; answers its id and what came of it.
    async fn submit_named(&self, key: &str) -> (Id, Result<(), StoreError>) {
        let new = self.document();
        let id = new.document.id.clone();
        let named = self.named(key, &id);
        let outcome = self.store.submit_document(new, Some(named)).await;
        (id, outcome)
    }

    async fn exists(&self, id: &Id) -> bool {
        let found = self.store.document(&self.tenant, id).await;
        found.expect("an answer").is_some()
    }
}

pub(super) async fn a_name_is_given_to_one_request(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let (first, accepted) = bench.submit_named("order-1").await;
    accepted.expect("it is accepted");
    let (second, refused) = bench.submit_named("order-1").await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    assert!(!bench.exists(&second).await, "nothing of it is left");
    let new = batch(&bench.ids, &bench.tenant, bench.now(), vec![bench.document()]);
    let (batch_id, named) = (new.batch.id.clone(), bench.named("order-1", &new.batch.id));
    let refused = bench.store.submit_batch(new, Some(named)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    let left = bench.store.batch(&bench.tenant, &batch_id).await;
    assert_eq!(left.expect("an answer"), None);
    assert_eq!(bench.claim().await.document, first);
    bench.nothing_to_claim().await;
    let since = |now: Timestamp| IdempotencyKey::horizon(now);
    let remembered = bench
        .store
        .find_idempotency_key(&bench.tenant, "order-1", since(bench.now()))
        .await;
    let remembered = remembered.expect("an answer").expect("it is remembered");
    assert_eq!(remembered.subject, first.to_string());
    // After a day the name is free.
    bench.time.pass(Duration::from_secs(24 * 60 * 60 + 1));
    let remembered = bench
        .store
        .find_idempotency_key(&bench.tenant, "order-1", since(bench.now()))
        .await;
    assert_eq!(remembered.expect("an answer"), None);
    bench.submit_named("order-1").await.1.expect("it is accepted");
}

pub(super) async fn of_requests_with_one_name_at_the_same_time_one_wins(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let outcomes = join_all((0..20).map(|_| bench.submit_named("order-1"))).await;
    let mut accepted = 0;
    for (id, outcome) in &outcomes {
        assert_eq!(bench.exists(id).await, outcome.is_ok());
        accepted += usize::from(outcome.is_ok());
    }
    assert_eq!(accepted, 1);
}

pub(super) async fn a_transaction_that_fails_harms_no_other(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let taken = bench.document();
    bench
        .store
        .submit_document(taken.clone(), None)
        .await
        .expect("it is accepted");
    for _ in 0..5 {
        // Many at once, so that good and bad ones share a commit.
        let submitted = (0..40).map(|number| {
            let mut new = bench.document();
            if number % 3 == 0 {
                // The row of the document is written before that of the job is refused.
                new.job = taken.job.clone();
            }
            let id = new.document.id.clone();
            let store = &bench.store;
            async move { (number % 3 != 0, id, store.submit_document(new, None).await) }
        });
        for (good, id, outcome) in join_all(submitted).await {
            assert_eq!(outcome.is_ok(), good, "{outcome:?}");
            assert_eq!(bench.exists(&id).await, good, "all of it or nothing");
        }
    }
    bench.submit().await;
}

pub(super) async fn a_document_is_charged_once_whatever_a_late_worker_writes(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    let lease = bench.claim().await;
    let ends = join_all((0..20).map(|_| bench.complete(&lease))).await;
    let completed = ends
        .iter()
        .filter(|&&settled| settled == Settled::Completed)
        .count();
    let stale = ends
        .iter()
        .filter(|&&settled| settled == Settled::LeaseLost)
        .count();
    assert_eq!((completed, stale), (1, 19));
    assert_eq!(bench.usage_records().await, 1);
    assert_eq!(bench.found(&id).await.status, Status::Completed);
}

pub(super) async fn what_was_written_is_there_after_a_restart(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let (first, second) = (bench.submit().await, bench.submit().await);
    let lease = bench.claim().await;
    bench.complete(&lease).await;
    bench.store.clone().close().await;
    let again = backend.open(Arc::clone(&bench.clock) as Arc<dyn Clock>).await;
    let found = again.document_with_content(&bench.tenant, &first).await;
    let found = found.expect("an answer").expect("the document");
    assert_eq!(found.content.expect("its content").markdown, "text\n");
    let claimed = again
        .claim_jobs("worker", super::make::LEASE, 1)
        .await
        .expect("a claim");
    assert_eq!(claimed[0].document.id, second);
}
