//! Hostile files and requests against the real program: it answers each, and nothing else happens.
//!
//! `HOSTILE=all` takes every file of the corpus, one after the other; without it those that are made and read quickly.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic, also in what its functions share, and a long run tells how it went"
)]

mod answer;
mod canary;
mod corpus;
mod files;
mod http2;
mod http_cases;
mod mutants;
mod program;
mod raw;
mod server;
