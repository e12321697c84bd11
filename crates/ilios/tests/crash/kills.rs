use std::path::Path;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use tempfile::TempDir;

use crate::checks;
use crate::clients::Clients;
use crate::database::{Database, HeldJob};
use crate::files::{Expected, all_ended};
use crate::originals::Originals;
use crate::server::{Environment, Server, variable};

/// Every place at which the server can be made to die.
const PLACES: [&str; 6] = [
    "bytes_stored",
    "before_row",
    "before_commit",
    "after_commit",
    "after_claim",
    "after_conversion",
];
/// How often a server is killed in the short run.
const KILLS: usize = 15;
/// How soon a server that was killed must have its jobs back.
const RECOVERY: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_ends_once_with_originals_in_a_folder() {
    run(&Originals::Local).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_ends_once_with_originals_on_s3() {
    run(&Originals::s3().await).await;
}

/// Kills the server again and again while clients send to it, then lets it end its work.
async fn run(originals: &Originals) {
    let (kills, seed) = (number("CRASH_KILLS"), number("CRASH_SEED"));
    let kills = kills.map_or(KILLS, |all| usize::try_from(all.div_ceil(2)).expect("a count"));
    let seed = seed.unwrap_or_else(|| rand::rng().next_u64());
    println!("CRASH_SEED={seed}");
    let expected = Expected::find(originals).await;
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path();
    let mut random = StdRng::seed_from_u64(seed);
    let clients = Clients::start(3, seed, Duration::from_millis(120), 1);
    let mut slowest = Duration::ZERO;
    for kill in 0..kills {
        let place = PLACES.get(kill % (PLACES.len() * 2)).copied();
        let recovery = life(data, originals, &clients, place, &mut random).await;
        slowest = slowest.max(recovery.unwrap_or_default());
    }
    let left = held(data).await;
    let mut server = Server::start(data, originals.environment());
    let (address, took) = server.ready().await.expect("it starts");
    recovered(data, &left, took).await;
    let answers = clients.stop().await;
    all_ended(data, Duration::from_secs(100)).await;
    checks::answers(&address, &answers, &expected).await;
    server.terminate().await;
    let figures = checks::documents(data, &answers, &expected).await;
    checks::files(data, originals).await;
    println!(
        "{kills} kills, {} accepted, {} completed, {} failed, longest recovery {} ms",
        answers.accepted.len(),
        figures.completed,
        figures.failed,
        slowest.max(took).as_millis()
    );
    assert!(
        answers.accepted.len() > kills,
        "a test without documents proves nothing"
    );
}

/// One life of the server, which ends at `place` or, without one, at any moment. Answers how long it took the
/// server to have its jobs back, unless it died before.
async fn life(
    data: &Path,
    originals: &Originals,
    clients: &Clients,
    place: Option<&str>,
    random: &mut StdRng,
) -> Option<Duration> {
    let left = held(data).await;
    let mut environment = originals.environment();
    environment.extend(place.map(|place| armed(place, random)));
    let mut server = Server::start(data, environment);
    let (address, took) = server.ready().await?;
    recovered(data, &left, took).await;
    clients.server_is_at(Some(&address));
    match place {
        // A place that is not passed often enough is left for the next time.
        Some(_) => drop(server.end(Duration::from_secs(2)).await),
        None => tokio::time::sleep(random.random_range(Duration::ZERO..Duration::from_millis(600))).await,
    }
    clients.server_is_at(None);
    server.kill().await;
    Some(took)
}

fn armed(place: &str, random: &mut StdRng) -> (String, String) {
    // Each transaction passes the places around commits, also those of the start; a document passes the others.
    let passes = match place {
        "before_commit" | "after_commit" => random.random_range(0..30),
        _ => random.random_range(0..6_u32),
    };
    variable("CRASH_POINT", format!("{place}:{passes}"))
}

/// The jobs that a dead server has left in its hands.
async fn held(data: &Path) -> Vec<HeldJob> {
    match Database::autopsy(data).await {
        Some((_folder, database)) => database.held_jobs().await,
        None => Vec::new(),
    }
}

/// None of the jobs is still in the hands of the dead server.
async fn recovered(data: &Path, left: &[HeldJob], took: Duration) {
    let held = Database::open(data).await.held_jobs().await;
    assert!(!left.iter().any(|job| held.contains(job)), "{left:?} {held:?}");
    assert!(took < RECOVERY, "it took {took:?} to start again");
}

/// A number of the environment, by which a longer run is asked for and a failed one repeated.
#[expect(clippy::disallowed_methods, reason = "a test has no configuration module")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// What a server needs beside its folder.
pub(crate) fn workers(count: usize) -> Environment {
    vec![variable("WORKER_COUNT", count)]
}
