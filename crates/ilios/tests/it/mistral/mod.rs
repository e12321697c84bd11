//! Mistral's OCR as an engine, against a stand-in that keeps its rules.

mod choice;
mod pictures;
pub(crate) mod setup;
mod whole;
