use std::sync::Arc;

use super::outcome::of_objects;
use crate::app::{App, UsageInput, content, metadata};
use crate::engine::{Converted, Owner, Progress, Request};
use crate::model::{Document, Operation, Timestamp};
use crate::objects::{ObjectKey, ObjectsError};
use crate::spool::Spooled;
use crate::store::{CompletedJob, JobOutcome};

/// Builds the engine's request for a stored document; the error is the job's outcome.
pub(super) async fn request(
    app: &App,
    document: &Document,
    progress: Progress,
) -> Result<Request, JobOutcome> {
    let file = Arc::new(original(app, document).await?);
    Ok(Request {
        artifacts: app.artifacts_of(document),
        progress,
        owner: Owner::of(&document.tenant),
        ..Request::new(
            file,
            document.file_name.clone(),
            document.options.clone().with_addresses_of(&document.id),
        )
    })
}

async fn original(app: &App, document: &Document) -> Result<Spooled, JobOutcome> {
    let key = ObjectKey::stored(document.object_key.as_deref());
    let key = key.ok_or_else(|| of_objects(&ObjectsError::NotFound))?;
    // The hash of a direct upload is not known before it is read here.
    let sha256 = Some(document.sha256.as_str()).filter(|hash| !hash.is_empty());
    let fetched = app.objects().fetch(&key, app.spool(), sha256).await;
    fetched.map_err(|error| {
        tracing::warn!(%error, "an original cannot be read");
        of_objects(&error)
    })
}

/// Builds the stored result of a document that was `converted`, begun at `started`.
pub(super) fn completed(
    app: &App,
    document: &Document,
    request: &Request,
    converted: Converted,
    started: Timestamp,
) -> CompletedJob {
    let now = app.now();
    let content = content(&converted, Some(&document.id), &request.options);
    let metered = UsageInput {
        tenant: &document.tenant,
        document: &document.id,
        operation: Operation::Convert,
        converted: &converted,
        content: &content,
    };
    CompletedJob {
        usage: app.meter(&metered, now),
        replaces: document.status.has_content(),
        sha256: request.file.sha256().to_owned(),
        mime_type: converted.conversion.format.mime_type().to_owned(),
        file_size: request.file.size(),
        content,
        model: converted.models.stored(),
        metadata: metadata(converted, &request.options, app.prices(), now.since(started)),
    }
}
