use std::time::Duration;

use crate::app::AppError;
use crate::engine::{Disposition, EngineError};
use crate::model::Failure;
use crate::objects::ObjectsError;
use crate::store::JobOutcome;

/// Retry delay of a job whose object store does not answer.
const OBJECTS_RETRY_DELAY: Duration = Duration::from_secs(10);

/// Maps a failed conversion to the outcome of its job.
pub(super) fn of_engine(error: &EngineError) -> JobOutcome {
    let failure = failure(error);
    match (error, error.disposition()) {
        (EngineError::Crashed, _) => JobOutcome::Retry {
            failure,
            crashed: true,
        },
        (_, Disposition::Retry) => JobOutcome::Retry {
            failure,
            crashed: false,
        },
        (error, Disposition::Postpone(after)) => JobOutcome::Postponed {
            reason: error.to_string(),
            after,
        },
        (_, Disposition::Reject) => JobOutcome::Failed(failure),
    }
}

/// Maps a cost that exceeds the limit, or is unknown, to the outcome of the job.
pub(super) fn of_app(error: &AppError) -> JobOutcome {
    match error {
        AppError::Engine(error) => of_engine(error),
        error => JobOutcome::Failed(Failure::new("cost_limit_exceeded", error.to_string())),
    }
}

/// Failure that is stored of a failed conversion.
pub(super) fn failure(error: &EngineError) -> Failure {
    Failure::new(error.code(), words(error))
}

/// Message for clients; internal causes are only logged.
fn words(error: &EngineError) -> String {
    match error {
        EngineError::Unavailable(_) => "the engine was not available".into(),
        error => error.to_string(),
    }
}

/// Maps an original that cannot be read to the outcome of the job.
pub(super) fn of_objects(error: &ObjectsError) -> JobOutcome {
    match error {
        ObjectsError::NotFound => JobOutcome::Failed(Failure::new(
            "original_lost",
            "the original is no longer in the object store",
        )),
        ObjectsError::Corrupt => JobOutcome::Failed(Failure::new(
            "original_corrupt",
            "the original in the object store is not what was sent",
        )),
        ObjectsError::TooLarge { .. } => JobOutcome::Failed(Failure::new("too_large", error.to_string())),
        // Whether the store is away for a moment or refuses this server until an operator fixes it: the document is not
        // at fault, and waits.
        error => JobOutcome::Postponed {
            reason: error.to_string(),
            after: OBJECTS_RETRY_DELAY,
        },
    }
}
