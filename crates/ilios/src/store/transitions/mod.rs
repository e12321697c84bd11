//! Ends of documents: the one place that writes a final status of a document, of its job or of its batch, and that
//! charges for it.
//!
//! All who end a document say so with an [`Ending`], within their own transaction: [`end_document`] ends one and its batch
//! with the last one, [`end_documents`] ends many at once and leaves their batches to [`end_batches`], the last step.
//! Rows are locked in one order: jobs, documents, batches.
//!
//! | ending | is of | under the condition that |
//! | --- | --- | --- |
//! | `Attempt` | jobs that a worker settles | its lease holds (`fence`) |
//! | `Open` | what is cancelled, never uploaded, lost by too many workers, or converted in a provider's batch | it has not ended |
//! | `New` | what is converted at once, or refused | |
//! | `Archived` | what is past its retention | it has ended |

mod batches;
mod end_document;
mod rows;

pub(super) use batches::{end_batches, insert_batch, lock_batch};
pub use end_document::{CompletedJob, DocumentOutcome};
pub(super) use end_document::{Ending, end_document, end_documents};
pub(super) use rows::{NewRow, insert_row, insert_usage};
