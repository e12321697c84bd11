use futures::future::BoxFuture;

use super::ObjectKey;

/// Hears of multipart uploads, to remember those that are open. S3 keeps (and bills) the parts of an upload that
/// nobody ends: what a crash leaves behind is aborted later with [`Objects::abort`](super::Objects::abort).
///
/// A crash between the creation on the server and `begun` still leaves an unknown upload without parts; a rule of the
/// bucket (`AbortIncompleteMultipartUpload`) removes those too.
pub trait UploadLog: Send + Sync {
    /// An upload was created; no part is sent before this returns. An error refuses it.
    fn begun<'a>(&'a self, key: &'a ObjectKey, upload_id: &'a str) -> BoxFuture<'a, Result<(), String>> {
        let _ = (key, upload_id);
        Box::pin(std::future::ready(Ok(())))
    }

    /// An upload was completed or aborted. An error is logged: the upload is then aborted once more, which is
    /// harmless.
    fn ended<'a>(&'a self, key: &'a ObjectKey, upload_id: &'a str) -> BoxFuture<'a, Result<(), String>> {
        let _ = (key, upload_id);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Remembers nothing: what a crash leaves behind stays until a rule of the bucket removes it.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoUploadLog;

impl UploadLog for NoUploadLog {}
