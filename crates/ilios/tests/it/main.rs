//! The server and the command line through their public interfaces.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by a panic, also in what its functions share"
)]

mod harness;

mod admission;
mod auth;
mod command_line;
mod configuration;
mod conformance;
mod convert;
mod documents;
mod errors;
mod file_names;
mod imports;
mod ocr;
mod openapi;
mod pages_for_people;
mod requests;
mod serve;
mod store;
