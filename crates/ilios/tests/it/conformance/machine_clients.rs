use std::collections::BTreeSet;

use ilios::model::{Id, Tenant};
use ilios::store::{Cancelled, Retried, Store, UploadCompleted};
use proptest::sample::Index;

use super::machine::Machine;
use super::model_clients::Answer;
use super::steps::Asks;

impl Machine {
    /// Who asks for what.
    fn subject(&self, of: &[(Tenant, Id)], index: Index, stranger: bool) -> Option<(Tenant, Id)> {
        let (owner, id) = (!of.is_empty()).then(|| index.get(of).clone())?;
        let other = self.tenants.iter().find(|tenant| **tenant != owner)?;
        Some((if stranger { other.clone() } else { owner }, id))
    }

    /// A client asks something of a document or a batch, perhaps of somebody else's.
    pub(super) async fn by_client(&mut self, store: usize, asks: Asks, subject: Index, stranger: bool) {
        let of = match asks {
            Asks::CancelBatch => &self.batches,
            _ => &self.documents,
        };
        let Some((tenant, id)) = self.subject(of, subject, stranger) else {
            return;
        };
        if matches!(asks, Asks::CancelBatch) {
            return self.cancel_batch(store, &tenant, &id).await;
        }
        let (now, who) = (self.now(store), tenant.as_str());
        let job = self.ids.next(now);
        let answer = ask(&self.stores[store], asks, &tenant, &id, job.clone()).await;
        let model = &mut self.model;
        let expected = match asks {
            Asks::Cancel => model.cancel(who, &id, now),
            Asks::Delete => model.delete(who, &id, now),
            Asks::Retry => model.retry(who, &id, job, now),
            _ => model.complete_upload(who, &id, job, now),
        };
        assert_eq!(answer, expected, "{asks:?}");
    }

    async fn cancel_batch(&mut self, store: usize, tenant: &Tenant, id: &Id) {
        let sorted = |cancelled: Option<Vec<Id>>| cancelled.map(BTreeSet::from_iter);
        let cancelled = self.stores[store].cancel_batch(tenant, id).await;
        let now = self.now(store);
        let expected = self.model.cancel_batch(tenant.as_str(), id, now);
        assert_eq!(sorted(cancelled.expect("an answer")), sorted(expected));
    }

    /// Archives or deletes what is past its retention.
    pub(super) async fn retention(&mut self, store: usize, delete: bool) {
        let now = self.now(store);
        let due = self.stores[store].due_documents(now, None, 1_000).await;
        let due = due.expect("an answer");
        let mut found = Vec::new();
        for document in due {
            let id = document.id.clone();
            found.push((self.model.documents[&id].expires_at, id.clone()));
            if delete {
                let deleted = self.stores[store].delete_due(document).await.expect("an answer");
                assert!(deleted.is_some());
            } else {
                let key = document.object_key.as_ref().map(|_| format!("archive/{id}"));
                let archived = self.stores[store].archive_document(document, key).await;
                assert!(archived.expect("an answer"));
            }
        }
        assert!(
            found.is_sorted_by_key(|(expires, _)| *expires),
            "the longest overdue first"
        );
        found.sort();
        let now = self.now(store);
        assert_eq!(found, self.model.due(now));
        for (_, id) in found {
            let document = &self.model.documents[&id];
            if delete {
                let tenant = document.tenant.clone();
                self.model.delete(&tenant, &id, now);
            } else {
                let key = document.object_key.as_ref().map(|_| format!("archive/{id}"));
                self.model.archive(&id, key);
            }
        }
    }
}

/// What the store answers.
async fn ask(store: &Store, asks: Asks, tenant: &Tenant, id: &Id, job: Id) -> Answer {
    match asks {
        Asks::Cancel => match store.cancel_document(tenant, id).await.expect("an answer") {
            Cancelled::Now(_) => Answer::Done,
            Cancelled::TooLate(status) => Answer::Refused(status),
            Cancelled::NotFound => Answer::NotFound,
        },
        Asks::Delete => {
            let deleted = store
                .delete_document(tenant, id, super::make::deletion(id))
                .await
                .expect("an answer");
            deleted.map_or(Answer::NotFound, |_| Answer::Done)
        }
        Asks::Retry => match store.retry_document(tenant, id, job).await.expect("an answer") {
            Retried::Now(_) => Answer::Done,
            Retried::NotFailed(status) => Answer::Refused(status),
            Retried::NoOriginal => Answer::NoOriginal,
            Retried::NotFound => Answer::NotFound,
        },
        _ => {
            let copy = format!("documents/{id}.{job}");
            let completed = store.complete_upload(tenant, id, job, copy).await;
            match completed.expect("an answer") {
                UploadCompleted::Now(_) => Answer::Done,
                UploadCompleted::Before(document) => Answer::Refused(document.status),
                UploadCompleted::NotFound => Answer::NotFound,
            }
        }
    }
}
