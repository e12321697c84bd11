use std::time::Duration;

use ilios::model::{Batch, Failure, Id, Status, Timestamp};
use ilios::store::{Cancelled, DueDocument, JobOutcome, Retried, UploadCompleted};

use super::backend::Backend;
use super::make::{Bench, announced, batch, days, deletion, refused};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Bench {
    async fn submit_batch(&self, count: usize) -> Id {
        let documents = (0..count).map(|_| self.document()).collect();
        let new = batch(&self.ids, &self.tenant, self.now(), documents);
        let id = new.batch.id.clone();
        self.store.submit_batch(new, None).await.expect("it is accepted");
        id
    }

    async fn batch(&self, id: &Id) -> Batch {
        let found = self.store.batch(&self.tenant, id).await.expect("an answer");
        found.expect("the batch")
    }

    async fn due(&self, moment: Timestamp, after: Option<(Timestamp, Id)>) -> Vec<DueDocument> {
        let due = self.store.due_documents(moment, after, 10).await;
        due.expect("an answer")
    }

    pub(super) async fn planned_deletions(&self) -> Vec<String> {
        self.store.planned_deletions("", 10).await.expect("an answer")
    }
}

pub(super) async fn documents_of_a_batch_are_told_in_the_order_in_which_they_were_sent(
    backend: impl Backend,
) {
    let bench = Bench::new(&backend).await;
    // Files that are received side by side get their ids in any order.
    let mut documents: Vec<_> = (0..20).map(|_| bench.document()).collect();
    documents.reverse();
    documents.swap(3, 11);
    documents.push(refused(&bench.ids, &bench.tenant, bench.now()));
    let new = batch(&bench.ids, &bench.tenant, bench.now(), documents);
    let (id, sent) = (new.batch.id.clone(), new.documents.clone());
    bench.store.submit_batch(new, None).await.expect("it is accepted");
    let told = bench
        .store
        .batch_documents(&bench.tenant, &id)
        .await
        .expect("an answer");
    let ids: Vec<_> = told.iter().map(|document| &document.id).collect();
    assert_eq!(ids, sent.iter().map(|new| &new.document.id).collect::<Vec<_>>());
}

pub(super) async fn a_batch_ends_once_with_its_last_document(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit_batch(3).await;
    assert_eq!(bench.batch(&id).await.status, Status::Pending);
    let first = bench.claim().await;
    assert_eq!(bench.batch(&id).await.status, Status::Processing);
    bench.complete(&first).await;
    let second = bench.claim().await;
    let failure = Failure::new("encrypted", "it wants a password");
    bench.finish(&second, JobOutcome::Failed(failure)).await;
    assert_eq!(bench.batch(&id).await.completed_at, None);
    bench.time.pass(Duration::from_secs(1));
    let third = bench.claim().await;
    bench.complete(&third).await;
    let ended_at = bench.now();
    bench.time.pass(Duration::from_secs(1));
    // A worker that is late, and the deletion of a part, do not end it again.
    bench.complete(&third).await;
    let deleted = bench
        .store
        .delete_document(&bench.tenant, &second.document, deletion(&second.document))
        .await;
    assert!(deleted.expect("an answer").is_some());
    let ended = bench.batch(&id).await;
    assert_eq!(
        (ended.status, ended.completed_at),
        (Status::Completed, Some(ended_at))
    );
    assert_eq!((ended.progress.total, ended.progress.completed), (2, 2));
}

