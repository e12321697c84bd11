//! Measures the queue with an engine that answers at once, over HTTP on this machine: documents a second of one
//! batch, the time of a single document from submission to `completed`, claims from a long queue, and claims with
//! their completions.
//!
//! usage: cargo run --profile dist --example queue_speed -- [ROUNDS [QUEUED_ROWS [WORKERS [DATABASE_URL]]]]
//!   DATABASE_URL  an empty PostgreSQL database or libSQL primary (http://…) instead of a local file
//!
//! usage: cargo run --profile dist --example queue_speed -- nodes DATABASE_URL [NODES...]
//!   documents a second of so many nodes on an empty PostgreSQL database, each with 8 workers and an engine that takes
//!   100 ms, and what the database and the nodes take of the processors

#![expect(clippy::print_stdout, reason = "a program for the command line")]

mod app;
mod claims;
mod http;
mod nodes;

use std::error::Error;
use std::time::Duration;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Bytes of each document.
const SIZE: usize = 20_000;
/// Documents of a batch.
const BATCH: usize = 100;
const LEASE: Duration = Duration::from_secs(20);
/// Jobs that a worker takes at once while they are quick.
const CLAIM_BATCH: usize = 16;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("nodes") => nodes::measure(&arguments[1..]).await,
        Some(nodes::NODE) => nodes::work(&arguments[1..]).await,
        _ => measure(&arguments).await,
    }
}

async fn measure(arguments: &[String]) -> Outcome<()> {
    let url = arguments.get(3).map(String::as_str);
    let mut numbers = arguments.iter().take(3).map(|argument| argument.parse::<usize>());
    let rounds = numbers.next().transpose()?.unwrap_or(20).max(1);
    let rows = numbers.next().transpose()?.unwrap_or(1_000_000);
    let workers = numbers.next().transpose()?.unwrap_or(2);
    let folder = tempfile::tempdir()?;
    let app = app::app(folder.path(), url, Duration::ZERO).await?;
    let queue = app::start_workers(&app, "bench", workers);
    let address = http::serve(&app).await?;
    println!("{workers} workers, {SIZE} bytes a document, {rounds} rounds");
    http::batches(&address, rounds).await?;
    http::singles(&address, rounds * 10).await?;
    queue.stop(Duration::from_secs(5)).await;
    claims::long_queue(&app, rows).await?;
    claims::claims_and_ends(&app, rows.min(20_000), workers).await?;
    app.store().clone().close().await;
    Ok(())
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    format!(
        "p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms",
        at(0.5),
        at(0.99),
        at(1.0)
    )
}
