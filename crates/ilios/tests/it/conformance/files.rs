//! Files that tenants keep, and jobs of requests.

use std::time::Duration;

use ilios::model::{FileName, Id, StopReason, Tenant, TenantFile};
use ilios::objects::ObjectKey;
use ilios::store::{FileLimits, NewOcrJob};

use super::backend::Backend;
use super::make::{Bench, batch, tenant};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const LIMITS: FileLimits = FileLimits { count: 2, bytes: 100 };

fn file(bench: &Bench, size: u64) -> TenantFile {
    let (id, now) = (bench.ids.next(bench.now()), bench.now());
    TenantFile {
        object_key: ObjectKey::file(&id).as_str().to_owned(),
        id,
        tenant: bench.tenant.clone(),
        file_name: FileName::clean("a.pdf"),
        size,
        mime_type: "application/pdf".into(),
        sha256: "0".repeat(64),
        purpose: "ocr".into(),
        created_at: now,
        expires_at: now.plus(DAY),
    }
}

pub(super) async fn a_file_is_its_tenants_within_limits_and_goes_with_time(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let insert = async |file: &TenantFile| {
        let inserted = bench.store.insert_file(file.clone(), LIMITS).await;
        inserted.expect("an answer")
    };
    let (first, second) = (file(&bench, 60), file(&bench, 40));
    assert!(insert(&first).await);
    assert!(!insert(&file(&bench, 41)).await, "too many bytes");
    assert!(insert(&second).await);
    assert!(!insert(&file(&bench, 0)).await, "too many files");
    let found = async |of: &Tenant, id: &Id| bench.store.file(of, id).await.expect("an answer");
    assert_eq!(found(&bench.tenant, &first.id).await, Some(first.clone()));
    assert_eq!(found(&tenant("b"), &first.id).await, None);
    let listed = bench.store.files(&bench.tenant, 10).await.expect("an answer");
    assert_eq!(listed, [second.clone(), first.clone()]);
    let keys = vec![
        first.object_key.clone(),
        ObjectKey::file(&file(&bench, 0).id).to_string(),
    ];
    let unnamed = bench
        .store
        .unnamed_objects(keys.clone())
        .await
        .expect("an answer");
    assert_eq!(unnamed, [keys[1].clone()]);
    let deleted = async |of: &Tenant| bench.store.delete_file(of, &first.id).await.expect("an answer");
    assert_eq!(deleted(&tenant("b")).await, None);
    assert_eq!(deleted(&bench.tenant).await, Some(first.object_key.clone()));
    assert_eq!(deleted(&bench.tenant).await, None);
    assert_eq!(bench.planned_deletions().await, [first.object_key]);
    let due = async || {
        bench
            .store
            .delete_due_files(bench.now(), 10)
            .await
            .expect("an answer")
    };
    assert_eq!(due().await, 0);
    bench.time.pass(DAY);
    assert_eq!(found(&bench.tenant, &second.id).await, None, "its time is over");
    assert_eq!(due().await, 1);
    assert!(bench.planned_deletions().await.contains(&second.object_key));
}

/// A job of one request: its id, and that of its document.
async fn submit(bench: &Bench, hours: u64) -> (Id, Id) {
    let mut new = batch(&bench.ids, &bench.tenant, bench.now(), vec![bench.document()]);
    new.ocr_job = Some(NewOcrJob {
        details: "details".into(),
        lines: "lines".into(),
        overdue_at: bench.now().plus(Duration::from_secs(hours * 3_600)),
    });
    let (id, document) = (new.batch.id.clone(), new.documents[0].document.id.clone());
    let accepted = bench.store.submit_batch(new, None).await;
    accepted.expect("it is accepted");
    (id, document)
}

pub(super) async fn a_job_of_requests_is_stopped_once_and_goes_with_its_batch(backend: impl Backend) {
    let bench = Bench::new(&backend).await;
    let ((first, document), (second, _)) = (submit(&bench, 1).await, submit(&bench, 2).await);
    let job = async |id: &Id| bench.store.ocr_job(&bench.tenant, id).await.expect("an answer");
    assert_eq!(job(&first).await.expect("it is there").details, "details");
    let lines = bench.store.ocr_job_lines(&bench.tenant, &first).await;
    assert_eq!(lines.expect("an answer").as_deref(), Some("lines"));
    assert_eq!(
        bench
            .store
            .ocr_jobs(&bench.tenant, 10)
            .await
            .expect("an answer")
            .len(),
        2
    );
    let others = bench.store.ocr_job(&tenant("b"), &first).await;
    assert_eq!(others.expect("an answer"), None);
    let overdue = async || bench.store.overdue_ocr_jobs(10).await.expect("an answer");
    assert_eq!(overdue().await, []);
    bench.time.pass(Duration::from_secs(3_600));
    assert_eq!(overdue().await, [(bench.tenant.clone(), first.clone())]);
    let stop = async |reason| {
        let stopped = bench.store.stop_ocr_job(&bench.tenant, &first, reason).await;
        stopped.expect("an answer").expect("it is there")
    };
    let others = bench
        .store
        .stop_ocr_job(&tenant("b"), &first, StopReason::Cancelled)
        .await;
    assert_eq!(others.expect("an answer"), None);
    assert_eq!(stop(StopReason::Overdue).await, std::slice::from_ref(&document));
    assert_eq!(stop(StopReason::Cancelled).await, []);
    let stopped = job(&first).await.expect("it is there").stopped;
    assert_eq!(stopped, Some(StopReason::Overdue));
    assert_eq!(overdue().await, []);
    bench
        .store
        .delete_document(&bench.tenant, &document, super::make::deletion(&document))
        .await
        .expect("an answer");
    bench.store.delete_empty_batches("", 10).await.expect("an answer");
    assert_eq!(job(&first).await, None);
    assert!(job(&second).await.is_some());
}
