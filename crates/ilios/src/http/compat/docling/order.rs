use super::options::DoclingOptions;
use crate::app::Upload;
use crate::http::respond::problem::Problem;

/// Files of one request, at most.
pub(super) const MAX_FILES: usize = 20;

/// Documents to convert, and what is wanted of them.
pub(super) struct Order {
    pub(super) files: Vec<Source>,
    pub(super) options: DoclingOptions,
}

/// A document that was sent, or the reason it is not there.
pub(super) enum Source {
    File(Upload),
    Missing { name: String, problem: Problem },
}
