use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt, TryStreamExt};
use ilios_convert::OutputFormat;

use super::finished_batch::FinishedBatch;
use super::lines::broken_off;
use crate::app::{App, AppError, BufferedBytes, OutputRequest, write_named_lines};
use crate::http::respond::paced::pieces_of;
use crate::http::respond::problem::Problem;
use crate::model::{Document, Tenant};

/// Pause before a place of a conversion is asked for again.
const BUSY_PAUSE: Duration = Duration::from_secs(1);

/// The chunks of all documents, each line with the id of its document. A document is written when the one before has been
/// sent.
pub(super) fn lines(
    finished: FinishedBatch,
    changes: Vec<(&'static str, String)>,
) -> impl Stream<Item = io::Result<Bytes>> {
    let FinishedBatch {
        state,
        tenant,
        documents,
        ..
    } = finished;
    let wanted = OutputRequest {
        format: OutputFormat::Chunks,
        changes,
    };
    let written = stream::iter(documents).then(move |document| {
        let (app, tenant, wanted) = (state.app.clone(), tenant.clone(), wanted.clone());
        async move {
            let chunks = chunks(&app, &tenant, &document, &wanted).await;
            let chunks = chunks.map_err(|error| broken_off(&document, &Problem::from(error)))?;
            Ok::<_, io::Error>(pieces_of(chunks, ()))
        }
    });
    written.try_flatten()
}

async fn chunks(
    app: &App,
    tenant: &Tenant,
    document: &Document,
    wanted: &OutputRequest,
) -> Result<BufferedBytes, AppError> {
    let rendered = loop {
        match app.rendered_document(tenant, &document.id, wanted).await {
            // The answer has begun: it waits as long as its client does.
            Err(AppError::Busy(_)) => tokio::time::sleep(BUSY_PAUSE).await,
            rendered => break rendered,
        }
    };
    let output = match rendered {
        Ok(rendered) => rendered.output,
        // It has failed, or was deleted since the batch was looked at.
        Err(AppError::NotFound | AppError::NotReady(_)) => return app.buffer(Bytes::new()).await,
        Err(error) => return Err(error),
    };
    let id = document.id.clone();
    let size = usize::try_from(output.size()).unwrap_or(usize::MAX);
    app.buffer_written(size, move |writer| {
        write_named_lines(writer, id.as_str(), &output)
    })
    .await
}
