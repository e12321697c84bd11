use std::io;
use std::sync::Arc;

use futures::future::BoxFuture;

use super::{Converted, EngineError, Request};
use crate::spool::{Spool, Spooled};

/// A service that converts many documents as one job, at its leisure and for less. All documents of a job travel in
/// one file of requests, each under a name by which its result is found again.
pub trait BatchService: Send + Sync {
    /// Returns true if a file of this media type and size can be converted in this way.
    fn supports(&self, mime_type: &str, size: u64) -> bool;

    /// Writes the request for one document. Blocks.
    ///
    /// # Errors
    /// The document cannot be read, or `out` not be written.
    fn write_request(&self, name: &str, request: &Request, out: &mut dyn io::Write) -> io::Result<()>;

    /// Uploads a file of requests; answers its id.
    fn upload(&self, requests: Arc<Spooled>) -> BoxFuture<'_, Result<String, EngineError>>;

    /// Returns true if the service still has a file.
    fn has_file<'a>(&'a self, file: &'a str) -> BoxFuture<'a, Result<bool, EngineError>>;

    /// Begins a job with uploaded requests. `mark` is what [`Self::find_job`] finds it by.
    fn create_job<'a>(&'a self, file: &'a str, mark: &'a str)
    -> BoxFuture<'a, Result<BatchJob, EngineError>>;

    /// The job that was begun with `mark`, if the service knows of one. A job that has just been begun may not be
    /// found yet.
    fn find_job<'a>(&'a self, mark: &'a str) -> BoxFuture<'a, Result<Option<BatchJob>, EngineError>>;

    /// Status of a job; `None` when the service knows no such job.
    fn job_status<'a>(&'a self, job: &'a str) -> BoxFuture<'a, Result<Option<BatchJob>, EngineError>>;

    /// Asks the service to end a job.
    fn cancel_job<'a>(&'a self, job: &'a str) -> BoxFuture<'a, Result<(), EngineError>>;

    /// Fetches a file of results into `spool`.
    fn download<'a>(
        &'a self,
        file: &'a str,
        spool: &'a Spool,
    ) -> BoxFuture<'a, Result<Arc<Spooled>, EngineError>>;

    /// Deletes a file at the service; one that is gone is as good.
    fn delete_file<'a>(&'a self, file: &'a str) -> BoxFuture<'a, Result<(), EngineError>>;

    /// The name of the request that a line of results answers, if it answers one.
    fn request_name(&self, line: &[u8]) -> Option<String>;

    /// Reads the result of `request` from a line of results.
    fn read_result<'a>(
        &'a self,
        line: &'a [u8],
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Converted, EngineError>>;
}

/// A job at a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchJob {
    /// The service's id of it.
    pub id: String,
    /// The service's word for where it is.
    pub status: String,
    /// True if the job has ended.
    pub ended: bool,
    /// Requests, once the service has counted them.
    pub total: u64,
    /// Requests that have ended.
    pub completed: u64,
    /// Those of them that failed.
    pub failed: u64,
    /// Files of results, good and bad ones.
    pub results: Vec<String>,
    /// Errors of the job as a whole, as the service reports them.
    pub errors: Vec<String>,
}
