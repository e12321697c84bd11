//! Documents that are submitted, looked at and cancelled together.

mod cancel_batch;
mod intake;
mod ocr_jobs;
mod read_batch;
mod submit_batch;

pub use intake::BatchIntake;
pub use submit_batch::{BatchResponseText, SubmitBatch};
