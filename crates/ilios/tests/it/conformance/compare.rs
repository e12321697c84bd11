use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ilios::model::{Document, Id, Status, Tenant};
use ilios::store::{BatchFilter, DocumentFilter, Store, TimeRange};

use super::make::tenant;
use super::model::Model;

/// More than any history makes.
const ALL: u32 = 1_000;

/// What was seen of the store before, by which is judged what is seen next.
#[derive(Default)]
pub(super) struct Seen {
    statuses: BTreeMap<Id, Status>,
    looks: usize,
}

impl Seen {
    /// Compares everything that the store shows with the model, by way of another store each time, and holds it
    /// against what must be true at every moment.
    pub(super) async fn compare(&mut self, model: &Model, stores: &[Store]) {
        let store = &stores[self.looks % stores.len()];
        self.looks += 1;
        store.catch_up(Duration::ZERO).await.expect("it is fetched");
        let mut shown = 0;
        for name in ["a", "b", "c"] {
            let tenant = tenant(name);
            shown += self.documents(model, store, &tenant).await;
            batches(model, store, &tenant).await;
            usage(model, store, &tenant).await;
        }
        assert_eq!(shown, model.documents.len());
        let state = store.queue_state(u64::from(ALL)).await.expect("a state");
        assert_eq!((state.pending, state.processing), model.jobs());
        let planned = store.planned_deletions("", ALL).await.expect("an answer");
        assert_eq!(BTreeSet::from_iter(planned), model.deletions);
    }

    async fn documents(&mut self, model: &Model, store: &Store, tenant: &Tenant) -> usize {
        let page = store
            .documents(tenant, &DocumentFilter::default(), None, ALL)
            .await;
        let rows = page.expect("an answer").rows;
        for row in &rows {
            let expected = &model.documents[&row.id];
            let code = row.failure.as_ref().map(|failure| failure.code.clone());
            assert_eq!(row.tenant.as_str(), expected.tenant);
            assert_eq!(
                (row.status, code, row.processed_at, &row.object_key, &row.batch),
                (
                    expected.status,
                    expected.failure.clone(),
                    expected.processed_at,
                    &expected.object_key,
                    &expected.batch
                ),
                "{}",
                row.id
            );
            if row.status == Status::Pending {
                let place = store.queue_position(&row.id).await.expect("an answer");
                assert_eq!(place, model.place(&row.id));
            }
            if row.status.is_final() {
                assert!(!model.job_is_open(&row.id), "what has ended can be claimed");
            }
            self.moved(row);
        }
        rows.len()
    }

    /// A status only moves forward; back leads only another attempt at a failed document.
    fn moved(&mut self, document: &Document) {
        use Status::{Archived, Completed, Failed, Pending, Processing};
        let before = self.statuses.insert(document.id.clone(), document.status);
        let before = before.unwrap_or(document.status);
        let allowed = before == document.status
            || matches!(
                (before, document.status),
                // A document that was not begun fails when it is cancelled or its file never comes, and completes
                // when it was quick.
                (Pending, Processing | Completed | Failed)
                    | (Processing, Completed | Failed)
                    | (Completed, Archived)
                    | (Failed, Archived | Pending)
            );
        assert!(
            allowed,
            "{} went from {before} to {}",
            document.id, document.status
        );
    }
}

async fn batches(model: &Model, store: &Store, tenant: &Tenant) {
    let page = store.batches(tenant, BatchFilter::default(), None, ALL).await;
    let rows = page.expect("an answer").rows;
    let own = model
        .batches
        .values()
        .filter(|batch| batch.tenant == tenant.as_str());
    assert_eq!(rows.len(), own.count());
    for row in rows {
        let expected = &model.batches[&row.id];
        assert_eq!(
            (row.status, row.completed_at),
            (expected.status, expected.completed_at)
        );
        assert_eq!(row.progress, model.progress(&row.id));
        let open = row.progress.pending + row.progress.processing;
        assert_eq!(
            row.completed_at.is_some(),
            open == 0,
            "ended when all have ended, and only then"
        );
        let documents = store.batch_documents(tenant, &row.id).await.expect("an answer");
        let ids: Vec<_> = documents.iter().map(|document| &document.id).collect();
        let sent = model.documents_of(&row.id);
        assert_eq!(ids, sent.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    }
}

async fn usage(model: &Model, store: &Store, tenant: &Tenant) {
    let page = store.usage_records(tenant, TimeRange::default(), None, ALL).await;
    let records = page.expect("an answer").rows;
    let charged: BTreeSet<_> = records
        .iter()
        .map(|record| (record.tenant.as_str().to_owned(), record.document_id.clone()))
        .collect();
    assert_eq!(charged.len(), records.len(), "one record a document");
    let own = model.charged.iter().filter(|(owner, _)| owner == tenant.as_str());
    assert_eq!(charged, own.cloned().collect());
    for (_, id) in &charged {
        let status = model.documents.get(id).map(|document| document.status);
        let completed = matches!(status, None | Some(Status::Completed | Status::Archived));
        assert!(completed, "{id} is charged and {status:?}");
    }
}
