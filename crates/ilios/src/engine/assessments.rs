use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ilios_convert::PageAssessment;
use tokio::sync::OnceCell;

use super::{Owner, Request};

/// Documents whose pages are remembered.
const MAX_DOCUMENTS: usize = 256;
/// Pages of a document that is remembered.
const MAX_PAGES: usize = 1_000;

/// Needs of the pages of a PDF, once a child has looked at them. Clones belong to the same document.
#[derive(Debug, Clone, Default)]
pub struct Assessed(pub(super) Arc<OnceCell<Pages>>);

pub(super) type Pages = Arc<[PageAssessment]>;

/// Needs of the pages of the last PDFs: who asks for the price of a document converts it next, and a job that has failed
/// is tried again. What one owner has sent is remembered for no other, who could tell it by the time that an answer takes.
#[derive(Default)]
pub(super) struct Assessments(Mutex<VecDeque<(Owner, String, Pages)>>);

impl Assessments {
    fn documents(&self) -> MutexGuard<'_, VecDeque<(Owner, String, Pages)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, request: &Request) -> Option<Pages> {
        let documents = self.documents();
        let of_request = |(owner, hash, _): &&(Owner, String, Pages)| {
            hash == request.file.sha256() && *owner == request.owner
        };
        documents.iter().find(of_request).map(|(.., pages)| pages.clone())
    }

    pub(super) fn put(&self, request: &Request, pages: &Pages) {
        if !request.owner.is_known() || pages.len() > MAX_PAGES {
            return;
        }
        let mut documents = self.documents();
        documents.truncate(MAX_DOCUMENTS - 1);
        documents.push_front((
            request.owner.clone(),
            request.file.sha256().to_owned(),
            pages.clone(),
        ));
    }
}
