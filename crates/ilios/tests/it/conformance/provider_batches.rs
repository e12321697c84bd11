use std::time::Duration;

use ilios::model::{Failure, Id, ProviderBatch, ProviderBatchLease, Status};
use ilios::store::{Cancelled, JobOutcome, LineOutcome, NewProviderBatch, ProviderUpdate, Retried, Settled};

use super::backend::Backend;
use super::make::{Bench, LEASE, batch, completed, tenant};

/// The provider batch of a batch of so many documents, none of which has a job.
async fn submit(bench: &Bench, count: usize) -> (Id, Vec<Id>) {
    let documents = (0..count).map(|_| {
        let mut new = bench.document();
        new.job = None;
        new
    });
    let mut new = batch(&bench.ids, &bench.tenant, bench.now(), documents.collect());
    let ids: Vec<Id> = new.documents.iter().map(|new| new.document.id.clone()).collect();
    new.provider.push(NewProviderBatch {
        id: bench.ids.next(bench.now()),
        documents: ids.clone(),
    });
    let id = new.batch.id.clone();
    bench.store.submit_batch(new, None).await.expect("it is accepted");
    (id, ids)
}

async fn claim(bench: &Bench, owner: &str) -> Option<(ProviderBatchLease, ProviderBatch)> {
    let claimed = bench.store.claim_provider_batch(owner, LEASE).await;
    claimed.expect("a claim")
}

async fn open(bench: &Bench, lease: &ProviderBatchLease) -> Vec<Id> {
    let documents = bench
        .store
        .provider_documents(&lease.id)
        .await
        .expect("an answer");
    documents.into_iter().map(|document| document.id).collect()
}

async fn end(bench: &Bench, lease: &ProviderBatchLease, id: &Id, well: bool) -> Settled {
    let outcome = match completed(&bench.ids, &bench.tenant, id, bench.now()) {
        JobOutcome::Completed(completed) if well => LineOutcome::Completed(completed),
        _ => LineOutcome::Failed(Failure::new("refused_by_service", "no")),
    };
    let document = bench.found(id).await;
    let settled = bench.store.finish_line(lease, &document, outcome).await;
    settled.expect("an answer")
}

pub(super) async fn a_provider_batch_is_looked_after_by_one_at_a_time(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let (id, documents) = submit(&bench, 2).await;
    bench.nothing_to_claim().await;
    let (first, found) = claim(&bench, "one").await.expect("it is due");
    assert_eq!((&found.batch, &found.provider_id), (&id, &None));
    assert_eq!(open(&bench, &first).await, documents);
    assert!(claim(&bench, "two").await.is_none());
    let note = |change| bench.store.update_provider_batch(&first, change);
    assert!(
        note(ProviderUpdate::Uploaded("file".into()))
            .await
            .expect("an answer")
    );
    assert!(note(ProviderUpdate::Sending).await.expect("an answer"));
    // Whoever has stood still for too long changes nothing any more.
    bench.time.pass(LEASE);
    let (second, found) = claim(&bench, "two").await.expect("the lease has run out");
    assert_eq!(
        (found.input_file.as_deref(), found.sent_at.is_some()),
        (Some("file"), true)
    );
    assert!(!note(ProviderUpdate::Sent("job".into())).await.expect("an answer"));
    assert!(!note(ProviderUpdate::Ended).await.expect("an answer"));
    assert_eq!(end(&bench, &first, &documents[0], true).await, Settled::LeaseLost);
    let extended = bench.store.extend_provider_batch(&first, LEASE).await;
    assert!(!extended.expect("an answer"));
    // Given back, it is due after the pause and not before.
    let pause = Duration::from_secs(10);
    bench
        .store
        .release_provider_batch(&second, pause)
        .await
        .expect("an answer");
    assert!(claim(&bench, "one").await.is_none());
    bench.time.pass(pause);
    let (third, found) = claim(&bench, "one").await.expect("it is due");
    assert_eq!(found.provider_id, None);
    let ended = bench
        .store
        .update_provider_batch(&third, ProviderUpdate::Ended)
        .await;
    assert!(ended.expect("an answer"));
    bench.time.pass(Duration::from_secs(3_600));
    assert!(claim(&bench, "one").await.is_none());
}

pub(super) async fn each_document_of_a_provider_batch_ends_once(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let (id, documents) = submit(&bench, 4).await;
    let (lease, _) = claim(&bench, "one").await.expect("it is due");
    assert!(bench.store.begin_provider_batch(&lease).await.expect("an answer"));
    assert_eq!(bench.found(&documents[0]).await.status, Status::Processing);
    assert_eq!(end(&bench, &lease, &documents[0], true).await, Settled::Completed);
    assert_eq!(
        end(&bench, &lease, &documents[0], false).await,
        Settled::LeaseLost
    );
    assert_eq!(end(&bench, &lease, &documents[1], false).await, Settled::Failed);
    assert_eq!(end(&bench, &lease, &documents[1], true).await, Settled::LeaseLost);
    let cancelled = bench.store.cancel_document(&bench.tenant, &documents[2]).await;
    assert!(matches!(cancelled.expect("an answer"), Cancelled::Now(_)));
    assert_eq!(end(&bench, &lease, &documents[2], true).await, Settled::LeaseLost);
    assert_eq!(open(&bench, &lease).await, documents[3..]);
    let batch = || async {
        bench
            .store
            .batch(&bench.tenant, &id)
            .await
            .expect("an answer")
            .expect("it")
    };
    assert_eq!(batch().await.completed_at, None);
    assert_eq!(end(&bench, &lease, &documents[3], true).await, Settled::Completed);
    assert_eq!(batch().await.status, Status::Completed);
    assert_eq!(bench.usage_records().await, 2);
    let told = bench
        .store
        .provider_batches(&bench.tenant, &id)
        .await
        .expect("an answer");
    assert_eq!(
        told.iter().map(|batch| &batch.id).collect::<Vec<_>>(),
        [&lease.id]
    );
    let foreign = bench.store.provider_batches(&tenant("b"), &id).await;
    assert_eq!(foreign.expect("an answer"), []);
}

pub(super) async fn a_document_that_is_tried_again_has_left_its_provider_batch(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let (_, documents) = submit(&bench, 1).await;
    let (lease, _) = claim(&bench, "one").await.expect("it is due");
    end(&bench, &lease, &documents[0], false).await;
    let job = bench.ids.next(bench.now());
    let again = bench
        .store
        .retry_document(&bench.tenant, &documents[0], job)
        .await;
    assert!(matches!(again.expect("an answer"), Retried::Now(_)));
    assert_eq!(end(&bench, &lease, &documents[0], true).await, Settled::LeaseLost);
    let job = bench.claim().await;
    assert_eq!(bench.complete(&job).await, Settled::Completed);
    assert_eq!(bench.usage_records().await, 1);
}

pub(super) async fn provider_batches_are_carried_before_the_documents_that_refer_to_them(
    backend: impl Backend,
) {
    let bench = Bench::new(&backend).await;
    let tables = bench.store.tables().await.expect("an answer");
    let place = |name: &str| {
        tables
            .iter()
            .position(|table| table.name == name)
            .expect("the table")
    };
    assert!(place("batches") < place("provider_batches"));
    assert!(place("provider_batches") < place("provider_batch_documents"));
    assert!(place("documents") < place("provider_batch_documents"));
}
