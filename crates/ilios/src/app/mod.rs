//! Use cases: what the server does for its clients, without HTTP.

mod admission;
mod convert_now;
mod error;
mod output;
mod read_document;
mod result;

use std::sync::Arc;

use crate::engine::Engine;
use crate::model::{Clock, Ids};
use crate::spool::Spool;
use crate::store::Store;

pub use admission::{Admission, Busy, Slot};
pub use convert_now::{ConvertNow, ConvertedNow};
pub use error::AppError;
pub use output::{MetadataView, OutputFormat, PageView};
pub use result::{content, metadata};

/// Everything the use cases work with.
pub struct App {
    /// Documents and usage records.
    pub store: Store,
    /// Where uploads are kept while they are worked on.
    pub spool: Spool,
    /// What converts documents.
    pub engine: Arc<dyn Engine>,
    /// How many conversions run at once.
    pub admission: Admission,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Ids,
}
