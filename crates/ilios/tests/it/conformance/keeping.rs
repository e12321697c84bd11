//! Rows that conversions leave beside their documents: pictures, parts that are done, and those that another conversion
//! replaces.

use ilios::model::{
    ConversionOptions, DocumentContent, DocumentImage, DocumentModel, Failure, Id, Status, Tenant,
};
use ilios::store::{CompletedJob, DueDocument, JobOutcome, Reconverted, Settled};

use super::backend::Backend;
use super::make::{Bench, completed, deletion, tenant};

fn image(name: &str, key: &str) -> DocumentImage {
    DocumentImage {
        name: name.into(),
        object_key: key.into(),
        mime_type: "image/png".into(),
        size: 7,
        pixels: Some((16, 17)),
    }
}

impl Bench {
    async fn part(&self, id: &Id, name: &str) -> Option<String> {
        self.store.conversion_part(id, name).await.expect("an answer")
    }

    async fn put_part(&self, id: &Id, name: &str, part: &str) {
        let kept = self.store.put_conversion_part(id, name.into(), part.into());
        kept.await.expect("it is kept");
    }
}

pub(super) async fn a_picture_is_its_tenants_and_goes_with_its_document(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    let (old, new) = (
        "images/000000000000000000000001",
        "images/000000000000000000000002",
    );
    for key in [old, new] {
        let kept = bench.store.put_image(&id, image("p1-a.png", key), false).await;
        kept.expect("it is kept");
    }
    let found = bench.store.image(&bench.tenant, &id, "p1-a.png").await;
    assert_eq!(found.expect("an answer"), Some(image("p1-a.png", new)));
    let others = bench.store.image(&tenant("b"), &id, "p1-a.png").await;
    assert_eq!(others.expect("an answer"), None);
    let unnamed = bench.store.unnamed_objects(vec![old.into(), new.into()]).await;
    assert_eq!(unnamed.expect("an answer"), [old], "the one that was replaced");
    let original = bench.found(&id).await.object_key.expect("a key");
    let deleted = bench
        .store
        .delete_document(&bench.tenant, &id, deletion(&id))
        .await;
    let keys = deleted.expect("an answer").expect("it was there").object_keys;
    assert_eq!(keys, [original, new.to_owned()]);
    let mut planned = bench.planned_deletions().await;
    planned.sort_unstable();
    assert_eq!(planned, keys);
}

pub(super) async fn finished_parts_are_there_until_their_document_has_ended(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let (first, second) = (bench.submit().await, bench.submit().await);
    for id in [&first, &second] {
        bench.put_part(id, "1-10", "ten pages").await;
        bench.put_part(id, "1-10", "of a late worker").await;
    }
    assert_eq!(bench.part(&first, "1-10").await.as_deref(), Some("ten pages"));
    assert_eq!(bench.part(&first, "11-20").await, None);
    let forget = async || {
        bench
            .store
            .delete_ended_conversion_parts()
            .await
            .expect("an answer")
    };
    assert_eq!(forget().await, 0, "neither has ended");
    let lease = bench.claim().await;
    bench.complete(&lease).await;
    assert_eq!(forget().await, 1);
    assert_eq!(bench.part(&lease.document, "1-10").await, None);
    let other = if lease.document == first { &second } else { &first };
    assert_eq!(bench.part(other, "1-10").await.as_deref(), Some("ten pages"));
    let deleted = bench
        .store
        .delete_document(&bench.tenant, other, deletion(other))
        .await;
    deleted.expect("an answer").expect("it was there");
    assert_eq!(bench.part(other, "1-10").await, None);
}

pub(super) async fn a_model_is_there_with_the_content_and_goes_with_its_document(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let (with, without) = (bench.submit().await, bench.submit().await);
    // More than two pieces, which begin like what a primary is sent in place of a long text.
    let sign = b"ilios:deflate\0";
    let mut bytes = vec![0xff; (5 << 20) / 2];
    for start in [0, 1 << 20, 2 << 20] {
        bytes[start..start + sign.len()].copy_from_slice(sign);
    }
    let model = DocumentModel {
        version: "1.0".into(),
        encoding: "jsonl+gzip".into(),
        bytes: bytes.into(),
    };
    for _ in 0..2 {
        let lease = bench.claim().await;
        let of_it = (lease.document == with).then(|| model.clone());
        bench.complete_with(&lease, of_it).await;
    }
    let stored = async |tenant: &Tenant, id: &Id| {
        let stored = bench.store.document_with_model(tenant, id).await;
        stored.expect("an answer").and_then(|(_, model)| model)
    };
    assert_eq!(stored(&bench.tenant, &with).await, Some(model));
    assert_eq!(stored(&bench.tenant, &without).await, None);
    assert_eq!(stored(&tenant("b"), &with).await, None, "it is its tenant's");
    let due = DueDocument {
        id: with.clone(),
        tenant: bench.tenant.clone(),
        object_key: None,
        expires_at: bench.now(),
    };
    assert!(bench.store.archive_document(due, None).await.expect("an answer"));
    assert!(
        stored(&bench.tenant, &with).await.is_some(),
        "it is kept with the content"
    );
    let deleted = bench
        .store
        .delete_document(&bench.tenant, &with, deletion(&with))
        .await;
    deleted.expect("an answer").expect("it was there");
    assert_eq!(stored(&bench.tenant, &with).await, None);
}