pub(super) async fn a_batch_whose_documents_all_failed_has_failed(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit_batch(2).await;
    let cancelled = bench
        .store
        .cancel_batch(&bench.tenant, &id)
        .await
        .expect("an answer");
    let cancelled = cancelled.expect("the batch");
    assert_eq!(cancelled.len(), 2);
    assert_eq!(bench.batch(&id).await.status, Status::Failed);
    // Tried again, it is open again, and ends by what became of its documents.
    let job = bench.ids.next(bench.now());
    let retried = bench
        .store
        .retry_document(&bench.tenant, &cancelled[0], job)
        .await;
    assert!(matches!(retried, Ok(Retried::Now(_))));
    let open = bench.batch(&id).await;
    assert_eq!((open.status, open.completed_at), (Status::Processing, None));
    let lease = bench.claim().await;
    bench.complete(&lease).await;
    let ended = bench.batch(&id).await;
    assert_eq!(
        (ended.status, ended.completed_at),
        (Status::Completed, Some(bench.now()))
    );
    assert_eq!((ended.progress.completed, ended.progress.failed), (1, 1));
}

pub(super) async fn documents_past_their_retention_are_due(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    for kept in [3, 1, 2] {
        let mut new = bench.document();
        new.document.retention = days(kept);
        let accepted = bench.store.submit_document(new, None).await;
        accepted.expect("it is accepted");
    }
    bench.time.pass(DAY * 2);
    let early = bench.due(bench.now(), None).await;
    assert_eq!(early, [], "what has not ended is kept");
    for _ in 0..3 {
        let lease = bench.claim().await;
        bench.complete(&lease).await;
    }
    let found = bench.due(bench.now(), None).await;
    assert_eq!(found.len(), 2, "{found:?}");
    let mut kept = Vec::new();
    for document in &found {
        kept.push(bench.found(&document.id).await.retention.days());
    }
    assert_eq!(kept, [1, 2], "the longest overdue first");
    let (first, second) = (found[0].clone(), found[1].clone());
    let archived = Some(format!("archive/{}", first.id));
    let done = bench
        .store
        .archive_document(first.clone(), archived.clone())
        .await;
    assert!(done.expect("an answer"));
    let again = bench
        .store
        .archive_document(first.clone(), archived.clone())
        .await;
    assert!(!again.expect("an answer"), "it is archived already");
    let document = bench.found(&first.id).await;
    assert_eq!(
        (document.status, document.object_key),
        (Status::Archived, archived)
    );
    assert_eq!(
        bench.planned_deletions().await,
        [first.object_key.expect("a key")]
    );
    let deleted = bench.store.delete_due(second.clone()).await.expect("an answer");
    assert_eq!(
        deleted.expect("it was there").object_keys,
        Vec::from_iter(second.object_key)
    );
    let gone = bench
        .store
        .document(&bench.tenant, &second.id)
        .await
        .expect("an answer");
    assert_eq!(gone, None);
    assert_eq!(bench.usage_records().await, 3, "what was used stays to be paid");
}

pub(super) async fn documents_that_are_due_are_looked_up_from_any_place_on(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    for _ in 0..3 {
        let mut new = bench.document();
        new.document.retention = days(1);
        let accepted = bench.store.submit_document(new, None).await;
        accepted.expect("it is accepted");
        let lease = bench.claim().await;
        bench.complete(&lease).await;
    }
    bench.time.pass(DAY * 2);
    let found = bench.due(bench.now(), None).await;
    assert_eq!(found.len(), 3);
    for (number, document) in (1..).zip(&found) {
        let place = (document.expires_at, document.id.clone());
        assert_eq!(bench.due(bench.now(), Some(place)).await, found[number..]);
    }
    let before = Timestamp::from_millis(bench.now().as_millis() - 2 * 86_400_000);
    assert_eq!(bench.due(before, None).await, [], "by the time of the node, too");
}

