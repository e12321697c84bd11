//! The real program, killed, stopped and asked to end while it works: what it has accepted it must bring to its end,
//! once.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by a panic, and prints by what it can be repeated"
)]

#[path = "../it/certificates.rs"]
mod certificates;
mod checks;
mod clients;
#[cfg(target_os = "linux")]
mod cuts;
mod database;
mod elsewhere;
mod files;
mod kept_files;
mod kills;
mod mistral;
mod mistral_batches;
#[cfg(target_os = "linux")]
mod namespaces;
mod nodes;
mod originals;
#[path = "../it/postgres_server.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod postgres_server;
mod primary;
#[path = "../it/primary_server.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod primary_server;
mod reconversions;
mod server;
mod stops;
mod storage;
mod sweep;
mod uploads;
