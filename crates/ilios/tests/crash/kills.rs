use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use tempfile::TempDir;

use crate::checks;
use crate::clients::Clients;
use crate::database::HeldJob;
use crate::files::{Expected, all_ended};
use crate::originals::Originals;
use crate::postgres_server::PostgresServer;
use crate::primary_server::PrimaryServer;
use crate::server::{Environment, Server, variable};
use crate::storage::{Rows, Storage};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_ends_once_with_originals_in_a_folder() {
    run(&Storage::local()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_ends_once_with_originals_on_s3() {
    let originals = Originals::s3().await;
    run(&Storage {
        originals,
        ..Storage::local()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_ends_once_in_an_encrypted_database() {
    run(&Storage {
        rows: Rows::EncryptedFile,
        ..Storage::local()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_ends_once_in_postgres() {
    let server = Arc::new(PostgresServer::start().await);
    let url = server.url();
    run(&Storage {
        rows: Rows::Postgres(server, url),
        originals: Originals::s3().await,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_accepted_ends_once_at_a_primary() {
    run(&Storage {
        rows: Rows::Replica(Arc::new(PrimaryServer::start().await)),
        originals: Originals::Local,
    })
    .await;
}

/// Kills the server again and again while clients send to it, then lets it end its work.
async fn run(storage: &Storage) {
    let (kills, seed) = (number("CRASH_KILLS"), number("CRASH_SEED"));
    let short = match storage.rows {
        // A transaction of a dead server stands in the way for some seconds.
        Rows::Replica(_) => PLACES.len() + 1,
        _ => KILLS,
    };
    let kills = kills.map_or(short, |all| usize::try_from(all.div_ceil(4)).expect("a count"));
    let seed = seed.unwrap_or_else(|| rand::rng().next_u64());
    println!("CRASH_SEED={seed}");
    let expected = Expected::find(storage).await;
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path();
    let clients = Clients::start(3, seed, Duration::from_millis(120), 1);
    let mut lives = Lives::new(data, storage, seed);
    let mut kill = 0;
    // A run in which no job was in the hands of a dead server, or a place was never passed, proves little.
    while kill < kills || (lives.saw_too_little() && kill < 4 * kills) {
        lives
            .kill(&clients, PLACES.get(kill % (PLACES.len() * 2)).copied())
            .await;
        kill += 1;
    }
    let (mut server, address) = lives.start(Vec::new()).await.expect("it starts");
    // On a busy machine a server may have died before it was heard.
    clients.server_is_at(Some(&address));
    let since = Instant::now();
    while clients.accepted() <= kills && since.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    clients.server_is_at(None);
    let answers = clients.stop().await;
    let database = storage.database(data).await;
    all_ended(&database, Duration::from_secs(100)).await;
    checks::answers(&address, &answers, &expected).await;
    server.terminate().await;
    let figures = checks::documents(&database, &answers, &expected).await;
    checks::files(data, storage).await;
    println!(
        "{kills} kills ({:?} by themselves), {} accepted, {} completed, {} failed, {} jobs taken back, \
         longest recovery {} ms",
        lives.died_at,
        answers.accepted.len(),
        figures.completed,
        figures.failed,
        lives.taken_back,
        lives.longest.as_millis()
    );
    // A run in which little happened proves little.
    assert_eq!(lives.died_at.len(), PLACES.len());
    assert!(lives.taken_back > 0 && answers.accepted.len() > kills);
}

/// The server's lives on one data folder, and what was seen of them.
struct Lives<'a> {
    data: &'a Path,
    storage: &'a Storage,
    random: StdRng,
    /// At which places it died by itself, and how often.
    died_at: BTreeMap<&'static str, usize>,
    /// Jobs that a dead server had in its hands.
    taken_back: usize,
    /// From a start to the moment at which it had its jobs back.
    longest: Duration,
}

impl<'a> Lives<'a> {
    fn new(data: &'a Path, storage: &'a Storage, seed: u64) -> Self {
        Self {
            data,
            storage,
            random: StdRng::seed_from_u64(seed),
            died_at: BTreeMap::new(),
            taken_back: 0,
            longest: Duration::ZERO,
        }
    }

    /// Returns true if too little has happened yet to prove anything.
    fn saw_too_little(&self) -> bool {
        self.taken_back == 0 || self.died_at.len() < PLACES.len()
    }

    /// Starts the server, which takes back what the dead one had in its hands. `None` when it dies before it
    /// listens.
    async fn start(&mut self, more: Environment) -> Option<(Server, String)> {
        let left = held(self.storage, self.data).await;
        let mut environment = self.storage.environment();
        environment.extend(more);
        let mut server = Server::start(self.data, environment);
        let (address, took) = server.ready().await?;
        if self.storage.takes_back_at_once() {
            let held = self.storage.database(self.data).await.held_jobs().await;
            assert!(!left.iter().any(|job| held.contains(job)), "{left:?} {held:?}");
        }
        assert!(took < self.storage.recovery(), "it took {took:?} to start again");
        self.taken_back += left.len();
        self.longest = self.longest.max(took);
        Some((server, address))
    }

    /// One life, which ends at `place` or, without one, at any moment.
    async fn kill(&mut self, clients: &Clients, place: Option<&'static str>) {
        let armed = place.map(|place| armed(place, &mut self.random));
        let Some((mut server, address)) = self.start(armed.into_iter().collect()).await else {
            // Only a place that is armed ends a start.
            let place = place.expect("a place");
            return *self.died_at.entry(place).or_default() += 1;
        };
        clients.server_is_at(Some(&address));
        let timeout = match place {
            // A place that is not passed often enough is left for the next time.
            Some(_) => self.storage.recovery(),
            None => self
                .random
                .random_range(Duration::ZERO..Duration::from_millis(600)),
        };
        let died = server.end(timeout).await.is_some();
        clients.server_is_at(None);
        if died {
            let place = place.unwrap_or_else(|| panic!("it died by itself"));
            *self.died_at.entry(place).or_default() += 1;
        }
        server.kill().await;
    }
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
async fn held(storage: &Storage, data: &Path) -> Vec<HeldJob> {
    match storage.autopsy(data).await {
        Some((_folder, database)) => database.held_jobs().await,
        None => Vec::new(),
    }
}

/// A number of the environment, by which a longer run is asked for and a failed one repeated.
#[expect(clippy::disallowed_methods, reason = "a test has no configuration module")]
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// What a server needs beside its folder.
pub(crate) fn workers(count: usize) -> Environment {
    vec![variable("WORKER_COUNT", count)]
}
