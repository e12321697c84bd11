//! Mistral's OCR as an engine, against a stand-in that keeps its rules.

mod auto;
mod batches;
mod choice;
mod command_line;
mod money;
mod parts;
mod pictures;
pub(crate) mod setup;
mod whole;
