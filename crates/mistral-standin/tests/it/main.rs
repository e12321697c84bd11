//! The stand-in over HTTP: what it refuses, how it fails, and that the official client is content with it.

#![expect(
    clippy::expect_used,
    reason = "a test fails by a panic, also in what its functions share"
)]

mod harness;

mod batches;
mod control;
mod documents;
mod failures;
mod files;
mod rules;
mod sdk;
mod walls;
