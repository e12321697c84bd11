//! Three nodes on one PostgreSQL database and one bucket, of which now one and now another is killed, stands still or
//! is asked to end, while the database is restarted under them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::checks;
use crate::clients::Clients;
use crate::elsewhere::Elsewhere;
use crate::files::{Expected, all_ended};
use crate::kills::number;
use crate::originals::Originals;
use crate::postgres_server::{End, PostgresServer};
use crate::server::{Environment, Server};
use crate::storage::{Rows, Storage};

/// What happens to a node in the short run: so often.
const FAULTS: usize = 12;
/// The lease of jobs in the short run.
const SHORT_LEASE: Duration = Duration::from_millis(1_500);
/// The lease of the program, which the long run is for.
const LEASE: Duration = Duration::from_secs(20);
/// Every node looks for lost jobs so often.
const REAP_INTERVAL: Duration = Duration::from_secs(5);
/// How long a machine that is busy may take besides.
const SLACK: Duration = Duration::from_secs(10);

/// How much is done: `CRASH_DOCUMENTS` asks for so many documents, under the leases of the program.
struct Extent {
    blows: usize,
    documents: usize,
    lease: Duration,
}

impl Extent {
    fn asked_for() -> Self {
        let blows =
            number("CRASH_KILLS").map_or(FAULTS, |all| usize::try_from(all.div_ceil(4)).expect("a count"));
        let documents = number("CRASH_DOCUMENTS").map(|count| usize::try_from(count).expect("a count"));
        Self {
            blows,
            documents: documents.unwrap_or(0),
            lease: if documents.is_some() { LEASE } else { SHORT_LEASE },
        }
    }

    fn environment(&self, storage: &Storage) -> Environment {
        let mut environment = storage.environment();
        if self.lease == LEASE {
            environment.retain(|(name, _)| name != "LEASE_MILLIS");
        }
        environment
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_are_killed_and_stopped_and_a_database_that_restarts_lose_nothing() {
    let extent = Extent::asked_for();
    let seed = number("CRASH_SEED").unwrap_or_else(|| rand::rng().next_u64());
    println!("CRASH_SEED={seed}");
    let database = Arc::new(PostgresServer::start().await);
    let storage = Storage {
        rows: Rows::Postgres(Arc::clone(&database), database.url()),
        originals: Originals::s3().await,
    };
    let expected = Expected::find(&storage).await;
    let folder = TempDir::new().expect("a temporary folder");
    let elsewhere = Elsewhere::watch(database.url());
    let mut nodes = Nodes::start(&folder, extent.environment(&storage), seed).await;
    let clients = Clients::start(4, seed, Duration::from_millis(60), 1);
    let (mut blows, mut restarts) = (0, 0);
    while blows < extent.blows || clients.accepted() < extent.documents {
        clients.server_is_at(Some(&nodes.any_address()));
        if blows % 6 == 3 {
            restart(&database, &mut nodes.random).await;
            restarts += 1;
        } else {
            nodes.strike(&elsewhere, extent.lease).await;
        }
        blows += 1;
    }
    let answers = clients.stop().await;
    let look = storage.database(&nodes.data(0)).await;
    all_ended(&look, Duration::from_secs(100)).await;
    let times = elsewhere.times(Duration::from_secs(60)).await;
    for node in 0..3 {
        checks::answers(&nodes.addresses[node], &answers, &expected).await;
        nodes.servers[node].terminate().await;
    }
    let figures = checks::documents(&look, &answers, &expected).await;
    checks::files(&nodes.data(0), &storage).await;
    let lost = look
        .number("SELECT COALESCE(SUM(losses), 0)::BIGINT FROM jobs")
        .await;
    println!(
        "{blows} blows, {restarts} of them to the database, {} accepted, {} completed, {} failed, {lost} jobs ran elsewhere",
        answers.accepted.len(),
        figures.completed,
        figures.failed
    );
    assert!(answers.accepted.len() > blows && lost > 0, "little happened");
    let p99 = times.len().saturating_sub(1) * 99 / 100;
    let (p99, longest) = (times.get(p99), times.last());
    println!(
        "{} jobs of killed nodes ran elsewhere after p99 {p99:?}, at most {longest:?}",
        times.len()
    );
    let most = extent.lease
        + REAP_INTERVAL
        + if extent.lease == LEASE {
            Duration::ZERO
        } else {
            SLACK
        };
    assert!(p99.is_none_or(|p99| *p99 <= most), "jobs wait too long");
}

/// Ends the database and starts it again.
async fn restart(database: &PostgresServer, random: &mut StdRng) {
    let end = if random.random_bool(0.5) {
        End::Fast
    } else {
        End::Crash
    };
    database.stop(end);
    tokio::time::sleep(random.random_range(Duration::ZERO..Duration::from_secs(2))).await;
    database.start_again().await;
}

struct Nodes {
    folder: PathBuf,
    environment: Environment,
    servers: Vec<Server>,
    addresses: Vec<String>,
    random: StdRng,
}

impl Nodes {
    async fn start(folder: &TempDir, environment: Environment, seed: u64) -> Self {
        let mut nodes = Self {
            folder: folder.path().to_owned(),
            environment,
            servers: Vec::new(),
            addresses: Vec::new(),
            random: StdRng::seed_from_u64(seed),
        };
        for node in 0..3 {
            let (server, address) = nodes.life(node).await;
            nodes.servers.push(server);
            nodes.addresses.push(address);
        }
        nodes
    }

    /// The data folder of a node.
    fn data(&self, node: usize) -> PathBuf {
        self.folder.join(node.to_string())
    }

    async fn life(&self, node: usize) -> (Server, String) {
        let mut server = Server::start(&self.data(node), self.environment.clone());
        let (address, _) = server.ready().await.expect("it starts");
        (server, address)
    }

    fn any_address(&mut self) -> String {
        self.addresses[self.random.random_range(0..3)].clone()
    }

    /// Strikes one node, and lets it come back.
    async fn strike(&mut self, elsewhere: &Elsewhere, lease: Duration) {
        let node = self.random.random_range(0..3);
        let pause = self
            .random
            .random_range(Duration::ZERO..Duration::from_millis(800));
        tokio::time::sleep(pause).await;
        match self.random.random_range(0..4) {
            0 => {
                // Longer than its leases last, now and then.
                self.servers[node].signal(Signal::STOP);
                let stands = self.random.random_range(Duration::ZERO..lease * 2);
                tokio::time::sleep(stands).await;
                self.servers[node].signal(Signal::CONT);
                return;
            }
            1 => self.servers[node].terminate().await,
            _ => {
                self.servers[node].kill().await;
                let owner = self.servers[node].owner().expect("it has said its name");
                elsewhere.killed(&owner).await;
            }
        }
        let (server, address) = self.life(node).await;
        self.servers[node] = server;
        self.addresses[node] = address;
    }
}
