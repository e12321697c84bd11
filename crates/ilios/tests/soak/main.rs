//! The real program under mixed load for a while: what it holds (memory, descriptors, children, temporary files) does
//! not grow with the time it runs.
//!
//! ```text
//!   clients ──convert, submit, batch, direct upload, broken file, leaves early──▶ server
//!   prober  ──/health, ten times a second──────────────────────────────────────▶ server
//!   sampler ──/proc/<pid>: RSS, descriptors, children; temporary folder──▶ Figures
//! ```
//!
//! `SOAK_SECONDS` (20) is the length of the load. From ten minutes on, the 99th percentile of `/health` is checked too:
//! a shorter run has too few samples to tell a slow server from a busy machine.

#![expect(
    clippy::expect_used,
    reason = "a test fails by a panic, also in what its functions share"
)]

mod clients;
mod figures;
mod process;
#[path = "../hostile/program.rs"]
mod program;

use std::time::{Duration, Instant};

use clients::Clients;
use figures::{Figures, Sample};
use process::Server;

const SAMPLE_INTERVAL: Duration = Duration::from_secs(1);
const PROBE_INTERVAL: Duration = Duration::from_millis(100);
/// The load that fills caches and pools before anything is compared.
const WARM_UP: Duration = Duration::from_secs(5);
/// The longest that the server may take to be at rest after the load.
const REST_TIMEOUT: Duration = Duration::from_secs(30);
/// The length of load from which on latencies are checked.
const LONG: Duration = Duration::from_secs(600);
const MAX_HEALTH_P99: Duration = Duration::from_millis(50);

#[expect(
    clippy::disallowed_methods,
    reason = "the test's own setting, no setting of the server"
)]
fn soak_seconds() -> u64 {
    std::env::var("SOAK_SECONDS").map_or(20, |text| text.parse().expect("SOAK_SECONDS takes a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_under_load_holds_no_more_in_the_end_than_in_the_beginning() {
    let length = Duration::from_secs(soak_seconds());
    let server = Server::start().await;
    load(&server, WARM_UP, 1).await;
    let before = at_rest(&server, None).await;
    let figures = load(&server, length, 2).await;
    let after = at_rest(&server, Some(&before)).await;
    println!("{figures}\nat rest: {before} before, {after} after");
    figures.check();
    assert!(
        after.descriptors <= before.descriptors && after.children <= before.children && after.temporary == 0,
        "at rest: {before} before, {after} after"
    );
    if length >= LONG {
        let p99 = figures.health(99);
        assert!(p99 < MAX_HEALTH_P99, "/health p99: {p99:?}");
    }
}

/// Sends mixed requests for `length`; what the server held meanwhile.
async fn load(server: &Server, length: Duration, seed: u64) -> Figures {
    let clients = Clients::start(&server.address, seed);
    let prober = tokio::spawn(probe(server.address.clone(), length));
    let started = Instant::now();
    let mut samples = Vec::new();
    while started.elapsed() < length {
        tokio::time::sleep(SAMPLE_INTERVAL).await;
        samples.push(server.sample());
    }
    let health = prober.await.expect("the prober ends");
    Figures::new(samples, health, clients.stop().await)
}

/// Latencies of `/health`, each of which answers 200.
async fn probe(address: String, length: Duration) -> Vec<Duration> {
    let client = ilios::tls::http_client().build().expect("a client");
    let started = Instant::now();
    let mut latencies = Vec::new();
    while started.elapsed() < length {
        let asked = Instant::now();
        let answer = client
            .get(format!("{address}/health"))
            .send()
            .await
            .expect("it answers");
        latencies.push(asked.elapsed());
        assert_eq!(answer.status(), 200);
        tokio::time::sleep(PROBE_INTERVAL).await;
    }
    latencies
}

/// A sample once nothing is at work any more: no more is held than in `goal`, or than in the sample before.
async fn at_rest(server: &Server, goal: Option<&Sample>) -> Sample {
    let started = Instant::now();
    let mut last = server.sample();
    loop {
        tokio::time::sleep(SAMPLE_INTERVAL).await;
        let sample = server.sample();
        let limit = goal.unwrap_or(&last);
        let rests = sample.temporary == 0
            && sample.descriptors <= limit.descriptors
            && sample.children <= limit.children
            && server.queue_is_empty().await;
        if rests || started.elapsed() > REST_TIMEOUT {
            return sample;
        }
        last = sample;
    }
}