pub(super) async fn the_object_of_a_deleted_document_is_deleted_in_the_end(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    let lease = bench.claim().await;
    let key = bench.found(&id).await.object_key.expect("a key");
    let deleted = bench
        .store
        .delete_document(&bench.tenant, &id, deletion(&id))
        .await;
    assert_eq!(
        deleted.expect("an answer").expect("it was there").object_keys,
        std::slice::from_ref(&key)
    );
    assert_eq!(bench.planned_deletions().await, std::slice::from_ref(&key));
    let unnamed = bench.store.unnamed_objects(vec![key.clone()]).await;
    assert_eq!(unnamed.expect("an answer"), std::slice::from_ref(&key));
    assert_eq!(bench.complete(&lease).await, ilios::store::Settled::LeaseLost);
    assert_eq!(bench.usage_records().await, 0);
    bench.store.complete_deletion(&key).await.expect("it is noted");
    assert_eq!(bench.planned_deletions().await, [""; 0]);
}

pub(super) async fn an_upload_that_was_cancelled_cannot_be_tried_again(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let new = announced(&bench.ids, &bench.tenant, bench.now(), bench.now().plus(DAY));
    let (id, key) = (
        new.document.id.clone(),
        new.document.object_key.clone().expect("a key"),
    );
    bench
        .store
        .submit_document(new, None)
        .await
        .expect("it is accepted");
    let cancelled = bench
        .store
        .cancel_document(&bench.tenant, &id)
        .await
        .expect("an answer");
    assert!(matches!(cancelled, Cancelled::Now(_)));
    let job = bench.ids.next(bench.now());
    let retried = bench
        .store
        .retry_document(&bench.tenant, &id, job)
        .await
        .expect("an answer");
    assert_eq!(
        retried,
        Retried::NoOriginal,
        "nobody knows whether its file is there and whole"
    );
    // What its client has put so far, or puts yet, goes.
    assert_eq!(bench.planned_deletions().await, std::slice::from_ref(&key));
    let unnamed = bench.store.unnamed_objects(vec![key.clone()]).await;
    assert_eq!(unnamed.expect("an answer"), [key]);
}

pub(super) async fn an_upload_that_never_came_is_given_up(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let expires = bench.now().plus(DAY);
    let (came, never) = (
        announced(&bench.ids, &bench.tenant, bench.now(), expires),
        announced(&bench.ids, &bench.tenant, bench.now(), expires),
    );
    let (came_id, never_id) = (came.document.id.clone(), never.document.id.clone());
    for new in [came, never] {
        bench
            .store
            .submit_document(new, None)
            .await
            .expect("it is accepted");
    }
    bench.nothing_to_claim().await;
    let complete = || async {
        let job = bench.ids.next(bench.now());
        let copy = format!("documents/{came_id}.{job}");
        let completed = bench
            .store
            .complete_upload(&bench.tenant, &came_id, job, copy)
            .await;
        completed.expect("an answer")
    };
    let address = format!("documents/{came_id}");
    let awaited = || async { bench.store.awaited_upload(&came_id).await.expect("an answer") };
    assert_eq!(
        awaited().await.map(|upload| upload.object_key),
        Some(address.clone())
    );
    let UploadCompleted::Now(document) = complete().await else {
        panic!("it is completed");
    };
    assert!(matches!(complete().await, UploadCompleted::Before(_)));
    assert_eq!(awaited().await, None);
    // The copy of the first is the document's; that of the second and what is at the address are nobody's.
    let copy = document.object_key.expect("a key");
    assert_eq!(bench.found(&came_id).await.object_key.as_ref(), Some(&copy));
    let other = format!("{address}.d00000000000000000000000");
    let unnamed = bench
        .store
        .unnamed_objects(vec![copy, other.clone(), address.clone()])
        .await;
    assert_eq!(unnamed.expect("an answer"), [other, address.clone()]);
    assert_eq!(bench.planned_deletions().await, [address]);
    bench.time.pass(DAY);
    assert_eq!(bench.store.expire_uploads(10).await.expect("an answer"), 1);
    let given_up = bench.found(&never_id).await;
    assert_eq!(given_up.failure.expect("a reason").code, "upload_expired");
    assert_eq!(given_up.object_key, None);
    assert_eq!(bench.claim().await.document, came_id);
    bench.nothing_to_claim().await;
}