pub(super) async fn a_document_that_is_converted_again_keeps_its_result_until_the_next(
    backend: impl Backend,
) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    let other = ConversionOptions {
        extract_header: true,
        ..ConversionOptions::default()
    };
    let reconvert = async || {
        let job = bench.ids.next(bench.now());
        let asked = bench
            .store
            .reconvert_document(&bench.tenant, &id, job, other.clone());
        asked.await.expect("an answer")
    };
    assert_eq!(reconvert().await, Reconverted::NotCompleted(Status::Pending));
    let lease = bench.claim().await;
    bench.complete(&lease).await;
    assert!(matches!(reconvert().await, Reconverted::Now(_)));
    assert_eq!(reconvert().await, Reconverted::UnderWay);
    // The attempt of a worker that is lost changes nothing, and no second one is charged for.
    let job = bench.claim_job().await;
    assert_eq!(job.document.options, other, "it is converted with these");
    assert_eq!(bench.found(&id).await.options, ConversionOptions::default());
    let outcome = || match completed(&bench.ids, &bench.tenant, &id, bench.now()) {
        JobOutcome::Completed(job) => JobOutcome::Completed(Box::new(CompletedJob {
            replaces: true,
            content: DocumentContent {
                markdown: "another\n".into(),
                pages: Vec::new(),
            },
            ..*job
        })),
        other => other,
    };
    assert_eq!(bench.finish(&job.lease, outcome()).await, Settled::Completed);
    assert_eq!(bench.finish(&job.lease, outcome()).await, Settled::LeaseLost);
    assert_eq!(bench.usage_records().await, 2, "one a conversion");
    let stored = bench.store.document_with_content(&bench.tenant, &id).await;
    let stored = stored.expect("an answer").expect("the document");
    assert_eq!(
        stored.content.map(|content| content.markdown).as_deref(),
        Some("another\n")
    );
    assert_eq!(
        (stored.document.options, stored.document.reconversion),
        (other.clone(), None)
    );
    // A failure leaves it alone.
    assert!(matches!(reconvert().await, Reconverted::Now(_)));
    let lease = bench.claim().await;
    let failure = Failure::new("timeout", "it took too long");
    let failed = JobOutcome::Failed(failure.clone());
    assert_eq!(bench.finish(&lease, failed).await, Settled::Failed);
    let found = bench.found(&id).await;
    assert_eq!((found.status, &found.failure), (Status::Completed, &None));
    assert_eq!(
        found.reconversion.and_then(|reconversion| reconversion.failure),
        Some(failure)
    );
    assert_eq!(bench.usage_records().await, 2);
}

pub(super) async fn pictures_of_a_conversion_are_unseen_until_its_result_replaces_the_other(
    backend: impl Backend,
) {
    let bench = Bench::new(&backend).await;
    let id = bench.submit().await;
    let key = |number: u32| format!("images/{number:024}");
    let put = async |number: u32, pending: bool| {
        let kept = bench
            .store
            .put_image(&id, image("p1-a.png", &key(number)), pending);
        kept.await.expect("it is kept");
    };
    let seen = async || {
        let images = bench.store.images(&bench.tenant, &id).await.expect("an answer");
        let one = bench
            .store
            .image(&bench.tenant, &id, "p1-a.png")
            .await
            .expect("an answer");
        assert_eq!(images.first(), one.as_ref());
        images
            .into_iter()
            .map(|image| image.object_key)
            .collect::<Vec<_>>()
    };
    let reconvert = async || {
        let job = bench.ids.next(bench.now());
        let options = ConversionOptions::default();
        let asked = bench.store.reconvert_document(&bench.tenant, &id, job, options);
        assert!(matches!(asked.await.expect("an answer"), Reconverted::Now(_)));
        bench.claim().await
    };
    let lease = bench.claim().await;
    put(1, false).await;
    bench.complete(&lease).await;
    // One that fails leaves nothing behind.
    let lease = reconvert().await;
    put(2, true).await;
    assert_eq!(seen().await, [key(1)]);
    let failed = JobOutcome::Failed(Failure::new("timeout", "it took too long"));
    assert_eq!(bench.finish(&lease, failed).await, Settled::Failed);
    assert_eq!(seen().await, [key(1)]);
    assert_eq!(bench.planned_deletions().await, [key(2)]);
    // One that succeeds takes the place of those before.
    let lease = reconvert().await;
    put(3, true).await;
    let outcome = match completed(&bench.ids, &bench.tenant, &id, bench.now()) {
        JobOutcome::Completed(job) => JobOutcome::Completed(Box::new(CompletedJob {
            replaces: true,
            ..*job
        })),
        other => other,
    };
    assert_eq!(bench.finish(&lease, outcome).await, Settled::Completed);
    assert_eq!(seen().await, [key(3)]);
    let mut planned = bench.planned_deletions().await;
    planned.sort_unstable();
    assert_eq!(planned, [key(1), key(2)]);
}
